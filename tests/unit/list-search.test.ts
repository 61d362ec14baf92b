/** The lists' own search fields, over a real store in memory and the real search index beside it. */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { App } from '#app/app.ts';
import { createSource } from '#app/observable.ts';
import type { Search } from '#app/search/search.ts';
import { typedReads } from '#app/typed-views.ts';
import type { Fields } from '#core/entity.ts';
import { mintId } from '#core/ids.ts';
import { err, ok } from '#core/result.ts';
import { knownDocumentKind } from '#entities/documents.ts';
import { ledger } from '#entities/index.ts';
import { find } from '#features/search/find.ts';
import { createIndexKeeper } from '#features/search/index-keeper.ts';
import { narrow } from '#features/search/narrow.ts';
import type { SearchState } from '#features/search/search-api.ts';
import { createStore } from '#store/create-store.ts';
import { createMemoryKv } from '#store/kv/kv-memory.ts';
import { workspaceSchema } from '#store/schema/schema.ts';
import type { StoreChange } from '#store/store.ts';
import { createDocumentFeed, type DocumentFeed } from '#ui/documents/document-feed.ts';
import { noFilter } from '#ui/documents/document-filter.ts';
import type { SortName } from '#ui/documents/document-order.ts';
import { createKnownNames, type KnownNames } from '#ui/documents/known-names.ts';

const random = { bytes: (length: number) => crypto.getRandomValues(new Uint8Array(length)), fraction: () => 0.5 };
const mint = (): string => mintId(now, random);

let now = 1_790_000_000_000;
let world: Awaited<ReturnType<typeof createWorld>>;

async function createWorld() {
  const listeners = new Set<(keys: StoreChange['keys']) => void>();
  const clock = { now: () => now++, setTimer: () => () => {} };
  const store = createStore({
    kv: createMemoryKv(workspaceSchema),
    clock,
    random,
    ledger,
    workspaceId: mint(),
    deviceId: mint(),
    channel: { post: ({ keys }) => listeners.forEach((listener) => void listener(keys)) },
    policy: () => 'newer',
  });
  const state = createSource<SearchState>({ type: 'loading' });
  const keeper = await createIndexKeeper({
    ledger,
    changedSince: (localSeq, limit) => store.changedSince(localSeq, limit),
    load: async () => null,
    keep: async () => {},
    locks: { hold: (_name, body) => body() },
    lock: 'index',
    clock,
    onState: (next) => state.set(next),
  });
  const search: Search = {
    state,
    find: (request) => find(keeper.index, ledger, store.getMany, request),
    narrow: async (request) =>
      world.isBroken ? err({ type: 'WorkerLost', reason: 'in a test' }) : narrow(keeper.index, ledger, store.getMany, request),
    names: async (kind) => ok(keeper.index.catalog.names(kind)),
    carriers: async ({ kind, names, all }) => ok(keeper.index.catalog.carriers(kind, names, all)),
    order: async ({ kind, by, from, limit }) => {
      if (world.isBroken) return err({ type: 'WorkerLost', reason: 'in a test' });
      const ids = keeper.index.catalog.order(kind, by);
      return ok({ ids: ids.slice(from, from + limit), total: ids.length });
    },
    titled: async ({ kind, titles }) => ok({ matches: keeper.index.catalog.titled(kind, titles), complete: true }),
    completeTitle: async ({ kind, text, limit }) => ok(keeper.index.catalog.completeTitle(kind, text, limit)),
  };
  const reads = typedReads(store);
  /** The pages that were read of the whole list. */
  let pages = 0;
  /** How often the search was asked for. */
  let searches = 0;
  const app: Pick<App, 'get' | 'getChanged' | 'list' | 'count' | 'onChange' | 'search'> = {
    get: reads.get,
    getChanged: reads.get,
    list(request) {
      pages += 1;
      return reads.list(request);
    },
    count: (kind, place) => store.count(kind, place),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async search() {
      searches += 1;
      return search;
    },
  };
  return {
    app,
    isBroken: false,
    /** Brings the index to the present state; until then it does not know of what was saved. */
    index: () => keeper.follow(),
    pages: () => pages,
    searches: () => searches,
    async save(kind: string, fields: Fields): Promise<string> {
      const id = mint();
      await world.change(kind, id, fields);
      return id;
    },
    async change(kind: string, id: string, patch: Fields): Promise<void> {
      const saved = await store.save({ kind, id, patch, base: {}, baseSeq: 0, saveId: mint() });
      if (!saved.ok) throw new Error(saved.error.type);
    },
  };
}

beforeEach(async () => {
  world = await createWorld();
});

