/** The server as a place of backups: a real one over HTTP, and what a device of the account keeps there and reads from it. */
import { afterEach, expect, test, vi } from 'vitest';
import { caught } from '#backup/kept/failure.ts';
import { createKeptBackups } from '#backup/kept/kept-backups.ts';
import { partPath } from '#backup/kept/parts.ts';
import { hashBytes } from '#core/hash.ts';
import type { BytesTransport, Transport } from '#core/ports.ts';
import { createStop } from '#core/stop.ts';
import { ledger } from '#entities/index.ts';
import { createOwnLocks } from '#platform/own-locks.ts';
import { systemClock, systemRandom } from '#platform/system.ts';
import { defaultLimits, type Limits } from '#server/limits.ts';
import { openBackupWorld } from '#support/backup-world.ts';
import { jsonOver, transportTo } from '#support/blob-device.ts';
import { createMemoryPlace } from '#support/memory-place.ts';
import { mint, must } from '#support/memory-workspace.ts';
import { enterDevice, type RunningApp, startApp, type TestDevice } from '#support/server-http.ts';
import { createServerBackups } from '#sync/server-backups.ts';
import { createServerPlace } from '#workers/server-place.ts';

vi.setConfig({ testTimeout: 60_000 });
const running: RunningApp[] = [];
afterEach(async () => {
  for (const app of running.splice(0)) await app.close();
});

/** A browser's transports, with the device's cookie. Each request is noted. */
function wireOf(url: string, { cookie }: TestDevice) {
  const requests: string[] = [];
  const note = ({ method, path }: { readonly method: string; readonly path: string }): void =>
    void requests.push(`${method} ${path.replace(/^\/api\/a\/[^/]*/, '')}`);
  const [json, blobs] = [jsonOver(url, cookie), transportTo(url, cookie)];
  const transport: Transport = {
    request(request) {
      note(request);
      return json.request(request);
    },
  };
  const bytes: BytesTransport = {
    requestBytes(request) {
      note(request);
      return blobs.requestBytes(request);
    },
  };
  return { transport, bytes, requests };
}

/** A workspace with its own backups, and the server's. */
async function openDevice(app: RunningApp, device: TestDevice) {
  const world = await openBackupWorld();
  const wire = wireOf(app.url, device);
  const notes = createMemoryPlace(() => world.time.ms);
  const open = (isWriting: boolean, expected: readonly string[] = []) => {
    const clock = { now: () => Date.now(), setTimer: systemClock.setTimer };
    const api = createServerBackups({
      transport: wire.transport,
      bytes: wire.bytes,
      accountId: device.accountId,
      clock,
      signal: createStop().signal,
    });
    const { place, files } = createServerPlace({ api, only: isWriting ? device.deviceId : null, expected, notes });
    const kept = createKeptBackups({
      ...{ place, lock: 'server', ledger, clock: world.clock, random: systemRandom, locks: createOwnLocks(), offsetMinutes: 0 },
    });
    return { place, files, kept, api };
  };
  const local = new Map<string, Blob>();
  const addFile = (text: string): string => {
    const content = new TextEncoder().encode(text);
    local.set(hashBytes(content), new Blob([content]));
    return hashBytes(content);
  };
  const copy = (id: string) =>
    caught(async () => {
      const manifest = await world.kept.find(id);
      const there = open(
        true,
        manifest.parts.map(({ hash }) => hash),
      );
      const files = { from: { read: async (hash: string) => local.get(hash) ?? null }, to: there.files };
      return there.kept.receive(manifest, { ...world.run, from: world.place, files });
    });
  return { ...world, wire, open, copy, addFile };
}

async function openServer(limits: Partial<Limits> = {}) {
  const rates = { perAddress: 1_000_000, perAccount: 1_000_000, enter: 1000, login: 10 };
  const app = await startApp({ config: { limits: { ...defaultLimits, ...limits }, rates } });
  running.push(app);
  const device = await enterDevice(app.url);
  return { app, device, first: await openDevice(app, device) };
}

test('a backup is kept by difference, and a device that enters later lists it, and brings all of it', async () => {
  const { app, device, first } = await openServer();
  const hash = first.addFile('a picture');
  const [note = ''] = await first.writeNotes(300);
  await first.save('note', note, { text: `![](files/${hash}.png)` });
  const made = must(await first.backUp());
  expect(must(await first.copy(made.id))).toMatchObject({ lackingFiles: 0, info: { id: made.id } });
  const parts = first.wire.requests.filter((request) => request.startsWith('PUT')).length;
  expect(parts).toBeGreaterThan(4);
  // What was sent was compared there: nothing of it is read back, and nothing is asked part by part.
  expect(first.wire.requests.filter((request) => request.startsWith('GET /blobs') || request.startsWith('HEAD'))).toEqual([]);

  first.wire.requests.length = 0;
  await first.save('note', note, { title: 'Other' });
  const next = must(await first.backUp());
  must(await first.copy(next.id));
  expect(first.wire.requests.filter((request) => request.startsWith('PUT')).length).toBeLessThanOrEqual(3);

  // The same backup once more sends nothing but its list.
  first.wire.requests.length = 0;
  must(await first.copy(next.id));
  expect(first.wire.requests.filter((request) => request.startsWith('PUT')).length).toBeLessThanOrEqual(1);

  const second = await openDevice(app, await enterDevice(app.url, { accountId: device.accountId }));
  const server = second.open(false);
  expect((await server.kept.list()).backups.map(({ id }) => id)).toEqual([next.id, made.id]);
  const brought = await second.kept.receive(
    { ...(await server.kept.find(made.id)), reason: 'safety', from: { type: 'server', name: '' } },
    { ...second.run, from: server.place, files: null },
  );
  expect(brought.info).toMatchObject({ id: made.id, reason: 'brought', from: { type: 'server' }, isPinned: true });
  expect(await second.linesOf(made.id)).toEqual(await first.linesOf(made.id));
  expect(await (await server.files.read(hash))?.text()).toBe('a picture');
});

