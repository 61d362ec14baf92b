/** One object store in memory: rows by key, and the store's own order and its indexes as sorted lists. */
import type { Key, KeyRange } from '#core/ports.ts';
import { frozenCopy } from './frozen-copy.ts';
import { checkRange, compareKeys, encodeKey, indexKeyOf, type KeyPath, placeInRange, primaryKeyOf } from './key-order.ts';
import { createSortedList, type SortedList } from './sorted-list.ts';

export interface TableShape {
  readonly key: KeyPath;
  readonly indexes: { readonly [name: string]: KeyPath };
}

export type TableSnapshot = readonly object[];

/** One row in one order: `key` is the index's, `primary` breaks ties, as in IndexedDB. */
interface Entry {
  readonly key: Key;
  readonly primary: Key;
  readonly row: () => object;
}

export interface MemoryTable {
  get(key: Key): object | undefined;
  list(range: KeyRange, limit: number, reverse: boolean): readonly object[];
  count(range: KeyRange): number;
  /** Copies and checks now; changes the table when the answer is called. Throws for a row without a valid key. */
  preparePut(row: object): () => void;
  prepareDelete(key: Key): () => void;
  prepareDeleteRange(range: KeyRange): () => void;
  snapshot(): TableSnapshot;
}

const compareEntries = (a: Entry, b: Entry): number => compareKeys(a.key, b.key) || compareKeys(a.primary, b.primary);

export function createMemoryTable(shape: TableShape, from: TableSnapshot = []): MemoryTable {
  const byKey = createSortedList(compareEntries);
  const indexes = new Map<string, { readonly path: KeyPath; readonly list: SortedList<Entry> }>();
  for (const [name, path] of Object.entries(shape.indexes)) indexes.set(name, { path, list: createSortedList(compareEntries) });
  /** Every row by its encoded key, with its places: the first in the store's own order, the others in indexes. */
  const rows = new Map<string, readonly { readonly list: SortedList<Entry>; readonly entry: Entry }[]>();

  const remove = (code: string): void => {
    for (const { list, entry } of rows.get(code) ?? []) list.remove(entry);
    rows.delete(code);
  };

  const preparePut = (given: object): (() => void) => {
    const row = frozenCopy(given);
    const primary = primaryKeyOf(given, shape.key);
    const code = encodeKey(primary);
    const places = [{ list: byKey, entry: { key: primary, primary, row } }];
    for (const { path, list } of indexes.values()) {
      const key = indexKeyOf(given, path);
      if (key !== null) places.push({ list, entry: { key, primary, row } });
    }
    return () => {
      remove(code);
      for (const { list, entry } of places) list.add(entry);
      rows.set(code, places);
    };
  };

  const orderOf = (index: string | undefined): readonly Entry[] => {
    if (index === undefined) return byKey.entries();
    const found = indexes.get(index);
    if (!found) throw new TypeError(`no index named ${index}`);
    return found.list.entries();
  };

  /** The positions [from, to) of a range within its order. */
  const span = (entries: readonly Entry[], range: KeyRange): readonly [number, number] => {
    checkRange(range);
    return [
      firstWhere(entries, (entry) => placeInRange(entry.key, range) !== 'before'),
      firstWhere(entries, (entry) => placeInRange(entry.key, range) === 'after'),
    ];
  };

  for (const row of from) preparePut(row)();

  return {
    get: (key) => rows.get(encodeKey(key))?.[0]?.entry.row(),
    list(range, limit, reverse) {
      const entries = orderOf(range.index);
      const [start, end] = span(entries, range);
      const taken = reverse
        ? entries.slice(Math.max(start, end - limit), end).reverse()
        : entries.slice(start, Math.min(end, start + limit));
      return taken.map((entry) => entry.row());
    },
    count(range) {
      const [start, end] = span(orderOf(range.index), range);
      return end - start;
    },
    preparePut,
    prepareDelete(key) {
      const code = encodeKey(key);
      return () => remove(code);
    },
    prepareDeleteRange(range) {
      checkRange(range);
      return () => {
        const entries = byKey.entries();
        const [start, end] = span(entries, range);
        for (const { primary } of entries.slice(start, end)) remove(encodeKey(primary));
      };
    },
    snapshot: () => byKey.entries().map((entry) => entry.row()),
  };
}

/** The first position where `holds`, which stays true from there on; the length where it never does. */
function firstWhere(entries: readonly Entry[], holds: (entry: Entry) => boolean): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(entries[middle] as Entry)) high = middle;
    else low = middle + 1;
  }
  return low;
}
