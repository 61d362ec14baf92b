/** A name renamed, merged and taken away over a real store, with the search index and without it, for any kind. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { App } from '#app/app.ts';
import { typedReads } from '#app/typed-views.ts';
import { BINNED_AT, type Fields, type Ledger } from '#core/entity.ts';
import { mintId } from '#core/ids.ts';
import { err, ok } from '#core/result.ts';
import type { DocumentKind } from '#entities/documents.ts';
import { ledger } from '#entities/index.ts';
import { createCatalog } from '#features/search/catalog.ts';
import { systemClock, systemRandom } from '#platform/system.ts';
import { createStore } from '#store/create-store.ts';
import { createMemoryKv } from '#store/kv/kv-memory.ts';
import { workspaceSchema } from '#store/schema/schema.ts';
import { flashcard } from '#support/flashcards/flashcard.ts';
import { changeName, countNames, type NameChange, undoNameChange } from '#ui/documents/change-name.ts';

const kinds: Ledger = new Map([...ledger, [flashcard.kind, flashcard]]);
const kindOf = (name: string): DocumentKind => {
  const declaration = kinds.get(name);
  if (!declaration?.document) throw new Error(name);
  return declaration as DocumentKind;
};
const mint = (): string => mintId(Date.now(), systemRandom);
const watch = { signal: new AbortController().signal, onProgress: () => {} };

function createWorld(hasIndex: boolean) {
  const store = createStore({
    kv: createMemoryKv(workspaceSchema),
    clock: systemClock,
    random: systemRandom,
    ledger: kinds,
    workspaceId: mint(),
    deviceId: mint(),
    channel: { post: () => {} },
    policy: () => 'newer',
  });
  const catalog = async () => {
    const made = createCatalog(kinds);
    const changes = await store.changedSince(0, 10_000);
    if (changes.ok) for (const item of changes.value.items) made.put(item);
    return made;
  };
  const save = async (kind: string, id: string, patch: Fields): Promise<void> => {
    const found = await store.get(kind, id);
    const before = found.ok ? found.value : null;
    const saved = await store.save({
      kind,
      id,
      patch,
      base: before?.fields ?? {},
      baseSeq: before?.localSeq ?? 0,
      saveId: mint(),
    });
    if (!saved.ok) throw new Error(saved.error.type);
  };
  const app: Pick<App, 'list' | 'patchBy' | 'search'> = {
    list: typedReads(store).list,
    async patchBy(kind, id, change) {
      const found = await store.get(kind, id);
      if (!found.ok) return found;
      const before = found.value?.fields ?? {};
      const patch = change(before);
      if (patch === null) return ok(null);
      const saved = await store.save({ kind, id, patch, base: before, baseSeq: found.value?.localSeq ?? 0, saveId: mint() });
      return saved.ok ? ok({ previous: before }) : err(saved.error);
    },
    async search() {
      if (!hasIndex) throw new Error('no index in this test');
      return {
        names: async (kind: string) => ok((await catalog()).names(kind)),
        carriers: async ({ kind, names, all }: { kind: string; names: Record<string, string>; all: boolean }) =>
          ok((await catalog()).carriers(kind, names, all)),
      } as unknown as Awaited<ReturnType<App['search']>>;
    },
  };
  return {
    app,
    save,
    async make(kind: string, fields: Fields): Promise<string> {
      const id = mint();
      await save(kind, id, fields);
      return id;
    },
    async field(kind: string, id: string, name: string) {
      const found = await store.get(kind, id);
      return found.ok ? found.value?.fields[name] : undefined;
    },
  };
}

describe.each([
  ['with the search index', true],
  ['without an index', false],
])('%s', (_, hasIndex) => {
  let world: ReturnType<typeof createWorld>;
  beforeEach(() => {
    world = createWorld(hasIndex);
  });
  const tags = (id: string, kind = 'note') => world.field(kind, id, 'tags');
  const change = (from: string, to: string | null, kind = 'note', field = 'tags'): NameChange => ({
    kind: kindOf(kind),
    field,
    from,
    to,
  });

  test.each(['note', 'chat', 'flashcard'])(
    'a tag of a %s is renamed in every document, in the bin too, in whatever form',
    async (kind) => {
      const live = await world.make(kind, { tags: ['a', 'caf\u00e9', 'z'] });
      const binned = await world.make(kind, { tags: ['CAFE\u0301'], [BINNED_AT]: 1 });
      const other = await world.make(kind, { tags: ['cafe'] });
      const outcome = await changeName(world.app, change('café', 'Coffee', kind), watch);
      expect(outcome).toMatchObject({ refused: 0, error: null });
      expect(outcome.changed.map(({ id }) => id).sort()).toEqual([live, binned].sort());
      expect([await tags(live, kind), await tags(binned, kind), await tags(other, kind)]).toEqual([
        ['a', 'Coffee', 'z'],
        ['Coffee'],
        ['cafe'],
      ]);
    },
  );

  test('renamed to one that exists, the two become one, and Undo parts them again', async () => {
    const [one, both] = [
      await world.make('note', { tags: ['bio'] }),
      await world.make('note', { tags: ['biology', 'bio', 'x'] }),
    ];
    const merge = change('bio', 'biology');
    const outcome = await changeName(world.app, merge, watch);
    expect([await tags(one), await tags(both)]).toEqual([['biology'], ['biology', 'x']]);
    await undoNameChange(world.app, merge, outcome, watch);
    expect([await tags(one), await tags(both)]).toEqual([['bio'], ['biology', 'x', 'bio']]);
  });

  test('another case or form of the same name is given to all', async () => {
    const [one, two] = [await world.make('note', { tags: ['exam', 'x'] }), await world.make('note', { tags: ['EXAM', 'exam'] })];
    const outcome = await changeName(world.app, change('exam', 'Exam'), watch);
    expect([await tags(one), await tags(two)]).toEqual([['Exam', 'x'], ['Exam']]);
    await undoNameChange(world.app, change('exam', 'Exam'), outcome, watch);
    expect([await tags(one), await tags(two)]).toEqual([
      ['exam', 'x'],
      ['EXAM', 'exam'],
    ]);
  });

  test('Undo takes back that name alone: what was changed since stays, and a name that was taken away is not brought back', async () => {
    const [edited, dropped] = [await world.make('note', { tags: ['bio'] }), await world.make('note', { tags: ['bio'] })];
    const rename = change('bio', 'biology');
    const outcome = await changeName(world.app, rename, watch);
    await world.save('note', edited, { text: 'More.', tags: ['biology', 'new'] });
    await world.save('note', dropped, { tags: ['other'] });
    await undoNameChange(world.app, rename, outcome, watch);
    expect([await tags(edited), await world.field('note', edited, 'text'), await tags(dropped)]).toEqual([
      ['bio', 'new'],
      'More.',
      ['other'],
    ]);
  });

  test('taken away from all, and back', async () => {
    const id = await world.make('note', { tags: ['a', 'bio'] });
    const removal = change('bio', null);
    const outcome = await changeName(world.app, removal, watch);
    expect(await tags(id)).toEqual(['a']);
    await undoNameChange(world.app, removal, outcome, watch);
    expect(await tags(id)).toEqual(['a', 'bio']);
  });

  test('a notebook is renamed, taken away and brought back where nobody has chosen another since', async () => {
    const [one, moved] = [await world.make('note', { notebook: 'Plants' }), await world.make('note', { notebook: 'plants' })];
    const books = async () => [await world.field('note', one, 'notebook'), await world.field('note', moved, 'notebook')];
    const removal = change('Plants', null, 'note', 'notebook');
    const outcome = await changeName(world.app, removal, watch);
    expect(await books()).toEqual(['', '']);
    await world.save('note', moved, { notebook: 'Animals' });
    await undoNameChange(world.app, removal, outcome, watch);
    expect(await books()).toEqual(['Plants', 'Animals']);
    await changeName(world.app, change('plants', 'Botany', 'note', 'notebook'), watch);
    expect(await books()).toEqual(['Botany', 'Animals']);
  });

  test('many are changed in batches, reported as they go, and a stop leaves the rest and can be undone', async () => {
    for (let at = 0; at < 50; at++) await world.make('note', { tags: ['bio'] });
    const stop = new AbortController();
    const told: (readonly [number, number])[] = [];
    const onProgress = (done: number, total: number): void => {
      told.push([done, total]);
      if (done >= 16) stop.abort();
    };
    const outcome = await changeName(world.app, change('bio', 'biology'), { signal: stop.signal, onProgress });
    expect(told).toEqual([
      [0, 50],
      [8, 50],
      [16, 50],
    ]);
    expect(outcome.changed).toHaveLength(16);
    await undoNameChange(world.app, change('bio', 'biology'), outcome, watch);
    const counted = await countNames(world.app, kindOf('note'), 'tags');
    expect(counted).toEqual(ok([{ name: 'bio', count: 50 }]));
  });
});