test('each device thins only what it has stored itself', async () => {
  const { app, device, first } = await openServer();
  await first.writeNotes(20);
  const made = must(await first.backUp());
  must(await first.copy(made.id));
  const second = await openDevice(app, await enterDevice(app.url, { accountId: device.accountId }));
  for (let time = 0; time < 14; time++) {
    await second.writeNotes(1);
    must(await second.copy(must(await second.backUp()).id));
  }
  const { backups } = await second.open(false).kept.list();
  expect(backups.length).toBeLessThan(15);
  expect(backups.map(({ id }) => id)).toContain(made.id);
});

test('a part that the server has lost is sent again, and the backups that share it are whole again', async () => {
  const { app, device, first } = await openServer();
  const [note = ''] = await first.writeNotes(1000);
  const made = must(await first.backUp());
  must(await first.copy(made.id));
  // Where parts end follows from random ids: the last one is not the first note's, whose change would make another part of it.
  const lost = (await first.kept.find(made.id)).parts.at(-1)?.hash ?? '';
  await app.storage.write(device.accountId, (writer) => writer.removeBlob(device.accountId, lost));
  expect((await first.open(false).kept.verify(made.id, null, first.run)).damaged).toMatchObject([{ hash: lost }]);
  await first.save('note', note, { title: 'Other' });
  must(await first.copy(must(await first.backUp()).id));
  expect((await first.open(false).kept.verify(made.id, null, first.run)).damaged).toEqual([]);
});

test('a file that is nowhere does not keep the rest from being kept', async () => {
  const { first } = await openServer();
  await first.save('note', mint(), { text: `![](files/${'ab'.repeat(32)}.png)` });
  const made = must(await first.backUp());
  expect(must(await first.copy(made.id))).toMatchObject({ lackingFiles: 1 });
  expect((await first.open(false).kept.list()).backups).toHaveLength(1);
});

test('removing one removes it there, and a server without room or without the device says so', async () => {
  const { device, first } = await openServer({ backupQuotaBytes: 30_000 });
  await first.writeNotes(50);
  const made = must(await first.backUp());
  must(await first.copy(made.id));
  await first.open(false).kept.remove(made.id);
  expect((await first.open(false).kept.list()).backups).toEqual([]);
  await first.writeNotes(2000);
  const large = must(await first.backUp());
  expect(await first.copy(large.id)).toMatchObject({ error: { type: 'PlaceServer', cause: { type: 'ServerFull' } } });
  expect((await first.open(false).kept.list()).backups).toEqual([]);
  await device.fetch(`/api/a/${device.accountId}/devices/${device.deviceId}`, { method: 'DELETE' });
  expect(await first.copy(made.id)).toMatchObject({ error: { type: 'PlaceServer', cause: { type: 'Forbidden' } } });
});

test('a copy that ends at any request is not listed, and the next one goes on', async () => {
  const { first } = await openServer();
  await first.writeNotes(150);
  const made = must(await first.backUp());
  const { transport, bytes } = first.wire;
  const [request, requestBytes] = [transport.request, bytes.requestBytes];
  let left = 0;
  const cut = { ok: false, error: { reason: 'cut' } } as const;
  Object.assign(transport, { request: (asked: never) => (left-- > 0 ? request(asked) : Promise.resolve(cut)) });
  Object.assign(bytes, { requestBytes: (asked: never) => (left-- > 0 ? requestBytes(asked) : Promise.resolve(cut)) });
  let tries = 0;
  for (let isWhole = false; !isWhole; tries++) {
    left = tries;
    isWhole = (await first.copy(made.id)).ok;
    left = Number.POSITIVE_INFINITY;
    const { backups } = await first.open(false).kept.list();
    for (const { id } of backups) expect(await first.linesOf(id, first.open(false).place)).toEqual(await first.linesOf(id));
  }
  // What is missing, the parts, the manifest: at least these end one each.
  expect(tries).toBeGreaterThan(3);
  expect((await first.open(false).kept.list()).backups).toHaveLength(1);
});

test('bytes that were damaged on their way are asked for again, and do not count as damaged on the server', async () => {
  const { app, device, first } = await openServer();
  await first.writeNotes(3);
  const made = must(await first.backUp());
  must(await first.copy(made.id));
  const { transport, bytes } = wireOf(app.url, device);
  let damages = 2;
  const damaging: BytesTransport = {
    async requestBytes(request) {
      const answer = await bytes.requestBytes(request);
      const { body } = answer.ok ? answer.value : { body: null };
      if (!answer.ok || !body || damages-- <= 0) return answer;
      const garbled = async function* () {
        for await (const piece of body) yield piece.with(0, (piece[0] ?? 0) ^ 1);
      };
      return { ...answer, value: { ...answer.value, body: garbled() } };
    },
  };
  const { accountId } = device;
  const api = createServerBackups({ transport, bytes: damaging, accountId, clock: systemClock, signal: createStop().signal });
  const { place } = createServerPlace({ api, only: null, expected: [], notes: null });
  const manifest = await first.kept.find(made.id);
  const path = partPath(manifest.parts[0]?.hash ?? '');
  expect((await place.read(path))?.size).toBe(manifest.parts[0]?.bytes);
  expect(damages).toBeLessThan(0);
});