const titles = ({ feed }: DocumentFeed): readonly string[] => feed.value.items.map(({ title }) => title);
const isDone = ({ feed }: DocumentFeed): boolean => feed.value.state.type === 'complete';

function openFeed(name: string, known = createKnownNames(knownDocumentKind(name))): DocumentFeed {
  return createDocumentFeed(world.app, knownDocumentKind(name), known);
}

async function openNotes(): Promise<DocumentFeed> {
  const notes = openFeed('note');
  await vi.waitUntil(() => isDone(notes) || notes.feed.value.state.type === 'more');
  return notes;
}

describe('the notes', () => {
  test('come from the index at once, newest first, before the list is looked through', async () => {
    for (let at = 0; at < 30; at++)
      await world.save('note', { title: `Note ${at}`, text: at % 10 === 0 ? 'Osmosis' : 'Diffusion' });
    await world.index();
    const notes = await openNotes();
    const pagesBefore = world.pages();
    notes.setFilter({ ...noFilter, query: 'osmo' });
    await vi.waitUntil(() => titles(notes).length === 3, { interval: 1 });
    expect(titles(notes)).toEqual(['Note 20', 'Note 10', 'Note 0']);
    expect(world.pages()).toBe(pagesBefore);
    await vi.waitUntil(() => isDone(notes));
    expect(titles(notes)).toEqual(['Note 20', 'Note 10', 'Note 0']);
    notes.close();
  });

  test('hold the words, with the other filters kept: no near miss, and nothing missing that the index cannot know', async () => {
    await world.save('note', { title: 'Photosynthesis', text: '', tags: ['plants'] });
    await world.save('note', { title: 'Synthesis of urea', text: '', tags: ['plants'], starred: true });
    await world.save('note', { title: 'Synthetic', text: '', tags: ['other'] });
    await world.save('note', { title: 'Syntax', text: '', tags: ['plants'] });
    await world.index();
    await world.save('note', { title: 'Typed just now: synthesis', text: '', tags: ['plants'] });
    const notes = await openNotes();
    notes.setFilter({ ...noFilter, query: 'synthes', names: { tags: 'plants' } });
    await vi.waitUntil(() => isDone(notes));
    expect(titles(notes)).toEqual(['Typed just now: synthesis', 'Synthesis of urea', 'Photosynthesis']);
    notes.setFilter({ ...noFilter, query: 'synthes', names: { tags: 'plants' }, starred: true });
    await vi.waitUntil(() => isDone(notes));
    expect(titles(notes)).toEqual(['Synthesis of urea']);
    notes.close();
  });

  test('are found without an index, too', async () => {
    world.isBroken = true;
    await world.save('note', { title: 'Roots', text: 'Mycorrhiza' });
    await world.save('note', { title: 'Leaves', text: '' });
    const notes = await openNotes();
    notes.setFilter({ ...noFilter, query: 'mycorrhiza' });
    await vi.waitUntil(() => isDone(notes));
    expect(titles(notes)).toEqual(['Roots']);
    notes.close();
  });
});

