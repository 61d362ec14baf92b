/** The search index beside a real database: kept, caught up with, made again. */
import { beforeEach, expect, test } from 'vitest';
import type { Fields } from '#core/entity.ts';
import { mintId } from '#core/ids.ts';
import type { Locks } from '#core/ports.ts';
import { ledger } from '#entities/index.ts';
import { createIndexKeeper, type IndexKeeper, type KeptIndex } from '#features/search/index-keeper.ts';
import type { SearchState } from '#features/search/search-api.ts';
import { systemClock, systemRandom, webLocks } from '#platform/system.ts';
import { createStore } from '#store/create-store.ts';
import { openKv } from '#store/kv/db.ts';
import { WORKSPACE_VERSION, type WorkspaceTables, workspaceSchema } from '#store/schema/schema.ts';
import { openSearchDatabase, SEARCH_DATABASE_VERSION, searchDatabaseName } from '#store/schema/search-database.ts';
import type { Store } from '#store/store.ts';

const mint = (): string => mintId(Date.now(), systemRandom);

let workspaceId = '';
let store: Store;

async function openStore(): Promise<Store> {
  const opened = await openKv<WorkspaceTables>(`search-test-${mint()}`, WORKSPACE_VERSION, workspaceSchema);
  if (!opened.ok) throw new Error(opened.error.type);
  return createStore({
    kv: opened.value,
    clock: systemClock,
    random: systemRandom,
    ledger,
    workspaceId,
    deviceId: mint(),
    channel: { post: () => {} },
    policy: () => 'newer',
  });
}

beforeEach(async () => {
  workspaceId = mint();
  store = await openStore();
});

async function save(kind: string, id: string, patch: Fields): Promise<void> {
  const before = await store.get(kind, id);
  if (!before.ok) throw new Error(before.error.type);
  const { fields = {}, localSeq = 0 } = before.value ?? {};
  const saved = await store.save({ kind, id, patch, base: fields, baseSeq: localSeq, saveId: mint() });
  if (!saved.ok) throw new Error(saved.error.type);
}

interface Tab {
  readonly keeper: IndexKeeper;
  readonly states: SearchState[];
  /** How many entities were looked at since the tab was opened. */
  readonly looked: () => number;
  readonly find: (query: string) => readonly string[];
}

async function openTab(locks: Locks = webLocks): Promise<Tab> {
  const database = await openSearchDatabase(workspaceId, systemClock);
  const states: SearchState[] = [];
  let looked = 0;
  const keeper = await createIndexKeeper({
    ledger,
    async changedSince(localSeq, limit) {
      const page = await store.changedSince(localSeq, limit);
      if (page.ok) looked += page.value.items.length;
      return page;
    },
    load: database.load,
    keep: database.keep,
    locks,
    lock: `holdfast-search:${workspaceId}`,
    clock: systemClock,
    onState: (state) => states.push(state),
  });
  await keeper.follow();
  const find = (query: string): readonly string[] => keeper.index.find(query).families.map(({ id }) => id);
  return { keeper, states, looked: () => looked, find };
}

/** Changes what is kept, by hand. */
async function tamper(change: (row: Record<string, unknown>) => void): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const opening = indexedDB.open(searchDatabaseName(workspaceId), SEARCH_DATABASE_VERSION);
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const transaction = opening.result.transaction('kept', 'readwrite');
      const rows = transaction.objectStore('kept');
      const found = rows.get('index');
      found.onsuccess = () => {
        change(found.result);
        rows.put(found.result);
      };
      transaction.oncomplete = () => {
        opening.result.close();
        resolve();
      };
      transaction.onabort = () => reject(transaction.error);
    };
  });
}

