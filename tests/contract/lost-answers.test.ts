/** An op was sent, its answer never came, and the server that took it was put back: others may have gone on from it. */
import { afterEach, describe, expect, test } from 'vitest';
import { encodeBody } from '#core/body.ts';
import { formatStamp, type Stamp, stampTag } from '#core/clock.ts';
import type { Fields } from '#core/entity.ts';
import { hashText } from '#core/hash.ts';
import { systemClock } from '#platform/system.ts';
import { createSyncStore } from '#store/sync/create-sync-store.ts';
import { mint, must, openMemoryWorkspace } from '#support/memory-workspace.ts';
import { closeServers, type Device, openDevice, openServer } from '#support/restored-world.ts';
import { expectOk } from '#support/server-world.ts';

afterEach(closeServers);

const ORDERS = [
  ['here', 'other', 'here', 'other'],
  ['other', 'here', 'other', 'here'],
] as const;

async function openTwo() {
  const server = await openServer();
  const devices = { here: await openDevice(server, { id: server.deviceId }), other: await openDevice(server) };
  const note = mint();
  await devices.here.save(note, { title: 'Note' });
  await devices.here.sync();
  await devices.other.sync();
  server.copy();
  return { server, note, ...devices, devices };
}

/** A tag is sent without an answer, another device writes on, and the tag is removed. */
async function goOnFromSent({
  note,
  here,
  other,
}: Pick<Awaited<ReturnType<typeof openTwo>>, 'note' | 'here' | 'other'>): Promise<void> {
  await here.save(note, { tags: ['keep', 'drop'] });
  await here.syncUnanswered();
  await other.sync();
  await other.save(note, { text: 'word' });
  await other.sync();
  await here.save(note, { tags: ['keep'] });
}

async function expectRemoved(note: string, devices: readonly Device[], text = 'word'): Promise<void> {
  for (const one of devices) expect(await one.fields(note)).toMatchObject({ tags: ['keep'], text });
}

describe('what was sent brought a tag, and the tag was removed since', () => {
  test.each(ORDERS)('it stays removed where another device has gone on from what was sent: %s is the first', async (...order) => {
    const { server, note, here, other, devices } = await openTwo();
    await goOnFromSent({ note, here, other });
    await server.restore(true);
    for (const name of order) await devices[name].sync();
    await expectRemoved(note, [here, other]);
  });

  test('it stays removed where the device never hears that the server was put back', async () => {
    const { server, note, here, other } = await openTwo();
    await goOnFromSent({ note, here, other });
    // After the second time the account is in the epoch that this device knows, and has all that it has seen.
    await server.restore(false);
    await other.sync();
    await server.restore(false);
    await other.sync();
    await here.sync();
    await other.sync();
    await expectRemoved(note, [here, other]);
  });
});

test.each(ORDERS)('what was sent and lost does not hide what it was built on: %s is the first', async (...order) => {
  const { server, note, here, other, devices } = await openTwo();
  await here.save(note, { tags: ['keep', 'drop'] });
  await here.sync();
  await other.sync();
  await other.save(note, { text: 'word' });
  await other.sync();
  await server.restore(true);
  // Sent to a server that has lost the tags: refused, because the device's past is not the server's.
  await here.save(note, { tags: ['keep'] });
  await here.syncUnanswered();
  for (const name of order) await devices[name].sync();
  await expectRemoved(note, [here, other]);
});

test('what nobody has changed since is given back under its own id, once', async () => {
  const { server, note, here, other } = await openTwo();
  await here.save(note, { tags: ['keep'], text: 'word' });
  await here.syncUnanswered();
  await other.sync();
  const { api, accountId } = server.world();
  const [before] = expectOk(await api.history(accountId, 'note', note)).versions;
  await server.restore(true);
  await here.sync();
  await other.sync();
  await here.sync();
  await expectRemoved(note, [here, other]);
  const again = server.world();
  const { versions } = expectOk(await again.api.history(accountId, 'note', note));
  expect(versions.map(({ version }) => version)).toEqual([before?.version, versions[1]?.version]);
});

test('what was sent before is not put on top of what was sent last and given back by another device', async () => {
  const { server, note, here, other } = await openTwo();
  await here.save(note, { tags: ['keep', 'drop'], text: 'word' });
  await here.sync();
  await here.save(note, { tags: ['keep'] });
  await here.syncUnanswered();
  await other.sync();
  await server.restore(true);
  await other.sync();
  await here.sync();
  await other.sync();
  await expectRemoved(note, [here, other]);
  const { api, accountId } = server.world();
  expect(expectOk(await api.history(accountId, 'note', note)).versions).toHaveLength(2);
});

