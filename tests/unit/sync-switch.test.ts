/** What the person's settings decide in every context that opens a workspace: whether it syncs, and how it merges. */
import { expect, test } from 'vitest';
import { encodeBody } from '#core/body.ts';
import { formatStamp } from '#core/clock.ts';
import { hashText } from '#core/hash.ts';
import type { Transport } from '#core/ports.ts';
import type { Op, RemoteEntity } from '#core/protocol.ts';
import { ok } from '#core/result.ts';
import { SETTINGS_ID } from '#entities/settings.ts';
import { createSyncStore } from '#store/sync/create-sync-store.ts';
import { drainerOf, mint, must, openMemoryWorkspace } from '#support/memory-workspace.ts';

async function open() {
  const workspace = await openMemoryWorkspace();
  const { deviceId } = workspace.row;
  const save = async (kind: string, id: string, patch: Parameters<typeof workspace.store.save>[0]['patch']) => {
    const found = must(await workspace.store.get(kind, id));
    const base = found?.fields ?? {};
    must(await workspace.store.save({ kind, id, patch, base, baseSeq: found?.localSeq ?? 0, saveId: mint() }));
  };
  return { workspace, save, setSync: (cloudSync: boolean) => save('device-settings', deviceId, { cloudSync }) };
}

type World = Awaited<ReturnType<typeof open>>;

/** A server that takes every op. `onRequest` is called before each answer. */
function createServer(onRequest: (path: string) => Promise<void> = async () => {}) {
  const epoch = mint();
  const paths: string[] = [];
  const taken: Op[] = [];
  let seq = 0;
  const transport: Transport = {
    async request({ path, body }) {
      paths.push(path);
      await onRequest(path);
      const { ops = [] } = body as { readonly ops?: readonly Op[] };
      const results = ops.map(({ opId }) => {
        seq += 1;
        return { type: 'applied', opId, rev: 1, seq, acceptedAt: Date.now(), missingBlobs: [] };
      });
      taken.push(...ops);
      const seen = seq === 0 ? null : { seq, opId: ops.at(-1)?.opId ?? taken.at(-1)?.opId };
      const answer = { epoch, seen, now: Date.now() };
      const json = path.endsWith('/push') ? { ...answer, results } : { ...answer, seq, changes: [], more: false };
      return ok({ status: 200, json, retryAfterMs: null });
    },
  };
  return { paths, taken, transport };
}

test('off, no drain asks the server for anything, and all that was written waits; on, it goes out', async () => {
  const world = await open();
  const server = createServer();
  const drainer = drainerOf(world.workspace, server.transport);
  await world.setSync(false);
  await world.save('note', mint(), { title: 'Kept here' });
  expect(must(await drainer.run({ force: true })).error).toBeNull();
  expect(server.paths).toEqual([]);
  expect(must(await world.workspace.store.summary()).pending).toBe(2);

  await world.setSync(true);
  expect(must(await drainer.run({ force: true })).error).toBeNull();
  expect(server.taken.map(({ kind }) => kind).sort()).toEqual(['device-settings', 'note']);
  expect(must(await world.workspace.store.summary())).toMatchObject({ pending: 0, failure: null });
});

test('switched off in the middle of a drain, nothing more goes out, and nothing is lost or counted as a failure', async () => {
  const world = await open();
  const server = createServer(async () => {
    if (server.paths.length === 1) await world.setSync(false);
  });
  const drainer = drainerOf(world.workspace, server.transport);
  await world.save('note', mint(), { title: 'Sent' });
  expect(must(await drainer.run({ force: true })).error).toBeNull();
  // The request that was on its way when the switch was turned.
  expect(server.paths).toHaveLength(1);
  expect(must(await world.workspace.store.summary())).toMatchObject({ failure: null });

  await world.setSync(true);
  must(await drainer.run({ force: true }));
  expect(must(await world.workspace.store.summary()).pending).toBe(0);
});

/** The same field of a note, changed here and elsewhere since both had it. Gives how many questions it left. */
async function collide({ workspace, save }: World): Promise<number> {
  const id = mint();
  const remote = (text: string, seq: number, ms: number): RemoteEntity => {
    const stamp = formatStamp({ ms, counter: 0, tag: 'feedbeef' });
    const body = encodeBody({ fields: { title: text }, stamps: { title: stamp } });
    const version = mint();
    return {
      kind: 'note',
      id,
      v: 1,
      version,
      rev: seq,
      seq,
      lastUpdated: stamp,
      deviceId: mint(),
      deleted: false,
      body,
      hash: hashText(body),
      acceptedAt: ms,
    };
  };
  const epoch = mint();
  const now = Date.now();
  const at = (seq: number) => ({ epoch, seen: { seq, opId: mint() }, now });
  must(await createSyncStore(workspace.context).apply([remote('one', 1, now - 9000)], 1, at(1)));
  await save('note', id, { title: 'mine' });
  must(await createSyncStore(workspace.context).apply([remote('theirs', 2, now - 5000)], 2, at(2)));
  return must(await workspace.store.summary()).openConflicts;
}

test('the conflict policy takes effect at once where it was changed, and the device’s own goes before the account’s', async () => {
  const world = await open();
  expect(await collide(world)).toBe(0);
  await world.save('settings', SETTINGS_ID, { conflictPolicy: 'ask' });
  await expect.poll(() => collide(world)).toBe(1);
  await world.save('device-settings', world.workspace.row.deviceId, { overrides: { conflictPolicy: 'newer' } });
  const asked = must(await world.workspace.store.summary()).openConflicts;
  await expect.poll(async () => (await collide(world)) - asked).toBe(0);
});
