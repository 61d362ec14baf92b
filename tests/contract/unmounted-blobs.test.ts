/** The disk with the pictures and files goes while the server works on its rows: whoever waits for the rows waits for no disk, and nothing is lost. */
import { randomBytes } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createBlobApi } from '#server/api/blobs.ts';
import { createFileBlobs } from '#server/blobs/file-blobs.ts';
import { defaultLimits } from '#server/limits.ts';
import { eraseAccounts } from '#server/upkeep/account-eraser.ts';
import { collectBlobs } from '#server/upkeep/collector.ts';
import { holdsBlobs } from '#server/upkeep/holds-blobs.ts';
import { createServerWorld, expectErr, expectOk } from '#support/server-world.ts';
import { hashOf, inPieces } from './blob-stores.ts';

const KEEP_MS = 30 * 86_400_000;

/** Two blobs of an account in a folder as the server opens it, which nothing has named for long. */
async function openWorld() {
  const { storage, clock, accountId } = await createServerWorld();
  const folder = join(mkdtempSync(join(tmpdir(), 'holdfast-unmounted-')), 'blobs');
  const open = () => createFileBlobs(folder, () => holdsBlobs(storage));
  const blobs = open();
  const api = createBlobApi({ storage, clock, blobs, limits: defaultLimits });
  const put = async () => {
    const bytes = randomBytes(1000);
    const key = { accountId, hash: hashOf(bytes) };
    expectOk(await api.takePart(key, { offset: 0, size: bytes.length, bytes: () => inPieces(bytes) }));
    return key;
  };
  const keys = [await put(), await put()];
  const collect = () => collectBlobs({ storage, blobs, clock, keepMs: KEEP_MS }, accountId);
  const stateOf = async () =>
    expectOk(await storage.read((reader) => reader.blobsAfter(accountId, null, 10))).map(({ state }) => state);
  return { storage, clock, folder, away: `${folder}-unmounted`, open, blobs, api, put, keys, collect, stateOf };
}

test('a collection that finds the disk gone ends, and removes what it meant to once the disk is back', async () => {
  const { clock, folder, away, collect, stateOf, put } = await openWorld();
  expect(expectOk(await collect())).toBe(0);
  clock.advance(KEEP_MS);
  // What is named no longer than that stays, and says that there should be blobs.
  await put();
  renameSync(folder, away);
  expect(expectOk(await collect())).toBe(0);
  expect((await stateOf()).sort()).toEqual(['complete', 'removing', 'removing']);
  renameSync(away, folder);
  clock.advance(3_600_000);
  expect(expectOk(await collect())).toBe(2);
  expect(await stateOf()).toEqual(['complete']);
});

test.each(['while it runs', 'before it starts'])(
  'a folder under the mount that was begun before the disk was mounted is told from it: the disk goes %s',
  async (when) => {
    const { folder, away, open, storage, clock, keys, stateOf, api, put } = await openWorld();
    const [key] = keys;
    if (!key) throw new Error('there is no blob');
    renameSync(folder, away);
    mkdirSync(folder);
    // The server has begun this folder at its first start.
    copyFileSync(join(away, 'holdfast-blobs'), join(folder, 'holdfast-blobs'));
    const now = when === 'while it runs' ? api : createBlobApi({ storage, clock, blobs: open(), limits: defaultLimits });
    expect(expectErr(await now.open(key, null)).status).toBe(503);
    expect(await stateOf(), 'nothing of it counts as lost').toEqual(['complete', 'complete']);
    expect(readdirSync(folder), 'nothing is written in its place').toEqual(['holdfast-blobs']);
    rmSync(folder, { recursive: true });
    renameSync(away, folder);
    expectOk(await now.open(key, null)).destroy();
    await put();
  },
);

test('an account that is deleted while the disk is away is erased once it is back, its files as well', async () => {
  const { storage, clock, folder, away, open, keys } = await openWorld();
  const [key] = keys;
  if (!key) throw new Error('there is no blob');
  expectOk(await storage.write(key.accountId, (writer) => writer.deleteAccount(key.accountId, clock.now())));
  renameSync(folder, away);
  mkdirSync(folder);
  const erase = () => eraseAccounts({ storage, blobs: open(), clock, pause: async () => {} });
  clock.advance(3_600_000);
  expectErr(await erase());
  expect(readdirSync(folder)).toEqual([]);
  rmSync(folder, { recursive: true });
  renameSync(away, folder);
  expectOk(await erase());
  expect(expectOk(await open().accounts())).toEqual([]);
  expect(expectOk(await storage.hasBlobs())).toBe(false);
});

test('a disk that hangs keeps nobody from the database', async () => {
  const { storage, clock, blobs, keys } = await openWorld();
  const [key] = keys;
  if (!key) throw new Error('there is no blob');
  await collectBlobs({ storage, blobs, clock, keepMs: KEEP_MS }, key.accountId);
  clock.advance(KEEP_MS);
  const { promise: hanging, resolve: hangs } = Promise.withResolvers<void>();
  const remove = (): Promise<never> => {
    hangs();
    return new Promise(() => {});
  };
  void collectBlobs({ storage, blobs: { ...blobs, remove }, clock, keepMs: KEEP_MS }, key.accountId);
  await hanging;
  expectOk(await storage.write(key.accountId, async () => null));
});