describe('the chats', () => {
  async function search(chats: DocumentFeed, query: string, starred = false): Promise<void> {
    chats.setFilter({ ...noFilter, query, starred });
    await vi.waitUntil(() => JSON.stringify(chats.feed.value.state) === '{"type":"complete","indexing":false}');
  }

  test('are found by title and tag, and by what was said in them; newest first, with the star kept', async () => {
    const cache = await world.save('chat', { title: 'Caching', tags: ['web'], lastMessageAt: 1000 });
    await world.save('message', { chatId: cache, role: 'assistant', text: 'Throw it away when the page changes.' });
    const trees = await world.save('chat', { title: 'Trees', starred: true, lastMessageAt: 3000 });
    await world.save('message', { chatId: trees, role: 'user', text: 'Where is a page split?' });
    await world.save('chat', { title: 'Homepage', lastMessageAt: 2000 });
    await world.index();
    const chats = openFeed('chat');
    await search(chats, 'page');
    expect(titles(chats)).toEqual(['Trees', 'Homepage', 'Caching']);
    await search(chats, 'page', true);
    expect(titles(chats)).toEqual(['Trees']);
    await search(chats, 'web');
    expect(titles(chats)).toEqual(['Caching']);
    await search(chats, 'pgae');
    expect(titles(chats)).toEqual([]);
    chats.close();
  });

  test('are in the order in which they were last used, whatever else was changed in them, over as many pages as there are', async () => {
    const ids: string[] = [];
    for (let at = 0; at < 300; at++) ids.push(await world.save('chat', { title: `Chat ${at}`, lastMessageAt: now }));
    const [oldest = ''] = ids;
    for (const id of [oldest, ...ids.slice(20, 90)]) await world.change('chat', id, { systemPrompt: 'Short.' });
    const chats = openFeed('chat');
    await vi.waitUntil(() => chats.feed.value.state.type === 'more');
    expect(titles(chats).slice(0, 100)).toEqual(Array.from({ length: 100 }, (_, at) => `Chat ${299 - at}`));
    for (let shown = 0; chats.feed.value.state.type !== 'complete'; ) {
      shown = titles(chats).length;
      chats.more();
      await vi.waitUntil(() => titles(chats).length > shown || isDone(chats));
    }
    expect(titles(chats)).toEqual(Array.from({ length: 300 }, (_, at) => `Chat ${299 - at}`));
    chats.close();
  });

  test('stay where they are when one gets a star, and one that was never asked is as old as it is', async () => {
    const never = await world.save('chat', { title: 'Never asked' });
    await world.save('chat', { title: 'Asked', lastMessageAt: now + 1000 });
    const chats = openFeed('chat');
    await vi.waitUntil(() => titles(chats).length === 2);
    expect(titles(chats)).toEqual(['Asked', 'Never asked']);
    now += 100_000;
    await world.change('chat', never, { starred: true });
    await vi.waitUntil(() => chats.feed.value.items.some(({ starred }) => starred));
    expect(titles(chats)).toEqual(['Asked', 'Never asked']);
    chats.close();
  });

  test('say so while the index lacks something, and are complete when it is there', async () => {
    const cache = await world.save('chat', { title: 'Caching', lastMessageAt: 1000 });
    await world.save('message', { chatId: cache, role: 'user', text: 'What is a page?' });
    const chats = openFeed('chat');
    chats.setFilter({ ...noFilter, query: 'page' });
    await vi.waitUntil(() => JSON.stringify(chats.feed.value.state) === '{"type":"complete","indexing":true}');
    expect(titles(chats)).toEqual([]);
    await world.index();
    await vi.waitUntil(() => titles(chats).length === 1 && isDone(chats));
    expect(titles(chats)).toEqual(['Caching']);
    expect(chats.feed.value.state).toEqual({ type: 'complete', indexing: false });
    chats.close();
  });
});

describe('the names of a long list', () => {
  const open = async () => {
    const known = createKnownNames(knownDocumentKind('note'));
    const notes = openFeed('note', known);
    await vi.waitUntil(() => notes.feed.value.state.type === 'more' || isDone(notes));
    return { known, notes };
  };
  const tagsOf = (known: KnownNames) => known.names.value['tags'];

  beforeEach(async () => {
    await world.save('note', { title: 'Oldest', tags: ['oldest', 'Common'], notebook: 'Old book' });
    for (let at = 0; at < 149; at++) await world.save('note', { title: `Note ${at}`, tags: ['common'], notebook: 'Book' });
    await world.index();
  });

  test('are all there, and counted, when somebody is about to choose one, with no more of the list read', async () => {
    const { known, notes } = await open();
    expect(tagsOf(known)).toEqual([{ name: 'common', count: 100 }]);
    const pages = world.pages();
    notes.prepareNames();
    await vi.waitUntil(() => tagsOf(known)?.length === 2);
    expect(tagsOf(known)).toEqual([
      { name: 'common', count: 150 },
      { name: 'oldest', count: 1 },
    ]);
    expect(known.names.value['notebook']).toEqual([
      { name: 'Book', count: 149 },
      { name: 'Old book', count: 1 },
    ]);
    expect(world.pages()).toBe(pages);
    notes.close();
  });

  test('bring the documents that carry one, which the index names first', async () => {
    const { notes } = await open();
    const shown: (readonly string[])[] = [];
    notes.feed.subscribe(() => shown.push(titles(notes)));
    notes.setFilter({ ...noFilter, names: { tags: 'OLDEST' } });
    await vi.waitUntil(() => isDone(notes));
    expect(titles(notes)).toEqual(['Oldest']);
    expect(shown.find((all) => all.length < 100)).toEqual(['Oldest']);
    notes.close();
  });

  test('follow what is changed while the list shows its beginning', async () => {
    const { known, notes } = await open();
    notes.prepareNames();
    await vi.waitUntil(() => tagsOf(known)?.length === 2);
    await world.save('note', { title: 'New', tags: ['fresh'] });
    await world.index();
    await vi.waitUntil(() => tagsOf(known)?.length === 3);
    expect(tagsOf(known)).toContainEqual({ name: 'fresh', count: 1 });
    notes.close();
  });

  test('of a short list come from its documents alone, and ask no index', async () => {
    world = await createWorld();
    await world.save('note', { title: 'One', tags: ['one'] });
    const { known, notes } = await open();
    world.isBroken = true;
    notes.prepareNames();
    notes.setFilter({ ...noFilter, names: { tags: 'one' } });
    await vi.waitUntil(() => isDone(notes));
    expect([tagsOf(known), titles(notes), world.searches()]).toEqual([[{ name: 'one', count: 1 }], ['One'], 0]);
    notes.close();
  });
});