test('what a row still has to say of lost versions is said with the op behind the one whose answer was lost', async () => {
  const { context, kv, row, store } = await openMemoryWorkspace();
  const sync = createSyncStore(context);
  const [id, epoch, deviceId] = [mint(), mint(), mint()];
  const position = { epoch, seen: null, now: systemClock.now() };
  const remote = (fields: Fields, seq: number) => {
    const body = encodeBody({ fields, stamps: {} });
    const at = { rev: seq, seq, acceptedAt: systemClock.now(), deviceId, lastUpdated: '' as Stamp };
    return { kind: 'note', id, v: 2, version: mint(), ...at, deleted: false, body, hash: hashText(body) };
  };
  const built = remote({ title: 'Note' }, 1);
  must(await sync.apply([built], 1, position));
  must(await store.save({ kind: 'note', id, patch: { text: 'sent' }, base: {}, baseSeq: 1, saveId: mint() }));
  const [op] = must(await sync.claim({ limit: 1, maxBytes: 1e6, force: true })).ops;
  if (!op) throw new Error('nothing was claimed');
  must(await store.save({ kind: 'note', id, patch: { text: 'later' }, base: { text: 'sent' }, baseSeq: 2, saveId: mint() }));
  // As after an earlier restore of the server.
  const lost = { against: built.version, tails: 'f'.repeat(12) };
  must(
    await kv.transact({ row: { get: 'entities', key: ['note', id] } }, ({ row: now }) => ({
      writes: now ? [{ put: 'entities', row: { ...now, lost } } as const] : [],
      value: undefined,
    })),
  );
  const current = remote({ title: 'Other', text: 'sent' }, 3);
  const lineage = [built.version, op.opId];
  must(await sync.acknowledge([{ type: 'conflict', opId: op.opId, current, lineage }], position));
  const next = must(await sync.claim({ limit: 1, maxBytes: 1e6, force: true })).ops[0];
  expect(row.deviceId).not.toBe(deviceId);
  expect(next).toMatchObject({ base: current.version, contains: lost.tails });
});

test("another device gives back a device's layout as it was, under its own id", async () => {
  const { server, here, other } = await openTwo();
  const save = async (activeTab: string, before: string | null) => {
    const found = must(await here.store.get('layout', server.deviceId));
    const base = found ? { activeTab: before } : {};
    const patch = { activeTab };
    const [kind, id] = ['layout', server.deviceId];
    must(await here.store.save({ kind, id, patch, base, baseSeq: found?.localSeq ?? 0, saveId: mint() }));
  };
  await save('first', null);
  await here.sync();
  await other.sync();
  const { api, accountId } = server.world();
  const [first] = expectOk(await api.history(accountId, 'layout', server.deviceId)).versions;
  await save('second', 'first');
  await server.restore(true);
  await other.sync();
  await here.sync();
  const again = server.world();
  const { versions } = expectOk(await again.api.history(accountId, 'layout', server.deviceId));
  expect(versions).toHaveLength(2);
  expect(versions[1]?.version).toBe(first?.version);
  await other.sync();
  for (const one of [here, other])
    expect(must(await one.store.get('layout', server.deviceId))?.fields).toMatchObject({ activeTab: 'second' });
});

test("of a device's own layout nothing is asked, whatever the policy: what is newer is there", async () => {
  const { context, row, store } = await openMemoryWorkspace();
  const sync = createSyncStore({ ...context, policy: () => 'ask' });
  const [kind, id] = ['layout', row.deviceId];
  const saveId = mint();
  must(await store.save({ kind, id, patch: { activeTab: 'older' }, base: {}, baseSeq: 0, saveId }));
  const stamp = formatStamp({ ms: systemClock.now() + 60_000, counter: 0, tag: stampTag(row.deviceId) });
  const body = encodeBody({ fields: { activeTab: 'newer' }, stamps: { activeTab: stamp } });
  const version = mint();
  const at = { rev: 1, seq: 1, acceptedAt: systemClock.now(), deviceId: row.deviceId, lastUpdated: stamp };
  const entity = { kind, id, v: 5, version, ...at, deleted: false, body, hash: hashText(body), blobs: [] };
  must(await sync.apply([entity], 1, { epoch: mint(), seen: { seq: 1, opId: version }, now: systemClock.now() }));
  expect(must(await store.get(kind, id))?.fields).toMatchObject({ activeTab: 'newer' });
});
