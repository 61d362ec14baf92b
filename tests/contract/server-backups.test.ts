/** Backups of an account on the server, over real HTTP: what is kept, what is refused, what is collected, and what comes back. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { MAX_BACKUP_BLOBS, MAX_SERVER_BACKUPS, type ServerBackups } from '#core/backup-protocol.ts';
import { paths } from '#core/paths.ts';
import { PROTOCOL } from '#core/protocol-parts.ts';
import { createFileBlobs } from '#server/blobs/file-blobs.ts';
import { defaultLimits, type Limits } from '#server/limits.ts';
import { systemClock } from '#server/system.ts';
import { collectBlobs } from '#server/upkeep/collector.ts';
import { hashOf } from '#support/blob-bytes.ts';
import { getBlob, missingBlobs, putBlob } from '#support/blob-requests.ts';
import { enterDevice, type RunningApp, startApp, type TestDevice } from '#support/server-http.ts';
import { expectOk, makeOp, newId } from '#support/server-world.ts';

vi.setConfig({ testTimeout: 60_000 });
const DAY_MS = 86_400_000;
const running: RunningApp[] = [];
afterEach(async () => {
  for (const app of running.splice(0)) await app.close();
});

async function open(limits: Partial<Limits> = {}) {
  const blobs = createFileBlobs(mkdtempSync(join(tmpdir(), 'holdfast-blobs-')));
  const rates = { perAddress: 1_000_000, perAccount: 1_000_000, enter: 1000, login: 10 };
  const app = await startApp({ blobs, config: { limits: { ...defaultLimits, ...limits }, rates } });
  running.push(app);
  const device = await enterDevice(app.url);
  /** As if the server's collector ran so many days from now, twice: what is unnamed is first noted. */
  const collectAfter = async (days: number) => {
    for (const at of [0, days])
      expectOk(
        await collectBlobs(
          { storage: app.storage, blobs, clock: { now: () => systemClock.now() + at * DAY_MS }, keepMs: 30 * DAY_MS },
          device.accountId,
        ),
      );
  };
  return { app, device, collectAfter };
}

const send = (app: RunningApp, device: TestDevice, bytes: Uint8Array) => putBlob(app.url, device, bytes, { backup: true });

const keep = (device: TestDevice, id: string, manifest: string, blobs: readonly unknown[], more: object = {}) =>
  device.post(paths.backup(device.accountId, id), { protocol: PROTOCOL, manifest, madeAt: 5, blobs, ...more });

const list = async (device: TestDevice): Promise<ServerBackups> =>
  (await device.fetch(paths.backups(device.accountId))).json as ServerBackups;

/** A backup with so many parts, sent and kept. */
async function makeBackup(app: RunningApp, device: TestDevice, count = 2) {
  const parts = Array.from({ length: count }, () => randomBytes(1000));
  const manifest = randomBytes(300);
  for (const bytes of [...parts, manifest]) expect((await send(app, device, bytes)).status).toBe(204);
  const id = newId();
  expect(await keep(device, id, hashOf(manifest), parts.map(hashOf))).toMatchObject({ status: 200, json: { missing: [] } });
  return { id, manifest, parts };
}

test('a backup counts only when all of it is there; until then what is missing is said, and nothing is kept', async () => {
  const { app, device } = await open();
  const [part, manifest] = [randomBytes(1000), randomBytes(300)];
  const id = newId();
  const named = [hashOf(part)];
  expect((await keep(device, id, hashOf(manifest), named)).json).toEqual({ missing: [hashOf(manifest), hashOf(part)] });
  await send(app, device, manifest);
  await putBlob(app.url, device, part.subarray(0, 500), { backup: true, size: 1000, hash: hashOf(part) });
  expect((await keep(device, id, hashOf(manifest), named)).json).toEqual({ missing: named });
  expect((await list(device)).backups).toEqual([]);
  await putBlob(app.url, device, part.subarray(500), { backup: true, size: 1000, offset: 500, hash: hashOf(part) });
  for (let time = 0; time < 2; time++) expect((await keep(device, id, hashOf(manifest), named)).json).toEqual({ missing: [] });
  const { backups, usedBytes } = await list(device);
  expect(backups).toMatchObject([{ id, manifest: hashOf(manifest), deviceId: device.deviceId, madeAt: 5, bytes: 1300 }]);
  expect(usedBytes).toBe(1300);
  const other = randomBytes(300);
  await send(app, device, other);
  expect(await keep(device, id, hashOf(other), named)).toMatchObject({
    status: 409,
    json: { message: 'Another backup has this id.' },
  });
});

