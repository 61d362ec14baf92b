/** The order in which a list gives its documents, and what counts as an edit. The memory and the IndexedDB adapter pass the same list. */
import { beforeEach, describe, expect, test } from 'vitest';
import { hashText } from '#core/hash.ts';
import type { Kv } from '#core/ports.ts';
import type { WorkspaceTables } from '#store/schema/schema.ts';
import { mint, must, openWorld, position, remote } from './store.ts';

export function describeListOrder(name: string, open: () => Promise<Kv<WorkspaceTables>>): void {
  describe(`${name}: the order of a list`, () => {
    let world: ReturnType<typeof openWorld>;
    let ids: readonly string[];

    /** Three notes, a minute apart. */
    beforeEach(async () => {
      world = openWorld(await open());
      const made: string[] = [];
      for (const title of ['First', 'Second', 'Third']) {
        world.time.ms += 60_000;
        made.push((await world.save('note', `0198c0de-0000-7000-8000-00000000a00${made.length}`, { title })).entity.id);
      }
      ids = made;
      world.time.ms += 60_000;
    });

    const titles = async (limit = 10): Promise<readonly unknown[]> => {
      const all: unknown[] = [];
      let after: string | null | undefined;
      while (after !== null) {
        const page = must(await world.store.list({ kind: 'note', limit, ...(after !== undefined && { after }) }));
        all.push(...page.items.map(({ fields }) => fields['title']));
        after = page.next;
      }
      return all;
    };
    const change = async (at: number, patch: Parameters<typeof world.save>[2]) => {
      const id = ids[at] ?? '';
      const found = must(await world.store.get('note', id));
      const was = Object.fromEntries(Object.keys(patch).map((field) => [field, found?.fields[field] ?? null]));
      return (await world.save('note', id, patch, was, found?.localSeq ?? 0)).entity;
    };

    test.each([
      ['a star', { starred: true }],
      ['a tag', { tags: ['exam'] }],
      ['a notebook', { notebook: 'Plants' }],
    ])('%s is no edit: the note stays where it is, and was edited when it was', async (_, patch) => {
      const before = must(await world.store.get('note', ids[0] ?? ''));
      const after = await change(0, patch);
      expect(after.fields).toMatchObject(patch);
      expect(after.updatedAt).toBe(before?.updatedAt);
      expect(await titles()).toEqual(['Third', 'Second', 'First']);
    });

    test('words are an edit, with a star or without', async () => {
      await change(0, { text: 'More.', starred: true });
      expect(await titles()).toEqual(['First', 'Third', 'Second']);
      expect(must(await world.store.get('note', ids[0] ?? ''))?.updatedAt).toBe(world.time.ms);
    });

    test('a star that another device sets is no edit here', async () => {
      const edit = remote('note', mint(), { title: 'Theirs' }, 1, world.time.ms - 30_000_000);
      must(await world.sync.apply([edit], 1, position(1, edit.version)));
      const { stamps } = JSON.parse(edit.body ?? '{}');
      const star = remote('note', edit.id, { title: 'Theirs', starred: true }, 2, world.time.ms);
      const body = JSON.stringify({
        ...JSON.parse(star.body ?? '{}'),
        stamps: { ...JSON.parse(star.body ?? '{}').stamps, ...stamps },
      });
      must(await world.sync.apply([{ ...star, body, hash: hashText(body) }], 2, position(2, star.version)));
      const found = must(await world.store.get('note', edit.id));
      expect(found).toMatchObject({ fields: { starred: true }, updatedAt: world.time.ms - 30_000_000 });
      expect(await titles()).toEqual(['Third', 'Second', 'First', 'Theirs']);
    });

    test.each([1, 2, 10])('a pinned note comes first, on pages of %i, and goes back to its place', async (limit) => {
      const pinned = await change(0, { pinned: true });
      expect(await titles(limit)).toEqual(['First', 'Third', 'Second']);
      expect(pinned.updatedAt).toBeLessThan(world.time.ms - 60_000);
      await change(1, { text: 'More.' });
      expect(await titles(limit)).toEqual(['First', 'Second', 'Third']);
      await change(0, { pinned: false });
      expect(await titles(limit)).toEqual(['Second', 'Third', 'First']);
    });

    test('what is in the bin is in the order in which it came there, pinned or not', async () => {
      await change(0, { pinned: true });
      for (const at of [0, 1]) {
        world.time.ms += 60_000;
        await change(at, { binnedAt: world.time.ms });
      }
      const { items } = must(await world.store.list({ kind: 'note', lifecycle: 'binned', limit: 10 }));
      expect(items.map(({ fields }) => fields['title'])).toEqual(['Second', 'First']);
      await change(0, { binnedAt: null });
      expect(await titles()).toEqual(['First', 'Third']);
    });

    test('a row of an older version, whose place counts every change, keeps it until its next edit', async () => {
      await change(0, { starred: true });
      const { row } = must(await world.kv.read({ row: { get: 'entities', key: ['note', ids[0] ?? ''] } }));
      if (!row) throw new Error('no row');
      const old = { ...row, sort: row.lastUpdated };
      must(await world.kv.transact({}, () => ({ writes: [{ put: 'entities', row: old }], value: null })));
      expect(await titles()).toEqual(['First', 'Third', 'Second']);
      expect(must(await world.store.get('note', old.id))?.updatedAt).toBe(world.time.ms);
      world.time.ms += 60_000;
      await change(1, { text: 'More.' });
      await change(0, { starred: false });
      expect(await titles()).toEqual(['Second', 'Third', 'First']);
    });
  });
}
