/** The reads that a transaction declares, as requests of IndexedDB. */
import type { Key, KeyRange, Read, Tables } from '#core/ports.ts';
import { compareKeys, encodeKey, type KeyPath, primaryKeyOf } from './key-order.ts';

function answerOf<V>(request: IDBRequest<V>): Promise<V> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/**
 * The rows of an answer, taken out of its array. The engine keeps that array with its request until a full collection: with the rows in
 * it, Chromium's heap grew to 53 MB over 50,000 of them, and to 6 without.
 */
const rowsOf = async (request: IDBRequest<unknown[]>): Promise<unknown[]> => (await answerOf(request)).splice(0);

/** Makes the request at once (but `getMany` may take two, one after the other). Rejects where the database does. */
export function runRead<T extends Tables>(transaction: IDBTransaction, read: Read<T>): Promise<unknown> {
  const store = transaction.objectStore(storeOf(read));
  if ('get' in read) return answerOf(store.get(read.key as IDBValidKey));
  if ('getMany' in read) return readMany(store, read.keys);
  const source = read.index === undefined ? store : store.index(read.index);
  const range = toRange(read);
  if ('count' in read) return answerOf(source.count(range ?? undefined));
  // To `getAll` a count of 0 means "no limit".
  if (read.limit <= 0) return Promise.resolve([]);
  if (!read.reverse) return rowsOf(source.getAll(range, read.limit));
  // One answer where the engine can (Chromium since 141; `getAll` learned it together with `getAllRecords`), a message for
  // each row where it cannot.
  return 'getAllRecords' in source
    ? rowsOf((source as unknown as GetsAllByOptions).getAll({ query: range, count: read.limit, direction: 'prev' }))
    : listBackwards(source.openCursor(range, 'prev'), read.limit);
}

/** Of the Indexed Database API 3.0. */
interface GetsAllByOptions {
  getAll(options: {
    readonly query: IDBKeyRange | null;
    readonly count: number;
    readonly direction: IDBCursorDirection;
  }): IDBRequest<unknown[]>;
}

/** From here on one range is tried before single reads. */
const MANY = 8;
/** Rows that may lie between those asked for. */
const BETWEEN = 20;

/**
 * The rows of `keys`, in their order. What was made together lies together (ids begin with their time), so the range from
 * the first key to the last holds little else: one request instead of one for each key, which is what a sync of thousands
 * spends its time on. Where the range holds more, the keys are read one by one.
 */
async function readMany(store: IDBObjectStore, keys: readonly Key[]): Promise<readonly unknown[]> {
  if (keys.length >= MANY) {
    const sorted = [...keys].sort(compareKeys);
    const max = keys.length + BETWEEN;
    const range = IDBKeyRange.bound(sorted[0] as IDBValidKey, sorted.at(-1) as IDBValidKey);
    const found: readonly unknown[] = await rowsOf(store.getAll(range, max));
    if (found.length < max) {
      const path = store.keyPath as KeyPath;
      const rows = new Map(found.map((row) => [encodeKey(primaryKeyOf(row as object, path)), row]));
      return keys.map((key) => rows.get(encodeKey(key)));
    }
  }
  return Promise.all(keys.map((key) => answerOf(store.get(key as IDBValidKey))));
}

function listBackwards(opening: IDBRequest<IDBCursorWithValue | null>, limit: number): Promise<readonly unknown[]> {
  return new Promise((resolve, reject) => {
    const rows: unknown[] = [];
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const cursor = opening.result;
      if (cursor) rows.push(cursor.value);
      if (cursor && rows.length < limit) cursor.continue();
      else resolve(rows);
    };
  });
}

/** The store that a read asks. */
export function storeOf<T extends Tables>(read: Read<T>): string {
  if ('get' in read) return read.get;
  if ('getMany' in read) return read.getMany;
  if ('list' in read) return read.list;
  return read.count;
}

function toRange({ lower, upper, lowerOpen = false, upperOpen = false }: KeyRange): IDBKeyRange | null {
  const low = lower as IDBValidKey | undefined;
  const high = upper as IDBValidKey | undefined;
  if (low !== undefined && high !== undefined) return IDBKeyRange.bound(low, high, lowerOpen, upperOpen);
  if (low !== undefined) return IDBKeyRange.lowerBound(low, lowerOpen);
  if (high !== undefined) return IDBKeyRange.upperBound(high, upperOpen);
  return null;
}