test('a device that enters later lists it and reads all of it; another account has nothing of it', async () => {
  const { app, device } = await open();
  const { id, manifest, parts } = await makeBackup(app, device);
  const second = await enterDevice(app.url, { accountId: device.accountId });
  expect((await list(second)).backups).toMatchObject([{ id, manifest: hashOf(manifest) }]);
  for (const bytes of [manifest, ...parts])
    expect((await getBlob(app.url, second, hashOf(bytes))).bytes.equals(bytes)).toBe(true);
  const stranger = await enterDevice(app.url);
  expect((await list(stranger)).backups).toEqual([]);
  // Neither by its cookie nor by knowing the hashes.
  expect((await stranger.fetch(paths.backups(device.accountId))).status).toBe(401);
  expect((await keep(stranger, newId(), hashOf(manifest), parts.map(hashOf))).json).toEqual({
    missing: [manifest, ...parts].map(hashOf),
  });
  expect(await stranger.fetch(paths.backup(stranger.accountId, id), { method: 'DELETE' })).toMatchObject({ status: 200 });
  expect((await list(device)).backups).toHaveLength(1);
});

test('what a backup names stays for as long as it is there, and goes a day after it', async () => {
  const { app, device, collectAfter } = await open();
  const { id, manifest, parts } = await makeBackup(app, device);
  const all = [manifest, ...parts].map(hashOf);
  await collectAfter(400);
  expect(await missingBlobs(device, all)).toEqual({ missing: [] });
  expect(await device.fetch(paths.backup(device.accountId, id), { method: 'DELETE' })).toMatchObject({ status: 200 });
  await collectAfter(0.9);
  expect(await missingBlobs(device, all)).toEqual({ missing: [] });
  await collectAfter(1.1);
  expect(await missingBlobs(device, all)).toEqual({ missing: all });
  expect((await list(device)).usedBytes).toBe(0);
});

test('a file of a note that is in a backup stays for it when the note is gone, and counts for the backups then', async () => {
  const { app, device, collectAfter } = await open();
  const [file, manifest] = [randomBytes(2000), randomBytes(300)];
  await putBlob(app.url, device, file);
  const op = makeOp({ blobs: [hashOf(file)] });
  await device.push([op]);
  await send(app, device, manifest);
  await keep(device, newId(), hashOf(manifest), [hashOf(file)]);
  await collectAfter(400);
  expect((await list(device)).usedBytes).toBe(300);
  await device.push([makeOp({ id: op.id, base: op.opId, body: null })]);
  for (let round = 0; round < 2; round++) expectOk(await app.storage.eraseDeleted(systemClock.now() + DAY_MS, 100));
  await collectAfter(400);
  expect(await missingBlobs(device, [hashOf(file)])).toEqual({ missing: [] });
  expect((await list(device)).usedBytes).toBe(2300);
});

test('backups have a quota of their own: they take no room from what is written, nor the other way round', async () => {
  const { app, device } = await open({ quotaBytes: 5000, backupQuotaBytes: 3000 });
  await makeBackup(app, device, 2);
  const full = await send(app, device, randomBytes(1000));
  expect(full).toMatchObject({ status: 507, json: { type: 'over-quota' } });
  expect((await device.push([makeOp()])).json.results).toMatchObject([{ type: 'applied' }]);
  expect((await putBlob(app.url, device, randomBytes(4000))).status).toBe(204);
  expect((await putBlob(app.url, device, randomBytes(4000))).status).toBe(507);
  const none = await open({ backupQuotaBytes: 0 });
  expect((await send(none.app, none.device, randomBytes(10))).status).toBe(507);
});

test('a part that is a file as well counts for the account from then on', async () => {
  const { app, device } = await open();
  const bytes = randomBytes(1000);
  await send(app, device, bytes);
  expect((await list(device)).usedBytes).toBe(1000);
  expect((await putBlob(app.url, device, bytes)).status).toBe(204);
  expect((await list(device)).usedBytes).toBe(0);
});

