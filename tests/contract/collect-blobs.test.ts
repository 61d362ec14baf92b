/** Which blobs the server removes, and that no push is ever overtaken by it. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { PROTOCOL } from '#core/protocol-parts.ts';
import { err } from '#core/result.ts';
import { createBlobApi } from '#server/api/blobs.ts';
import { createFileBlobs } from '#server/blobs/file-blobs.ts';
import { defaultLimits } from '#server/limits.ts';
import type { SqliteStorage } from '#server/storage/sqlite.ts';
import { KEPT_BODIES, type Storage } from '#server/storage/storage.ts';
import { collectBlobs } from '#server/upkeep/collector.ts';
import { createServerWorld, expectErr, expectOk, makeOp, makePush, newId } from '#support/server-world.ts';
import { hashOf, inPieces } from './blob-stores.ts';

const DAY_MS = 86_400_000;
const KEEP_MS = 30 * DAY_MS;

const open: SqliteStorage[] = [];
afterEach(async () => {
  for (const storage of open.splice(0)) await storage.close();
});

async function createWorld() {
  const world = await createServerWorld();
  const { storage, clock, accountId } = world;
  open.push(storage);
  const blobs = createFileBlobs(mkdtempSync(join(tmpdir(), 'holdfast-blobs-')));
  const api = createBlobApi({ storage, clock, blobs, limits: defaultLimits });
  const put = async (bytes: Uint8Array, offset = 0, size = bytes.length, hash = hashOf(bytes)) => {
    expectOk(await api.takePart({ accountId, hash }, { offset, size, bytes: () => inPieces(bytes) }));
    return hash;
  };
  const push = async (...ops: ReturnType<typeof makeOp>[]) =>
    expectOk(await world.api.push(accountId, world.deviceId, makePush(ops))).results;
  const collect = async (over: Storage = storage) =>
    expectOk(await collectBlobs({ storage: over, blobs, clock, keepMs: KEEP_MS }, accountId));
  const isThere = async (hash: string) =>
    expectOk(await blobs.size({ accountId, hash })) !== null &&
    expectOk(await api.missing(accountId, [hash])).missing.length === 0;
  return { ...world, blobs, blobApi: api, put, push, collect, isThere };
}

test('what a version names stays forever; what none names is removed 30 days later, and its room is free', async () => {
  const { put, push, collect, isThere, clock, storage, accountId } = await createWorld();
  const [named, unnamed] = [await put(randomBytes(100)), await put(randomBytes(200))];
  await push(makeOp({ blobs: [named] }));
  expect(await collect()).toBe(0);
  clock.advance(KEEP_MS - 1);
  expect(await collect()).toBe(0);
  expect(await isThere(unnamed)).toBe(true);
  clock.advance(1);
  expect(await collect()).toBe(1);
  clock.advance(10 * KEEP_MS);
  expect(await collect()).toBe(0);
  expect([await isThere(named), await isThere(unnamed)]).toEqual([true, false]);
  expect(expectOk(await storage.read((reader) => reader.account(accountId)))?.blobBytes).toBe(100);
});

test('an earlier version keeps a blob as long as its body is kept', async () => {
  const { put, push, collect, isThere, clock } = await createWorld();
  const hash = await put(randomBytes(100));
  let last = makeOp({ blobs: [hash] });
  await push(last);
  const edit = async () => {
    last = makeOp({ id: last.id, base: last.opId });
    await push(last);
  };
  for (let count = 1; count < KEPT_BODIES; count++) await edit();
  for (let turn = 0; turn < 3; turn++) {
    await collect();
    clock.advance(KEEP_MS);
  }
  expect(await isThere(hash)).toBe(true);
  await edit();
  await collect();
  clock.advance(KEEP_MS);
  expect([await collect(), await isThere(hash)]).toEqual([1, false]);
});

test('a push that names a blob between the reading of the log and its removal keeps it', async () => {
  const { put, push, collect, isThere, clock, storage } = await createWorld();
  const hash = await put(randomBytes(100));
  await collect();
  clock.advance(KEEP_MS);
  let raced = false;
  const racing: Storage = {
    ...storage,
    write: async (accountId, body) => {
      if (!raced) {
        raced = true;
        expect(await push(makeOp({ blobs: [hash] }))).toMatchObject([{ type: 'applied', missingBlobs: [] }]);
        // As a process without the note of it (an older one) would leave the row.
        await storage.write(accountId, async (writer) => {
          const [row] = await writer.blobs(accountId, [hash]);
          if (row) await writer.putBlob(accountId, { ...row, unreferencedSince: 0 });
        });
      }
      return storage.write(accountId, body);
    },
  };
  expect(await collect(racing)).toBe(0);
  expect(await isThere(hash)).toBe(true);
});

test('a push that comes while a blob is being removed is told that it is missing, and it can be sent again afterwards', async () => {
  const { put, push, clock, blobs, blobApi, storage, accountId, isThere } = await createWorld();
  const bytes = randomBytes(100);
  const hash = await put(bytes);
  const collect = (over: typeof blobs) => collectBlobs({ storage, blobs: over, clock, keepMs: KEEP_MS }, accountId);
  await collect(blobs);
  clock.advance(KEEP_MS);
  const seen: unknown[] = [];
  const slow: typeof blobs = {
    ...blobs,
    isLocal: false,
    async remove(key) {
      seen.push(await push(makeOp({ blobs: [hash] })));
      const part = { offset: 0, size: bytes.length, bytes: () => inPieces(bytes) };
      seen.push(expectErr(await blobApi.takePart(key, part)).status);
      return blobs.remove(key);
    },
  };
  expectOk(await collect(slow));
  expect(seen).toMatchObject([[{ type: 'applied', missingBlobs: [hash] }], 409]);
  expect(await isThere(hash)).toBe(false);
  await put(bytes);
  expect(await isThere(hash)).toBe(true);
});

test('a removal that its process did not end is ended by another some minutes later', async () => {
  const { put, collect, clock, blobs, storage, accountId, isThere } = await createWorld();
  const hash = await put(randomBytes(100));
  await collect();
  clock.advance(KEEP_MS);
  const killed = { ...blobs, remove: () => Promise.reject(new Error('killed')) };
  await expect(collectBlobs({ storage, blobs: killed, clock, keepMs: KEEP_MS }, accountId)).rejects.toThrow('killed');
  expect(await collect()).toBe(0);
  clock.advance(5 * 60_000);
  expect([await collect(), await isThere(hash)]).toEqual([1, false]);
});

test('an upload that nobody continued for a day is dropped, one that goes on is not', async () => {
  const { put, collect, clock, blobs, accountId } = await createWorld();
  const [first, second] = [randomBytes(100), randomBytes(100)];
  for (const bytes of [first, second]) await put(bytes.subarray(0, 10), 0, 100, hashOf(bytes));
  clock.advance(DAY_MS - 1);
  await put(second.subarray(10, 20), 10, 100, hashOf(second));
  clock.advance(1);
  expect(await collect()).toBe(1);
  expect(expectOk(await blobs.list(accountId)).map(({ hash, bytes }) => [hash, bytes])).toEqual([[hashOf(second), 20]]);
});

test('an upload that is whole and cannot be moved to its place is kept as long as its device asks', async () => {
  const { collect, clock, blobs, storage, accountId, isThere } = await createWorld();
  const bytes = randomBytes(100);
  const key = { accountId, hash: hashOf(bytes) };
  let isDown = true;
  const place: typeof blobs = {
    ...blobs,
    commit: (of) => (isDown ? Promise.resolve(err({ type: 'BlobsUnavailable', reason: 'down' })) : blobs.commit(of)),
  };
  const api = createBlobApi({ storage, clock, blobs: place, limits: defaultLimits });
  const part = { offset: 0, size: bytes.length, bytes: () => inPieces(bytes) };
  expect(expectErr(await api.takePart(key, part))).toMatchObject({ status: 503 });
  for (let day = 0; day < 5; day++) {
    clock.advance(DAY_MS - 1);
    expect(expectErr(await api.upload(key))).toMatchObject({ status: 503, retryAfterSeconds: 10 });
    expect(await collect()).toBe(0);
  }
  isDown = false;
  expect(expectOk(await api.upload(key))).toEqual({ offset: 100, size: 100 });
  expect(await isThere(key.hash)).toBe(true);
});

test('where the log cannot be read, nothing is taken for unnamed', async () => {
  const { put, collect, clock, isThere, storage, push } = await createWorld();
  const hash = await put(randomBytes(100));
  await push(makeOp());
  await collect();
  clock.advance(KEEP_MS);
  const damaged: Storage = {
    ...storage,
    read: (body) => storage.read((reader) => body({ ...reader, namedBlobs: async () => [{ seq: 1, hashes: null }] })),
  };
  expect(await collect(damaged)).toBe(0);
  expect(await isThere(hash)).toBe(true);
});

test('a file that a backup names, too, stays as long after the last version as any, and counts for the account until then', async () => {
  const { api, put, collect, isThere, clock, accountId, deviceId, storage } = await createWorld();
  const [file, manifest] = [await put(randomBytes(100)), await put(randomBytes(10))];
  const backup = async () => {
    const id = newId();
    expectOk(await api.keepBackup(accountId, deviceId, id, { protocol: PROTOCOL, manifest, madeAt: 1, blobs: [file] }));
    return async () => expectOk(await api.removeBackup(accountId, id));
  };
  const bytes = async () => {
    const account = expectOk(await storage.read((reader) => reader.account(accountId)));
    return [account?.blobBytes, account?.backupBytes];
  };
  const days = async (count: number) => {
    await collect();
    clock.advance(count * DAY_MS);
    await collect();
  };
  const remove = await backup();
  await days(3);
  await remove();
  // A device that is used once a fortnight asks for what its own history names.
  await days(20);
  expect([await isThere(file), await bytes()]).toEqual([true, [110, 0]]);
  await backup();
  await days(30);
  await days(30);
  expect([await isThere(file), await bytes()]).toEqual([true, [0, 110]]);
});