test('an index is made of what is there, reported as it grows, and follows every change', async () => {
  for (let i = 0; i < 250; i++) await save('note', mint(), { title: `Note ${i}`, text: 'leaf' });
  const tab = await openTab();
  expect(tab.find('leaf')).toHaveLength(250);
  expect(tab.states).toContainEqual({ type: 'indexing', done: 100, total: 250 });
  expect(tab.states.at(-1)).toMatchObject({ type: 'ready', documents: 250 });

  const [note, chat, message] = [mint(), mint(), mint()] as const;
  await save('note', note, { title: 'Stomata' });
  await save('chat', chat, { title: 'Asked' });
  await save('message', message, { chatId: chat, text: 'What are stomata?' });
  await save('settings', mint(), { model: 'stomata' });
  await tab.keeper.follow();
  expect(tab.find('stomata')).toEqual([note, chat]);
  await save('note', note, { binnedAt: 1 });
  await store.purge('chat', [chat]);
  await tab.keeper.follow();
  expect(tab.find('stomata')).toEqual([]);

  const told = tab.states.length;
  await tab.keeper.follow();
  expect(tab.states, 'nothing changed, nothing announced').toHaveLength(told);
});

test('a kept index is a head start: the next tab looks only at what came since', async () => {
  for (let i = 0; i < 30; i++) await save('note', mint(), { text: 'leaf' });
  const first = await openTab();
  await first.keeper.keep();
  await save('note', mint(), { text: 'leaf, too' });

  const second = await openTab();
  expect(second.looked()).toBe(1);
  expect(second.find('leaf')).toHaveLength(31);
  expect(first.find('leaf'), 'no tab knows of the other').toHaveLength(30);
});

test.each<[string, (row: Record<string, unknown>) => void]>([
  ['damaged on the disk', (row) => new Uint8Array(row['bytes'] as ArrayBuffer).fill(7, 40, 60)],
  ['cut short', (row) => Object.assign(row, { bytes: (row['bytes'] as ArrayBuffer).slice(0, 50) })],
  ['of another version', (row) => Object.assign(row, { version: 0 })],
  ['of other fields', (row) => Object.assign(row, { shape: '[]' })],
  ['without its bytes', (row) => delete row['bytes']],
  ['ahead of the store', (row) => Object.assign(row, { localSeq: 1000 })],
])('an index that is %s is made again, and kept', async (_, change) => {
  for (let i = 0; i < 5; i++) await save('note', mint(), { text: 'leaf' });
  const first = await openTab();
  await first.keeper.keep();
  await tamper(change);
  const second = await openTab();
  expect(second.looked()).toBeGreaterThanOrEqual(5);
  expect(second.find('leaf')).toHaveLength(5);
  await second.keeper.keep();
  const third = await openTab();
  expect(third.looked()).toBe(0);
  expect(third.find('leaf')).toHaveLength(5);
});

test('one tab at a time keeps the index, and a tab that cannot keeps on searching', async () => {
  await save('note', mint(), { text: 'leaf' });
  const writes: KeptIndex[] = [];
  const release = Promise.withResolvers<void>();
  const held = navigator.locks.request(`holdfast-search:${workspaceId}`, () => release.promise);
  const tab = await openTab();
  await tab.keeper.keep();
  const database = await openSearchDatabase(workspaceId, systemClock);
  const kept = await database.load();
  if (kept) writes.push(kept);
  expect(writes).toEqual([]);
  expect(tab.find('leaf')).toHaveLength(1);
  release.resolve();
  await held;
  await tab.keeper.keep();
  expect((await database.load())?.localSeq).toBe(1);
});

test('a store that cannot be read is reported, not taken for an empty one', async () => {
  await save('note', mint(), { text: 'leaf' });
  const tab = await openTab();
  const working = store;
  store = { ...working, changedSince: async () => ({ ok: false, error: { type: 'ConnectionLost', reason: 'test' } }) };
  await tab.keeper.follow();
  expect(tab.states.at(-1)).toMatchObject({ type: 'failed', error: { type: 'ConnectionLost' } });
  expect(tab.find('leaf')).toHaveLength(1);
  store = working;
  await expect.poll(() => tab.states.at(-1)?.type, { timeout: 5000 }).toBe('ready');
});
