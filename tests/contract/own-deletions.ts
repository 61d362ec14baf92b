/** Deletions of this device, weighed before they are sent (`src/store/draft/own-deletions.ts`), over whichever database. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { Kv } from '#core/ports.ts';
import type { Op, RemoteEntity } from '#core/protocol.ts';
import type { WorkspaceTables } from '#store/schema/schema.ts';
import type { HeldDeletion } from '#store/store.ts';
import { createSyncStore } from '#store/sync/create-sync-store.ts';
import { mint, must, openWorld, position, remote } from './store.ts';

const HOUR_MS = 3_600_000;

export function describeOwnDeletions(name: string, open: () => Promise<Kv<WorkspaceTables>>, bulkFrom?: number): void {
  describe(`deletions of this device over ${name}`, () => {
    let world: ReturnType<typeof openWorld>;
    let seq: number;

    beforeEach(async () => {
      world = openWorld(await open(), bulkFrom);
      seq = 0;
    });

    const pull = async (changes: readonly RemoteEntity[]) =>
      must(await world.sync.apply(changes, seq, position(seq, changes.at(-1)?.version ?? mint())));
    const notes = async (count: number) => {
      const made = Array.from({ length: count }, (_, n) => remote('note', mint(), { text: `n${n}` }, ++seq, world.time.ms));
      await pull(made);
      return made.map(({ id }) => id);
    };
    /** Everything that is sent until nothing goes any more, a few at a time, each answered as applied. */
    const push = async (limit = 500): Promise<readonly Op[]> => {
      const sent: Op[] = [];
      must(await world.sync.unanswered());
      for (;;) {
        const { ops } = must(await world.sync.claim({ limit, maxBytes: 1e9, force: true }));
        if (ops.length === 0) return sent;
        sent.push(...ops);
        const results = ops.map(({ opId }) => ({
          type: 'applied' as const,
          opId,
          rev: 2,
          seq: ++seq,
          acceptedAt: world.time.ms,
          missingBlobs: [],
        }));
        must(await world.sync.acknowledge(results, position(seq, ops.at(-1)?.opId ?? '')));
      }
    };
    const deletions = (ops: readonly Op[]) => ops.filter(({ kind, deleted }) => kind === 'note' && deleted).length;
    const purge = async (ids: readonly string[], act?: string) => must(await world.store.purge('note', ids, act));
    const held = async () => must(await world.store.heldDeletions());
    const shown = (list: readonly HeldDeletion[]) =>
      list.map(({ entity, version }) => ({ kind: entity.kind, id: entity.id, version }));
    const live = async () => must(await world.store.count('note', 'live'));

    test('too many that nobody has confirmed are not sent, not even the first few, and everything else is', async () => {
      const ids = await notes(200);
      await purge(ids.slice(0, 60));
      await world.save('note', mint(), { title: 'goes on' });
      const sent = await push(20);
      expect(deletions(sent)).toBe(0);
      expect(sent.filter(({ kind }) => kind === 'note')).toHaveLength(1);
      expect(must(await world.store.summary()).heldDeletions).toEqual({ count: 60, since: world.time.ms });
      expect(await held()).toHaveLength(60);
      expect((await held())[0]).toMatchObject({ deviceId: world.context.deviceId, entity: { kind: 'note' } });
      expect(new Set((await held()).map(({ entity }) => entity.fields.text)).size).toBe(60);
      // Another context, later.
      world = { ...world, sync: createSyncStore(world.context) };
      world.time.ms += 48 * HOUR_MS;
      expect(deletions(await push())).toBe(0);
    });

    test('more than half of what there is of a kind is not sent', async () => {
      const ids = await notes(19);
      await purge(ids.slice(0, 10));
      expect(deletions(await push())).toBe(0);
    });

    test('a handful goes, as do many small ones over some days', async () => {
      const ids = await notes(300);
      for (let n = 0; n < 100; n++) {
        await purge(ids.slice(n, n + 1));
        expect(deletions(await push())).toBe(1);
        world.time.ms += HOUR_MS;
      }
    });

    test('many small ones within a day are not sent beyond the forty-ninth', async () => {
      const ids = await notes(300);
      let sent = 0;
      for (let n = 0; n < 80; n++) {
        await purge(ids.slice(n, n + 1));
        sent += deletions(await push());
      }
      expect(sent).toBe(49);
      expect(await held()).toHaveLength(31);
    });

    test('what the person has confirmed as one act goes at once, behind the note of it', async () => {
      const ids = await notes(200);
      await purge(ids.slice(0, 100), mint());
      await purge(ids.slice(100), mint());
      const sent = await push();
      expect(deletions(sent)).toBe(200);
      expect(sent[0]?.kind).toBe('bulk-deletion');
      expect(await held()).toEqual([]);
      await purge(await notes(5));
      expect(deletions(await push())).toBe(5);
    });

    test('"delete" sends what was shown as an act of the person, and nothing else', async () => {
      const ids = await notes(200);
      await purge(ids.slice(0, 60));
      await push();
      const list = shown(await held());
      await purge(ids.slice(60, 65));
      await push();
      expect(must(await world.store.decideDeletions('delete', list))).toBe(60);
      const sent = await push();
      expect(deletions(sent)).toBe(60);
      expect(sent.some(({ kind }) => kind === 'bulk-deletion')).toBe(true);
      expect(await held()).toHaveLength(5);
    });

    test('what the person allows a day later is a confirmed act on other devices, too', async () => {
      const ids = await notes(200);
      await purge(ids.slice(0, 60));
      await push();
      world.time.ms += 24 * HOUR_MS;
      must(await world.store.decideDeletions('delete', shown(await held())));
      const sent = await push();
      const other = openWorld(await open());
      const pullAll = async (changes: readonly RemoteEntity[]) => {
        must(await other.sync.apply(changes, changes.at(-1)?.seq ?? 0, position(seq, changes.at(-1)?.version ?? '')));
        must(await other.sync.weighDeletions());
      };
      await pullAll(ids.map((id, n) => remote('note', id, { text: `n${n}` }, n + 1, world.time.ms)));
      await pullAll(
        sent.map(({ opId, base: _, blobs: _blobs, ...op }) => ({
          ...op,
          version: opId,
          rev: 2,
          seq: ++seq,
          deviceId: world.context.deviceId,
          acceptedAt: world.time.ms,
        })),
      );
      expect(must(await other.store.heldDeletions())).toEqual([]);
      expect(must(await other.store.count('note', 'live'))).toBe(140);
    });

    test('"keep" sends what is here where an earlier edit of it was on its way', async () => {
      const ids = await notes(60);
      const taken = ids[0] ?? '';
      const edit = async (text: string, was: string) => {
        const view = must(await world.store.get('note', taken));
        await world.save('note', taken, { text }, { text: was }, view?.localSeq ?? 0);
      };
      await edit('on its way', 'n0');
      const { ops } = must(await world.sync.claim({ limit: 1, maxBytes: 1e9, force: true }));
      await edit('n0', 'on its way');
      await purge(ids);
      must(await world.sync.claim({ limit: 100, maxBytes: 1e9, force: true }));
      must(await world.store.decideDeletions('keep', shown(await held())));
      must(
        await world.sync.acknowledge(
          ops.map(({ opId }) => ({
            type: 'applied' as const,
            opId,
            rev: 2,
            seq: ++seq,
            acceptedAt: world.time.ms,
            missingBlobs: [],
          })),
          position(seq, ops.at(-1)?.opId ?? ''),
        ),
      );
      expect(must(await world.store.get('note', taken))?.fields.text).toBe('n0');
      expect((await push()).map(({ id, body }) => [id, body?.includes('"n0"')])).toEqual([[taken, true]]);
    });

    test.each(['op-reused', 'too-big'] as const)(
      'a held deletion is not sent in the place of an edit that is refused: %s',
      async (reason) => {
        const ids = await notes(60);
        const refused = ids[0] ?? '';
        const view = must(await world.store.get('note', refused));
        await world.save('note', refused, { text: 'on its way' }, { text: 'n0' }, view?.localSeq ?? 0);
        const { ops } = must(await world.sync.claim({ limit: 1, maxBytes: 1e9, force: true }));
        await purge(ids);
        must(await world.sync.claim({ limit: 100, maxBytes: 1e9, force: true }));
        expect(await held()).toHaveLength(60);
        const results = ops.map(({ opId }) => ({ type: 'rejected' as const, opId, reason }));
        must(await world.sync.acknowledge(results, position(seq, mint())));
        must(await world.store.retryQuarantined());
        expect(deletions(await push())).toBe(0);
        expect(await held()).toHaveLength(60);
      },
    );

    test('"keep" brings everything back, and where the server still has it nothing is sent', async () => {
      const ids = await notes(60);
      const changed = ids[0] ?? '';
      const view = must(await world.store.get('note', changed));
      await world.save('note', changed, { text: 'changed' }, { text: 'n0' }, view?.localSeq ?? 0);
      await purge(ids);
      await push();
      expect(await live()).toBe(0);
      expect(must(await world.store.decideDeletions('keep', shown(await held())))).toBe(60);
      expect(await live()).toBe(60);
      expect(must(await world.store.get('note', ids[5] ?? ''))?.fields.text).toBe('n5');
      expect(must(await world.store.get('note', changed))?.fields.text).toBe('changed');
      const sent = await push();
      expect(sent.map(({ id, deleted }) => [id, deleted])).toEqual([[changed, false]]);
      expect(must(await world.store.summary())).toMatchObject({ pending: 0, heldDeletions: { count: 0 } });
    });

    test('a held deletion gives way to an edit, here or elsewhere', async () => {
      const ids = await notes(60);
      await purge(ids);
      await push();
      const [here = '', elsewhere = ''] = ids;
      await world.save('note', here, { title: 'typed on' });
      await pull([remote('note', elsewhere, { text: 'edited elsewhere' }, ++seq, world.time.ms)]);
      expect(await held()).toHaveLength(58);
      const sent = (await push()).filter(({ kind }) => kind === 'note');
      expect(sent.map(({ id, deleted }) => [id, deleted])).toEqual([[here, false]]);
      expect(must(await world.store.get('note', elsewhere))?.fields.text).toBe('edited elsewhere');
    });

    test('other devices do not ask about a confirmed act, but about everything else', async () => {
      const ids = await notes(200);
      await purge(ids.slice(0, 60), mint());
      const sent = await push();
      const other = openWorld(await open());
      const end = async (changes: readonly RemoteEntity[]) => {
        must(await other.sync.apply(changes, changes.at(-1)?.seq ?? 0, position(seq, changes.at(-1)?.version ?? '')));
        must(await other.sync.weighDeletions());
      };
      const arriving = (ops: readonly Op[], deviceId: string): RemoteEntity[] =>
        ops.map(({ opId, base: _, blobs: _blobs, ...op }) => ({
          ...op,
          version: opId,
          rev: 2,
          seq: ++seq,
          deviceId,
          acceptedAt: world.time.ms,
        }));
      await end(ids.map((id, n) => remote('note', id, { text: `n${n}` }, n + 1, world.time.ms)));
      await end(arriving(sent, world.context.deviceId));
      expect(must(await other.store.count('note', 'live'))).toBe(140);
      expect(must(await other.store.history('note', ids[0] ?? ''))[0]).toMatchObject({ reason: 'delete' });
      expect(must(await other.store.heldDeletions())).toEqual([]);
      const events = must(await other.status.events()).map(({ event }) => event);
      expect(events).toContainEqual({ type: 'deletions-confirmed', count: 60 });

      // Brought back, and deleted once more long afterwards: the old act says nothing about that.
      await end(ids.slice(0, 60).map((id) => remote('note', id, { text: 'back' }, ++seq, world.time.ms)));
      expect(must(await other.store.count('note', 'live'))).toBe(200);
      world.time.ms += 3 * HOUR_MS;
      other.time.ms += 3 * HOUR_MS;
      await end(ids.slice(0, 60).map((id) => remote('note', id, null, ++seq, world.time.ms)));
      expect(must(await other.store.count('note', 'live'))).toBe(200);
      expect(must(await other.store.heldDeletions())).toHaveLength(60);
    });
  });
}
