/** Keys as IndexedDB orders them (Indexed Database API 3.0, "compare two keys"): numbers, then strings, then arrays. */
import type { Key, KeyPart, KeyRange } from '#core/ports.ts';

export type KeyPath = readonly string[] | string;

/** Negative, zero or positive. Strings by UTF-16 code units; of two arrays, one that begins the other comes first. */
export function compareKeys(a: Key, b: Key): number {
  if (typeof a !== 'object' && typeof b !== 'object') return compareParts(a, b);
  if (typeof a !== 'object') return -1;
  if (typeof b !== 'object') return 1;
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const order = compareParts(a[at] as KeyPart, b[at] as KeyPart);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function compareParts(a: KeyPart, b: KeyPart): number {
  if (typeof a === typeof b) return a < b ? -1 : a > b ? 1 : 0;
  return typeof a === 'number' ? -1 : 1;
}

/** Where `key` lies relative to a range. */
export function placeInRange(key: Key, range: KeyRange): 'before' | 'inside' | 'after' {
  if (range.lower !== undefined) {
    const order = compareKeys(key, range.lower);
    if (order < 0 || (order === 0 && range.lowerOpen)) return 'before';
  }
  if (range.upper !== undefined) {
    const order = compareKeys(key, range.upper);
    if (order > 0 || (order === 0 && range.upperOpen)) return 'after';
  }
  return 'inside';
}

/** Throws a RangeError for a range that holds nothing by its bounds, where `IDBKeyRange.bound` throws a DataError. */
export function checkRange({ lower, upper, lowerOpen, upperOpen }: KeyRange): void {
  if (lower === undefined || upper === undefined) return;
  const order = compareKeys(lower, upper);
  if (order > 0 || (order === 0 && (lowerOpen || upperOpen))) throw new RangeError('the lower bound is beyond the upper one');
}

/** A text that is equal for equal keys only. */
export function encodeKey(key: Key): string {
  if (typeof key === 'string') return `s${key}`;
  if (typeof key === 'number') return `n${key + 0}`;
  return JSON.stringify(key.map((part) => (typeof part === 'number' ? `n${part + 0}` : `s${part}`)));
}

const isPart = (value: unknown): value is KeyPart =>
  typeof value === 'string' || (typeof value === 'number' && !Number.isNaN(value));

/** The row's key by an index's path, or null where a column is absent or no key: the index skips the row. */
export function indexKeyOf(row: object, path: KeyPath): Key | null {
  const columns = row as { readonly [column: string]: unknown };
  if (typeof path === 'string') {
    const value = columns[path];
    return isPart(value) ? value : null;
  }
  const parts: KeyPart[] = [];
  for (const column of path) {
    const value = columns[column];
    if (!isPart(value)) return null;
    parts.push(value);
  }
  return parts;
}

/** The row's own key. A row without one is a bug, and throws. */
export function primaryKeyOf(row: object, path: KeyPath): Key {
  const key = indexKeyOf(row, path);
  if (key === null) throw new TypeError(`a row has no key at ${String(path)}`);
  return key;
}
