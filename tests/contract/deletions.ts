/** Deletions of other devices (`src/store/draft/held-deletions.ts`), over whichever database. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { Kv } from '#core/ports.ts';
import type { RemoteEntity } from '#core/protocol.ts';
import { createStore } from '#store/create-store.ts';
import type { WorkspaceTables } from '#store/schema/schema.ts';
import type { HeldDeletion } from '#store/store.ts';
import { createSyncStore } from '#store/sync/create-sync-store.ts';
import { mint, must, openWorld, position, remote } from './store.ts';

const DAY_MS = 86_400_000;
const LAPTOP = mint();

export function describeDeletions(name: string, open: () => Promise<Kv<WorkspaceTables>>): void {
  describe(`deletions of other devices over ${name}`, () => {
    let world: ReturnType<typeof openWorld>;
    let seq = 0;

    beforeEach(async () => {
      world = openWorld(await open());
      seq = 0;
    });

    const pull = async (changes: readonly RemoteEntity[], sync = world.sync) =>
      must(await sync.apply(changes, seq, position(seq, changes.at(-1)?.version ?? mint())));
    const notes = async (count: number) => {
      const made = Array.from({ length: count }, (_, n) => remote('note', mint(), { text: `n${n}` }, ++seq, world.time.ms));
      await pull(made);
      return made;
    };
    const graves = (of: readonly { readonly kind: string; readonly id: string }[], deviceId = LAPTOP) =>
      of.map(({ kind, id }) => ({ ...remote(kind, id, null, ++seq, world.time.ms), deviceId }));
    const end = async () => must(await world.sync.weighDeletions());
    const live = async () => must(await world.store.count('note', 'live'));
    const held = async () => must(await world.store.heldDeletions());
    const shown = (list: readonly HeldDeletion[]) =>
      list.map(({ entity, version }) => ({ kind: entity.kind, id: entity.id, version }));

    test('pages that are too many only together delete nothing', async () => {
      const made = await notes(200);
      const tombstones = graves(made.slice(0, 80));
      await pull(tombstones.slice(0, 40));
      expect(await live()).toBe(200);
      await pull(tombstones.slice(40));
      await end();
      expect(await live()).toBe(200);
      expect((await held()).map(({ entity }) => entity.id).sort()).toEqual(
        made
          .slice(0, 80)
          .map(({ id }) => id)
          .sort(),
      );
      expect(must(await world.store.summary()).heldDeletions).toEqual({ count: 80, since: world.time.ms });
    });

    test('what is held stays held in every later run and in every other context', async () => {
      await pull(graves(await notes(60)));
      await end();
      const again = createSyncStore(world.context);
      for (let run = 0; run < 3; run++) {
        world.time.ms += DAY_MS;
        await pull([], again);
        must(await again.weighDeletions());
      }
      expect(await live()).toBe(60);
      expect(must(await createStore(world.context).heldDeletions())).toHaveLength(60);
      // A comparison with the server says that they wait, not that something is wrong.
      const page = must(await world.status.versions(null));
      expect(page.versions.filter(({ pending }) => pending)).toHaveLength(60);
      const [first] = await held();
      expect(first).toMatchObject({ deviceId: LAPTOP, at: world.time.ms - 3 * DAY_MS });
    });

    test('a run that was cut off goes on counting in the next one', async () => {
      const tombstones = graves(await notes(60));
      await pull(tombstones.slice(0, 30));
      const next = createSyncStore(world.context);
      await pull(tombstones.slice(30), next);
      must(await next.weighDeletions());
      expect(await live()).toBe(60);
    });

    test('edits of others pass while deletions are held', async () => {
      const made = await notes(61);
      await pull(graves(made.slice(0, 60)));
      await end();
      const edit = remote('note', made[60]?.id ?? '', { text: 'edited elsewhere' }, ++seq, world.time.ms);
      await pull([edit]);
      expect(must(await world.store.get('note', edit.id))?.fields.text).toBe('edited elsewhere');
      expect(must(await world.sync.position()).cursor).toBe(seq);
    });

    test('a handful happens at once, and its content is in the history', async () => {
      const made = await notes(100);
      await pull(graves(made.slice(0, 5)));
      await end();
      expect(await live()).toBe(95);
      const kept = must(await world.store.history('note', made[0]?.id ?? ''));
      expect(kept[0]).toMatchObject({ reason: 'delete', fields: { text: 'n0' } });
      expect(await held()).toEqual([]);
    });

    test('many small runs of one device within a day are one large one', async () => {
      const made = await notes(500);
      for (let run = 0; run < 100; run++) {
        world.time.ms += 60_000;
        await pull(graves(made.slice(run, run + 1)));
        await end();
      }
      expect(await live()).toBe(500 - 49);
      expect(await held()).toHaveLength(51);
    });

    test('the same number over some days, or by several devices, is not', async () => {
      const made = await notes(500);
      const phone = mint();
      for (let run = 0; run < 80; run++) {
        world.time.ms += DAY_MS / 40;
        await pull(graves(made.slice(2 * run, 2 * run + 1)));
        await pull(graves(made.slice(2 * run + 1, 2 * run + 2), phone));
        await end();
      }
      expect(await live()).toBe(500 - 160);
    });

    test('a clock that was set back does not make yesterday count forever', async () => {
      const made = await notes(500);
      world.time.ms += 400 * DAY_MS;
      await pull(graves(made.slice(0, 30)));
      await end();
      world.time.ms -= 400 * DAY_MS;
      await pull(graves(made.slice(30, 31)));
      await end();
      world.time.ms += DAY_MS;
      await pull(graves(made.slice(40, 70)));
      await end();
      expect(await live()).toBe(500 - 61);
    });

    test('a reconcile deletes nothing of what is too much, and does not forget what was held', async () => {
      const made = await notes(100);
      const tombstones = graves(made);
      const reconcile = async (of: readonly RemoteEntity[]) => {
        must(await world.sync.beginReconcile());
        for (const [n, grave] of of.entries()) must(await world.sync.reconcile(grave, [made[n]?.version ?? ''], null));
        must(await world.sync.endReconcile(mint(), seq, null));
        await end();
      };
      await reconcile(tombstones);
      expect(await live()).toBe(100);
      expect(await held()).toHaveLength(100);
      // Restored once more, to a time before most of the deletions: five were shown and not answered.
      world.time.ms += 60_000;
      await reconcile(tombstones.slice(0, 5));
      expect(await live()).toBe(100);
      expect((await held()).map(({ version }) => version).sort()).toEqual(
        tombstones
          .slice(0, 5)
          .map(({ version }) => version)
          .sort(),
      );
      expect(must(await world.store.summary()).heldDeletions).toMatchObject({ count: 5, since: world.time.ms - 60_000 });
    });

    test('"delete" deletes exactly what was shown, and later deletions are weighed by themselves', async () => {
      const made = await notes(200);
      await pull(graves(made.slice(0, 60)));
      await end();
      const list = shown(await held());
      await pull(graves(made.slice(60, 65)));
      await end();
      expect(must(await world.store.decideDeletions('delete', list))).toBe(60);
      expect(await live()).toBe(140);
      expect(must(await world.store.history('note', made[0]?.id ?? ''))[0]).toMatchObject({ reason: 'delete' });
      expect(await held()).toHaveLength(5);
      expect(must(await world.store.summary()).pending).toBe(0);
      must(await world.store.decideDeletions('delete', shown(await held())));
      await pull(graves(made.slice(65, 66)));
      await end();
      expect(await live()).toBe(134);
      await pull(graves(made.slice(66, 130)));
      await end();
      expect(await live()).toBe(134);
    });

    test('an answer says nothing about a version that was not shown', async () => {
      const made = await notes(60);
      await pull(graves(made));
      await end();
      const list = shown(await held());
      // Brought back and deleted once more by others, meanwhile.
      const back = remote('note', made[0]?.id ?? '', { text: 'back' }, ++seq, world.time.ms);
      await pull([back]);
      expect(await held()).toHaveLength(59);
      await pull(graves([back]));
      await end();
      expect(must(await world.store.decideDeletions('delete', list))).toBe(59);
      expect(must(await world.store.get('note', back.id))).toMatchObject({ lifecycle: 'live', fields: { text: 'back' } });
      expect(await held()).toHaveLength(1);
    });

    test('"keep" offers everything to the server again, built on the tombstones', async () => {
      const made = await notes(60);
      const tombstones = graves(made);
      await pull(tombstones);
      await end();
      expect(must(await world.store.decideDeletions('keep', shown(await held())))).toBe(60);
      expect(await live()).toBe(60);
      const ops = await world.claimAll();
      expect(new Set(ops.map(({ base }) => base))).toEqual(new Set(tombstones.map(({ version }) => version)));
      expect(ops.every(({ deleted }) => !deleted)).toBe(true);
    });

    test('what is edited here, or only taken out of the bin here, is not deleted by the answer to its push', async () => {
      const made = await notes(60);
      for (const { id } of made) {
        const view = must(await world.store.get('note', id));
        await world.save('note', id, { binnedAt: 1 }, { binnedAt: null }, view?.localSeq ?? 0);
      }
      const binned = await world.claimAll();
      const answers = binned.map(
        ({ opId }) => ({ type: 'applied', opId, rev: 2, seq: ++seq, acceptedAt: 1, missingBlobs: [] as string[] }) as const,
      );
      must(await world.sync.acknowledge(answers, position(seq, binned.at(-1)?.opId ?? '')));
      for (const { id } of made) {
        const view = must(await world.store.get('note', id));
        await world.save('note', id, { binnedAt: null }, { binnedAt: 1 }, view?.localSeq ?? 0);
      }
      const restored = await world.claimAll();
      const tombstones = graves(made);
      const results = restored.map(({ opId, id, base }) => ({
        type: 'conflict' as const,
        opId,
        current: tombstones.find((grave) => grave.id === id) ?? null,
        lineage: [base ?? ''],
      }));
      must(await world.sync.acknowledge(results, position(seq, tombstones.at(-1)?.version ?? '')));
      await end();
      expect(await live()).toBe(60);
    });

    test('a chat with an unsent message among thousands outlives its tombstone, wherever the message is', async () => {
      for (const place of ['first', 'last'] as const) {
        const chat = remote('chat', mint(), { title: place }, ++seq, world.time.ms);
        const early = mint();
        const messages = Array.from({ length: 2500 }, () =>
          remote('message', mint(), { chatId: chat.id, text: 'old' }, ++seq, world.time.ms),
        );
        await pull([chat, ...messages]);
        await world.save('message', place === 'first' ? early : mint(), { chatId: chat.id, text: 'unsent' });
        await pull(graves([chat]));
        await end();
        expect(must(await world.store.get('chat', chat.id)), place).toMatchObject({ lifecycle: 'live', pending: true });
      }
    });

    test('a chat whose newest message was taken by the server after its tombstone outlives it', async () => {
      const chat = remote('chat', mint(), { title: 'Plan' }, ++seq, world.time.ms);
      await pull([chat]);
      const [grave] = graves([chat]);
      await world.save('message', mint(), { chatId: chat.id, text: 'mine' });
      const [op] = await world.claimAll();
      const result = {
        type: 'applied',
        opId: op?.opId ?? '',
        rev: 1,
        seq: ++seq,
        acceptedAt: 1,
        missingBlobs: [] as string[],
      } as const;
      must(await world.sync.acknowledge([result], position(seq, result.opId)));
      await pull(grave ? [grave] : []);
      await end();
      expect(must(await world.store.get('chat', chat.id))).toMatchObject({ lifecycle: 'live', pending: true });
    });
  });
}
