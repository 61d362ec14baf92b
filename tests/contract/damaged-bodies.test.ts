/** What devices do about bodies that a disk gave back damaged: the store and the sync of two devices, and a real server. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { afterEach, expect, test } from 'vitest';
import type { Transport } from '#core/ports.ts';
import type { PullAnswer, PushAnswer } from '#core/protocol.ts';
import { ok } from '#core/result.ts';
import type { SqliteStorage } from '#server/storage/sqlite.ts';
import { createStatusStore } from '#store/status/create-status-store.ts';
import { createSyncStore } from '#store/sync/create-sync-store.ts';
import { drainerOf, mint, must, openMemoryWorkspace } from '#support/memory-workspace.ts';
import { createServerWorld, openTestStorage } from '#support/server-world.ts';
import { transportTo } from '#support/world-transport.ts';

const open: SqliteStorage[] = [];
afterEach(async () => {
  for (const storage of open.splice(0)) await storage.close();
});

async function openServer() {
  const path = join(mkdtempSync(join(tmpdir(), 'holdfast-damage-')), 'holdfast.db');
  const storage = await openTestStorage({ path });
  open.push(storage);
  const world = await createServerWorld({ storage });
  const damage = (id: string) => {
    const raw = new SqliteDatabase(path);
    raw.prepare(`update versions set body = replace(body, 'bright', 'blight') where id = ?`).run(id);
    raw.close();
  };
  return { world, damage };
}

async function openDevice(transport: Transport) {
  const workspace = await openMemoryWorkspace();
  const { store, context } = workspace;
  const drainer = drainerOf(workspace, transport);
  const status = createStatusStore(context);
  return {
    store,
    status,
    sync: async () => must(await drainer.run({ force: true })),
    title: async (id: string) => must(await store.get('note', id))?.fields.title,
    missing: async () => must(await createSyncStore(context).position()).damaged.map(({ id }) => id),
    events: async () => must(await status.events()).map(({ event }) => event.type),
    async save(id: string, title: string) {
      const found = must(await store.get('note', id));
      const base = found ? { title: found.fields.title ?? '' } : {};
      must(await store.save({ kind: 'note', id, patch: { title }, base, baseSeq: found?.localSeq ?? 0, saveId: mint() }));
    },
  };
}

/** The transport of a server that does not look at what its disk gives back. */
const blind = (transport: Transport, damaged: () => boolean): Transport => ({
  async request(request) {
    const answer = await transport.request(request);
    if (!answer.ok || !damaged()) return answer;
    const flip = <E extends { body: string | null } | null>(entity: E): E =>
      entity && { ...entity, body: entity.body?.replace('bright', 'blight') ?? null };
    const json = answer.value.json as Partial<PullAnswer & PushAnswer>;
    const results = json.results?.map((one) => (one.type === 'conflict' ? { ...one, current: flip(one.current) } : one));
    return ok({ ...answer.value, json: { ...json, changes: json.changes?.map(flip), results } });
  },
});

test('a body that does not match its hash is not taken over, the others are, and it is asked for until it comes whole', async () => {
  const { world } = await openServer();
  let isDamaged = true;
  const [here, there] = [
    await openDevice(transportTo(() => world, world.deviceId)),
    await openDevice(
      blind(
        transportTo(() => world, mint()),
        () => isDamaged,
      ),
    ),
  ];
  const [one, two, three] = [mint(), mint(), mint()];
  for (const [id, title] of [
    [one, 'a'],
    [two, 'a bright idea'],
    [three, 'c'],
  ] as const)
    await here.save(id, title);
  await here.sync();

  expect((await there.sync()).error).toBeNull();
  expect([await there.title(one), await there.title(two), await there.title(three)]).toEqual(['a', undefined, 'c']);
  expect(await there.missing()).toEqual([two]);
  expect(await there.events()).toContain('damaged');
  expect((await there.sync()).error).toBeNull();
  expect(await there.missing()).toEqual([two]);

  isDamaged = false;
  expect((await there.sync()).error).toBeNull();
  expect(await there.title(two)).toBe('a bright idea');
  expect(await there.missing()).toEqual([]);
});

test('a device that holds what the server’s disk has lost gives it back, and every other device gets it', async () => {
  const { world, damage } = await openServer();
  const here = await openDevice(transportTo(() => world, world.deviceId));
  const there = await openDevice(transportTo(() => world, mint()));
  const id = mint();
  await here.save(id, 'a bright idea');
  await here.sync();
  damage(id);
  await there.sync();
  expect(await there.title(id)).toBeUndefined();
  expect(await there.missing()).toEqual([id]);

  expect((await here.sync()).error).toBeNull();
  expect(await here.missing()).toEqual([]);
  await there.sync();
  expect(await there.title(id)).toBe('a bright idea');
  expect(await there.missing()).toEqual([]);
});

test('a change that meets a damaged version waits, is in sight meanwhile, and is merged once the version is whole again', async () => {
  for (const looks of [true, false]) {
    const { world, damage } = await openServer();
    let isDamaged = false;
    const plain = transportTo(() => world, mint());
    const here = await openDevice(transportTo(() => world, world.deviceId));
    const there = await openDevice(looks ? plain : blind(plain, () => isDamaged));
    const id = mint();
    await here.save(id, 'plain');
    await here.sync();
    await there.sync();
    await here.save(id, 'a bright idea');
    await here.sync();
    await there.save(id, 'mine, later');
    if (looks) damage(id);
    isDamaged = true;

    expect((await there.sync()).error).toBeNull();
    expect(await there.title(id)).toBe('mine, later');
    expect(must(await there.store.summary())).toMatchObject({ pending: 1, awaitingPerson: 1 });

    await here.sync();
    isDamaged = false;
    await there.sync();
    await there.sync();
    expect(must(await there.store.summary())).toMatchObject({ pending: 0, awaitingPerson: 0, quarantined: 0 });
    await here.sync();
    // Which of the two is newer depends on how well each device knows the server's time.
    const title = await here.title(id);
    expect(['mine, later', 'a bright idea']).toContain(title);
    expect(await there.title(id)).toBe(title);
    expect(must(await here.store.list({ kind: 'merge-log', limit: 10 })).items).toHaveLength(1);
  }
});

test('the comparison with the server counts the content of this device again', async () => {
  const { world } = await openServer();
  const here = await openDevice(transportTo(() => world, world.deviceId));
  const id = mint();
  await here.save(id, 'a bright idea');
  await here.sync();
  const page = must(await here.status.versions(null, true));
  const answer = await world.api.manifest(world.accountId, { after: null, limit: 100 });
  if (!answer.ok) throw new Error('no manifest');
  const there = answer.value.entries.find((entry) => entry.id === id);
  expect(page.versions.find((version) => version.id === id)?.hash).toBe(there?.hash);
});