test('hostile requests are refused in words, and nothing of them is kept', async () => {
  const { app, device } = await open();
  const { manifest, parts } = await makeBackup(app, device);
  const [sound, named] = [hashOf(manifest), parts.map(hashOf)];
  const deep = JSON.parse(`${'['.repeat(30)}${']'.repeat(30)}`) as unknown;
  const cases: readonly (readonly [string, Promise<{ readonly status: number }>, number])[] = [
    ['an id that is none', keep(device, 'mine', sound, named), 404],
    ['a path', keep(device, encodeURIComponent('../../etc/passwd'), sound, named), 404],
    ['a folder', keep(device, `${newId()}/..`, sound, named), 404],
    ['a hash that is none', keep(device, newId(), sound, ['../x']), 400],
    ['a hash in capitals', keep(device, newId(), sound.toUpperCase(), named), 400],
    ['a manifest that is none', keep(device, newId(), 'x', named), 400],
    ['a list of lists', keep(device, newId(), sound, [named]), 400],
    ['depth', keep(device, newId(), sound, [deep]), 400],
    ['numbers', keep(device, newId(), sound, [1, 2]), 400],
    ['a time before all times', keep(device, newId(), sound, named, { madeAt: -1 }), 400],
    ['another protocol', keep(device, newId(), sound, named, { protocol: 99 }), 426],
    [
      'too many names',
      keep(
        device,
        newId(),
        sound,
        Array.from({ length: MAX_BACKUP_BLOBS }, () => named[0]),
      ),
      400,
    ],
    ['too much', keep(device, newId(), sound, named, { more: 'x'.repeat(MAX_BACKUP_BLOBS * 70) }), 413],
  ];
  for (const [what, answer, status] of cases) expect([what, (await answer).status]).toEqual([what, status]);
  const nobody = await fetch(app.url + paths.backups(device.accountId));
  expect(nobody.status).toBe(401);
  expect((await list(device)).backups).toHaveLength(1);
});

test('where an account has as many as it may have, the oldest of the device that was quiet for longest goes, and the last one of no device', async () => {
  const { app, device } = await open();
  const { accountId } = device;
  const { manifest, parts } = await makeBackup(app, device);
  const [lost, quiet, busy] = [newId(), newId(), newId()];
  const put = (deviceId: string, storedAt: number) => {
    const backup = { id: newId(), manifest: hashOf(manifest), deviceId, madeAt: storedAt, storedAt, bytes: 1 };
    return app.storage.write(accountId, (writer) => writer.putBackup(accountId, backup, []));
  };
  for (let at = 1; at <= 3; at++) expectOk(await put(lost, at));
  for (let at = 10; at <= 12; at++) expectOk(await put(quiet, at));
  for (let at = 100; at < 100 + MAX_SERVER_BACKUPS - 6; at++) expectOk(await put(busy, at));
  const countOf = async (deviceId: string) => (await list(device)).backups.filter((one) => one.deviceId === deviceId).length;
  const left: (readonly number[])[] = [];
  for (let round = 0; round < 5; round++) {
    expect((await keep(device, newId(), hashOf(manifest), parts.map(hashOf))).status).toBe(200);
    left.push([await countOf(lost), await countOf(quiet), await countOf(busy)]);
  }
  const all = MAX_SERVER_BACKUPS - 6;
  expect(left).toEqual([
    [2, 3, all],
    [1, 3, all],
    [1, 2, all],
    [1, 1, all],
    [1, 1, all - 1],
  ]);
});

const MANY_BLOBS = 25_000;

test('there are so many at most, each asks for a bounded time, and more than one a second is too many', async () => {
  const { app, device } = await open();
  const { accountId } = device;
  const { manifest, parts } = await makeBackup(app, device);
  // More blobs than one request named once, known to the database.
  const hashes = Array.from({ length: MANY_BLOBS }, (_, index) => hashOf(Buffer.from(String(index))));
  expectOk(
    await app.storage.write(accountId, async (writer) => {
      const row = { bytes: 1, state: 'complete', createdAt: 1, touchedAt: 1, unreferencedSince: 1, isBody: false } as const;
      for (const hash of hashes) await writer.putBlob(accountId, { ...row, hash, isBackup: true });
    }),
  );
  // Another device is served while it is looked at: its pull does not wait for the end of it.
  const order: string[] = [];
  const kept = keep(device, newId(), hashOf(manifest), hashes).then(({ json }) => {
    order.push('kept');
    return json;
  });
  while (!order.includes('kept')) await device.pull().then(() => order.push('pulled'));
  expect(await kept).toEqual({ missing: [] });
  expect(order.indexOf('kept')).toBeGreaterThan(2);
  expectOk(
    await app.storage.write(accountId, async (writer) => {
      const { length } = await writer.backups(accountId);
      for (let count = length; count < MAX_SERVER_BACKUPS; count++)
        await writer.putBackup(
          accountId,
          { id: newId(), manifest: hashOf(manifest), deviceId: device.deviceId, madeAt: 1, storedAt: 1, bytes: 1 },
          [],
        );
    }),
  );
  expect(await keep(device, newId(), hashOf(manifest), parts.map(hashOf))).toMatchObject({
    status: 507,
    json: { type: 'over-quota', message: expect.stringContaining(`${MAX_SERVER_BACKUPS} backups`) },
  });
  const statuses: number[] = [];
  for (let time = 0; time < 70; time++) statuses.push((await keep(device, newId(), hashOf(manifest), parts.map(hashOf))).status);
  expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(5);
  const { backups } = await list(device);
  expect(backups).toHaveLength(MAX_SERVER_BACKUPS);
});