describe('a list that is sorted', () => {
  const open = async (sort: SortName): Promise<DocumentFeed> => {
    const kind = knownDocumentKind('note');
    const notes = createDocumentFeed(world.app, kind, createKnownNames(kind), sort);
    await vi.waitUntil(() => isDone(notes) || notes.feed.value.state.type === 'more');
    return notes;
  };
  const fill = async (length: number): Promise<readonly string[]> => {
    const ids: string[] = [];
    for (let at = 0; at < length; at++) ids.push(await world.save('note', { title: `Note ${(at * 7) % length}` }));
    await world.index();
    return ids;
  };

  test('by title has the order of a reader, and asks no index while it is short', async () => {
    await fill(120);
    const notes = await open('title');
    expect(titles(notes)).toEqual(Array.from({ length: 120 }, (_, at) => `Note ${at}`));
    expect(world.searches()).toBe(0);
    notes.close();
  });

  test('by title comes page by page where it is long, with no more read than is shown', async () => {
    await fill(600);
    const notes = await open('title');
    expect(titles(notes)).toEqual(Array.from({ length: 100 }, (_, at) => `Note ${at}`));
    expect(world.pages()).toBe(0);
    await vi.waitUntil(() => notes.feed.value.total === 600);
    notes.more(550);
    await vi.waitUntil(() => titles(notes).length >= 550);
    expect(titles(notes).slice(0, 550)).toEqual(Array.from({ length: 550 }, (_, at) => `Note ${at}`));
    notes.close();
  });

  test('is read whole where there is no index', async () => {
    await fill(600);
    world.isBroken = true;
    const notes = await open('title');
    await vi.waitUntil(() => isDone(notes));
    expect(titles(notes).slice(0, 3)).toEqual(['Note 0', 'Note 1', 'Note 2']);
    expect(titles(notes)).toHaveLength(600);
    notes.close();
  });

  test('by creation leaves a note where it is when it is edited; by the last change it comes to the top', async () => {
    const ids = await fill(3);
    const made = [...ids].reverse().map((id) => id);
    const notes = await open('created');
    await world.change('note', ids[0] ?? '', { text: 'More.' });
    await vi.waitUntil(() => notes.feed.value.items.some(({ excerpt }) => excerpt === 'More.'));
    expect(notes.feed.value.items.map(({ id }) => id)).toEqual(made);
    notes.setSort('changed');
    await vi.waitUntil(() => notes.feed.value.items[0]?.id === ids[0]);
    notes.close();
  });

  test.each(['changed', 'created', 'title'] as const)(
    'by %s takes a note that is renamed, pinned or new into its place',
    async (sort) => {
      const ids = await fill(600);
      const notes = await open(sort);
      const last = (sort === 'title' ? notes.feed.value.items.at(-1)?.id : ids[0]) ?? '';
      await world.change('note', last, { pinned: true });
      await vi.waitUntil(() => notes.feed.value.items[0]?.id === last);
      await world.save('note', { title: '! first' });
      await vi.waitUntil(() => notes.feed.value.items[1]?.title === '! first');
      await vi.waitUntil(() => notes.feed.value.total === 601);
      await world.change('note', last, { pinned: false });
      await vi.waitUntil(() => notes.feed.value.items[0]?.title === '! first');
      notes.close();
    },
  );

  test('is counted after a sync also where somebody scrolls on while it is counted', async () => {
    await fill(400);
    const { count } = world.app;
    let scrolls = false;
    world.app.count = async (...args) => {
      const counted = await count(...args);
      if (scrolls) notes.more();
      scrolls = false;
      return counted;
    };
    const notes = await open('changed');
    await vi.waitUntil(() => notes.feed.value.total === 400);
    scrolls = true;
    await Promise.all(Array.from({ length: 30 }, (_, at) => world.save('note', { title: `Synced ${at}` })));
    await vi.waitUntil(() => !scrolls && notes.feed.value.state.type === 'more');
    await vi.waitUntil(() => notes.feed.value.total === 430);
    notes.close();
  });

  test('a pinned note that has not been read yet is on the first page', async () => {
    const [first = ''] = await fill(600);
    await world.change('note', first, { pinned: true });
    await world.index();
    for (const sort of ['changed', 'created', 'title'] as const) {
      const notes = await open(sort);
      expect(notes.feed.value.items[0]?.id).toBe(first);
      notes.close();
    }
  });
});
