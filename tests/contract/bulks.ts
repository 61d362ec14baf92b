/** A push of many ops, marked and acknowledged as one (`src/store/sync/bulk.ts`), over whichever database. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { Kv } from '#core/ports.ts';
import type { Op, PushResult } from '#core/protocol.ts';
import { createStore } from '#store/create-store.ts';
import { asCounters } from '#store/schema/context.ts';
import type { WorkspaceTables } from '#store/schema/schema.ts';
import { createSyncStore } from '#store/sync/create-sync-store.ts';
import { mint, must, openWorld, position } from './store.ts';

const MANY = 30;
const BULK_FROM = 20;
const REQUEST = { limit: 200, maxBytes: 1e9, force: true };

const answersOf = (ops: readonly Op[], firstSeq: number, rev = 1): PushResult[] =>
  ops.map(({ opId }, index) => ({ type: 'applied', opId, rev, seq: firstSeq + index, acceptedAt: 7, missingBlobs: [] }));

export function describeBulks(name: string, open: () => Promise<Kv<WorkspaceTables>>): void {
  describe(`bulks over ${name}`, () => {
    let world: ReturnType<typeof openWorld>;
    let ids: readonly string[];

    beforeEach(async () => {
      world = openWorld(await open(), BULK_FROM);
      ids = Array.from({ length: MANY }, mint);
      for (const [n, id] of ids.entries()) await world.save('note', id, { title: `${n}`, text: 'one\ntwo\n' });
    });

    const claim = async () => must(await world.sync.claim(REQUEST)).ops;
    const acknowledge = async (results: readonly PushResult[]) => {
      const last = results.at(-1);
      return must(await world.sync.acknowledge(results, position(last?.type === 'applied' ? last.seq : 0, last?.opId ?? mint())));
    };
    const state = async () => asCounters(must(await world.kv.read({ state: { get: 'meta', key: 'state' } })).state);
    const left = async () => must(await world.kv.read({ n: { count: 'outbox' }, bulk: { get: 'meta', key: 'bulk' } }));
    const views = async () => must(await world.store.list({ kind: 'note', limit: 200 })).items;

    test('many ops are marked and acknowledged without a write to their rows, and read as acknowledged', async () => {
      const before = await views();
      const ops = await claim();
      expect(ops.map(({ id }) => id)).toEqual(ids);
      expect((await state()).sending).toMatchObject({ localSeq: MANY });
      expect(must(await world.sync.unanswered())).toEqual(ops);
      expect(await claim()).toEqual([]);
      await acknowledge(answersOf(ops, 1));
      expect(await left()).toEqual({ n: 0, bulk: undefined });
      expect((await state()).acked).toEqual([{ from: 1, to: MANY, seq: 1, acceptedAt: 7 }]);
      expect(await views()).toEqual(before.map((view) => ({ ...view, pending: false })));
      expect(must(await world.store.summary())).toMatchObject({ pending: 0, cursor: MANY });
      const { versions } = must(await world.status.versions(null));
      expect(new Map(versions.map(({ id, version }) => [id, version]))).toEqual(new Map(ops.map(({ id, opId }) => [id, opId])));
    });

    test('an edit after it is built on what was taken, and goes out on that base', async () => {
      const ops = await claim();
      await acknowledge(answersOf(ops, 1));
      const edited = (await views()).find(({ id }) => id === ids[3]);
      await world.save('note', ids[3] as string, { text: 'new' }, { text: 'one\ntwo\n' }, edited?.localSeq);
      const [next, ...others] = await claim();
      expect(others).toEqual([]);
      expect(next).toMatchObject({ id: ids[3], base: ops[3]?.opId });
      const { base } = must(await world.kv.read({ base: { get: 'bases', key: ['note', ids[3] as string] } }));
      expect(base).toMatchObject({ version: ops[3]?.opId, fields: { text: 'one\ntwo\n' } });
    });

    test('a second bulk of the same entities drops their bases', async () => {
      await acknowledge(answersOf(await claim(), 1));
      for (const view of await views()) await world.save('note', view.id, { text: 'b' }, { text: 'one\ntwo\n' }, view.localSeq);
      await acknowledge(answersOf(await claim(), MANY + 1, 2));
      const rest = must(await world.kv.read({ bases: { count: 'bases' }, outbox: { count: 'outbox' } }));
      expect(rest).toEqual({ bases: 0, outbox: 0 });
      // The orders and the log of the account went on without a gap: one run covers both.
      expect((await state()).acked).toEqual([{ from: 1, to: 2 * MANY, seq: 1, acceptedAt: 7 }]);
    });

    test('an entity edited on its way keeps its edit, which goes out on what was taken', async () => {
      const ops = await claim();
      const before = (await views()).find(({ id }) => id === ids[5]);
      await world.save('note', ids[5] as string, { text: 'meanwhile' }, { text: 'one\ntwo\n' }, before?.localSeq);
      expect(must(await world.sync.unanswered())).toEqual(ops);
      await acknowledge(answersOf(ops, 1));
      const pending = (await views()).filter((view) => view.pending);
      expect(pending.map(({ id, fields }) => [id, fields['text']])).toEqual([[ids[5], 'meanwhile']]);
      const [next] = await claim();
      expect(next).toMatchObject({ id: ids[5], base: ops[5]?.opId });
      expect(next?.body).toContain('meanwhile');
    });

    test('killed on its way, its ops are sent again, unchanged', async () => {
      const ops = await claim();
      world = { ...world, store: createStore(world.context), sync: createSyncStore(world.context) };
      expect(must(await world.sync.unanswered())).toEqual(ops);
      await acknowledge(answersOf(ops, 1));
      expect(await left()).toEqual({ n: 0, bulk: undefined });
    });

    test('answers that are not all alike go row by row: one refused, one left out, the others taken', async () => {
      const ops = await claim();
      const results = answersOf(ops, 1).map(
        (result, index): PushResult => (index === 2 ? { type: 'rejected', opId: result.opId, reason: 'too-big' } : result),
      );
      await acknowledge(results.filter((_, index) => index !== 9));
      expect((await state()).sending).toBeNull();
      expect(must(await world.store.summary())).toMatchObject({ pending: 2, awaitingPerson: 1 });
      expect(must(await world.sync.unanswered())).toEqual([ops[9]]);
      await acknowledge([answersOf([ops[9] as Op], 10)[0] as PushResult]);
      expect(must(await world.store.summary())).toMatchObject({ pending: 1, awaitingPerson: 1 });
    });

    test('a reconcile gives the ops of a bulk new ids, for their answers will never come', async () => {
      const ops = await claim();
      must(await world.sync.beginReconcile());
      expect(must(await world.sync.unanswered())).toEqual([]);
      must(await world.sync.endReconcile(mint(), 0, null));
      const again = await claim();
      expect(again.map(({ id, body }) => [id, body]).sort()).toEqual(ops.map(({ id, body }) => [id, body]).sort());
      expect(again.filter(({ opId }) => ops.some((op) => op.opId === opId))).toEqual([]);
    });

    test('what was made ready for the next bulk is not used once something was saved', async () => {
      const limited = { ...REQUEST, limit: 20 };
      const more = Array.from({ length: 20 }, mint);
      for (const id of more) await world.save('note', id, { title: 'more', text: 'one\ntwo\n' });
      const ops = must(await world.sync.claim(limited)).ops;
      await world.sync.prepare(limited);
      const target = ids[25] as string;
      const before = must(await world.store.get('note', target));
      await world.save('note', target, { text: 'later' }, { text: 'one\ntwo\n' }, before?.localSeq);
      await acknowledge(answersOf(ops, 1));
      const next = must(await world.sync.claim(limited)).ops;
      expect(next.find(({ id }) => id === target)?.body).toContain('later');
      expect(next).toHaveLength(20);
    });

    test('what was made ready is what goes out next, where nothing came between', async () => {
      const limited = { ...REQUEST, limit: 20 };
      for (const id of Array.from({ length: 20 }, mint)) await world.save('note', id, { title: 'more' });
      const ops = must(await world.sync.claim(limited)).ops;
      await world.sync.prepare(limited);
      await acknowledge(answersOf(ops, 1));
      // Marked by the transaction that acknowledged the one before it: a device that dies here sends it again.
      expect((await state()).sending).toMatchObject({ from: 21, to: 40 });
      const next = must(await world.sync.claim(limited)).ops;
      expect(next.map(({ id }) => id).slice(0, 10)).toEqual(ids.slice(20));
      expect(must(await world.sync.unanswered())).toEqual(next);
    });

    test('the next bulk does not begin before the pull that somebody else has made necessary', async () => {
      const limited = { ...REQUEST, limit: 20 };
      for (const id of Array.from({ length: 20 }, mint)) await world.save('note', id, { title: 'more' });
      const ops = must(await world.sync.claim(limited)).ops;
      await world.sync.prepare(limited);
      const { cursor, seen } = must(await world.sync.acknowledge(answersOf(ops, 1), position(21, mint())));
      expect([cursor, seen?.seq]).toEqual([0, 21]);
      expect((await state()).sending).toBeNull();
      expect(must(await world.sync.unanswered())).toEqual([]);
    });

    test('a run that was given up hands nothing on to the next one', async () => {
      const limited = { ...REQUEST, limit: 20 };
      for (const id of Array.from({ length: 20 }, mint)) await world.save('note', id, { title: 'more' });
      const ops = must(await world.sync.claim(limited)).ops;
      await world.sync.prepare(limited);
      await acknowledge(answersOf(ops, 1));
      // Another context acknowledges what was marked for this one.
      const other = createSyncStore(world.context);
      const begun = must(await other.unanswered());
      expect(begun).toHaveLength(20);
      must(await other.acknowledge(answersOf(begun, 21), position(40, begun.at(-1)?.opId ?? '')));
      expect(must(await world.sync.unanswered())).toEqual([]);
      expect(must(await world.sync.claim(limited)).ops).toHaveLength(10);
    });
  });
}
