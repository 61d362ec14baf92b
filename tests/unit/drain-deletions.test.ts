/** Runs of the sync in which another device has deleted a lot, against a server that gives its pages one by one. */
import { expect, test } from 'vitest';
import { hashText } from '#core/hash.ts';
import type { Transport } from '#core/ports.ts';
import type { ManifestEntry, Op, PullRequest, RemoteEntity } from '#core/protocol.ts';
import { ok } from '#core/result.ts';
import { drainerOf, mint, must, openMemoryWorkspace } from '#support/memory-workspace.ts';

const NOTES = 200;
const PAGE = 40;
const LAPTOP = mint();

/** A server of one account, which keeps what is pushed and answers in pages of `PAGE`. */
function createSmallServer() {
  const heads = new Map<string, RemoteEntity>();
  const lineage = new Map<string, readonly string[]>();
  let epoch = mint();
  let seq = 0;
  let failsAt = Infinity;
  let asked = 0;
  let manifest: 'whole' | 'repeated' | 'empty' = 'whole';

  const take = (
    { opId, kind, id, v, lastUpdated, deleted, body, hash }: Omit<Op, 'base' | 'blobs'>,
    deviceId: string,
  ): RemoteEntity => {
    const key = `${kind}/${id}`;
    const before = heads.get(key);
    lineage.set(key, [...(lineage.get(key) ?? []), ...(before ? [before.version] : [])]);
    const rev = (before?.rev ?? 0) + 1;
    const head = {
      kind,
      id,
      v,
      version: opId,
      rev,
      seq: ++seq,
      lastUpdated,
      deviceId,
      deleted,
      body,
      hash,
      acceptedAt: Date.now(),
    };
    heads.set(key, head);
    return head;
  };
  const position = () => {
    const newest = [...heads.values()].sort((a, b) => b.seq - a.seq)[0];
    return { epoch, seen: newest ? { seq: newest.seq, opId: newest.version } : null, now: Date.now() };
  };
  const answer = (status: number, json: object) => ok({ status, json, retryAfterMs: null });
  const transport: Transport = {
    async request({ path, body }) {
      if (path.endsWith('/push')) {
        const results = (body as { readonly ops: readonly Op[] }).ops.map((op) => {
          const { rev, seq: at, acceptedAt } = take(op, mint());
          return { type: 'applied', opId: op.opId, rev, seq: at, acceptedAt, missingBlobs: [] };
        });
        return answer(200, { ...position(), results });
      }
      if (path.endsWith('/manifest')) {
        const entries = [...heads.values()].map(
          ({ kind, id, version, hash, deleted, seq: at }): ManifestEntry => ({
            kind,
            id,
            version,
            hash,
            deleted,
            seq: at,
            lineage: [...(lineage.get(`${kind}/${id}`) ?? [])],
          }),
        );
        const given = manifest === 'empty' ? [] : entries;
        const more = manifest !== 'whole';
        return answer(200, { ...position(), seq, count: entries.length, digest: null, entries: given, more });
      }
      const request = body as PullRequest;
      if (request.epoch !== null && request.epoch !== epoch)
        return answer(409, { type: 'reconcile', message: 'another life', epoch });
      if (request.keys) {
        const changes = request.keys.flatMap(([kind, id]) => heads.get(`${kind}/${id}`) ?? []);
        return answer(200, { ...position(), seq, changes, more: false });
      }
      asked += 1;
      if (asked > failsAt) return answer(502, {});
      const after = [...heads.values()].filter((head) => head.seq > (request.cursor ?? 0)).sort((a, b) => a.seq - b.seq);
      return answer(200, { ...position(), seq, changes: after.slice(0, PAGE), more: after.length > PAGE });
    },
  };
  return {
    transport,
    deleteNotes(ids: readonly string[]) {
      for (const id of ids) {
        const head = heads.get(`note/${id}`) as RemoteEntity;
        take({ ...head, opId: mint(), deleted: true, body: null, hash: hashText('') }, LAPTOP);
      }
    },
    rotate() {
      epoch = mint();
    },
    /** Its manifest never comes to an end: there is always more after the same page, or after an empty one. */
    endless(how: 'repeated' | 'empty') {
      manifest = how;
    },
    /** Only `pages` more pages of changes are given. */
    failAfter(pages: number) {
      failsAt = asked + pages;
    },
    deleted: () => [...heads.values()].filter(({ deleted }) => deleted).length,
  };
}

async function openSyncedWorkspace() {
  const server = createSmallServer();
  const workspace = await openMemoryWorkspace();
  const ids = Array.from({ length: NOTES }, mint);
  for (const id of ids)
    must(await workspace.store.save({ kind: 'note', id, patch: { title: id }, base: {}, baseSeq: 0, saveId: mint() }));
  /** A run of another context: nothing is remembered but what the database has. */
  const run = async () => must(await drainerOf(workspace, server.transport).run({ force: true }));
  expect((await run()).error).toBeNull();
  const live = async () => must(await workspace.store.count('note', 'live'));
  return { server, store: workspace.store, ids, run, live };
}

test('of deletions that are too many only over several pages none happens, in this run or in any later one', async () => {
  const { server, store, ids, run, live } = await openSyncedWorkspace();
  server.deleteNotes(ids.slice(0, 80));
  for (let n = 0; n < 4; n++) {
    expect((await run()).error).toBeNull();
    expect(await live()).toBe(NOTES);
  }
  expect(must(await store.heldDeletions())).toHaveLength(80);
  expect(server.deleted()).toBe(80);
});

test('a run that is cut off between its pages has deleted nothing, and neither has the one that ends it', async () => {
  const { server, ids, run, live } = await openSyncedWorkspace();
  server.deleteNotes(ids.slice(0, 80));
  server.failAfter(1);
  expect((await run()).error).not.toBeNull();
  expect(await live()).toBe(NOTES);
  server.failAfter(Infinity);
  expect((await run()).error).toBeNull();
  expect(await live()).toBe(NOTES);
});

test('a reconcile with a server on which everything is deleted asks before it deletes anything', async () => {
  const { server, store, ids, run, live } = await openSyncedWorkspace();
  server.deleteNotes(ids);
  server.rotate();
  expect((await run()).error).toBeNull();
  expect(await live()).toBe(NOTES);
  const held = must(await store.heldDeletions());
  expect(held).toHaveLength(NOTES);
  expect(new Set(held.map(({ deviceId }) => deviceId))).toEqual(new Set([LAPTOP]));

  const shown = held.map(({ entity, version }) => ({ kind: entity.kind, id: entity.id, version }));
  must(await store.decideDeletions('keep', shown));
  expect((await run()).error).toBeNull();
  expect(server.deleted()).toBe(0);
  expect(await live()).toBe(NOTES);
});

test.each(['repeated', 'empty'] as const)(
  'a manifest that never comes to an end (%s page) ends the run, and counts for nothing',
  async (how) => {
    const { server, store, ids, run, live } = await openSyncedWorkspace();
    server.rotate();
    server.endless(how);
    expect((await run()).error).toMatchObject({ type: 'Network' });
    expect(await live()).toBe(NOTES);
    must(await store.save({ kind: 'note', id: ids[0] ?? '', patch: { title: 'Later' }, base: {}, baseSeq: 0, saveId: mint() }));
    expect((await run()).error).toMatchObject({ type: 'Network' });
  },
);
