/** The rows of a list: whatever pages and single documents come in, each is there once, and a sort is not needed. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareBy } from '#ui/documents/document-order.ts';
import type { DocumentSummary } from '#ui/documents/document-summary.ts';
import { insert, unite } from '#ui/documents/ordered-rows.ts';

const row = (id: number, usedAt: number): DocumentSummary => ({
  id: String(id),
  title: '',
  excerpt: '',
  picture: null,
  names: {},
  starred: false,
  pinned: false,
  editedAt: usedAt,
  usedAt,
  binnedAt: null,
});

const compare = compareBy('changed');
const inOrder = (rows: readonly DocumentSummary[]): readonly DocumentSummary[] => rows.toSorted((a, b) => b.usedAt - a.usedAt);
const timesOf = (rows: readonly DocumentSummary[]): readonly number[] => rows.map(({ usedAt }) => usedAt);
const page = fc.uniqueArray(fc.tuple(fc.nat(20), fc.nat(9)), { selector: ([id]) => id });
const rowsOf = (entries: readonly (readonly [number, number])[]) => entries.map(([id, usedAt]) => row(id, usedAt));

describe('the rows of a list', () => {
  test('hold each document of both pages once, last used first', () => {
    fc.assert(
      fc.property(page, page, (one, other) => {
        const before = inOrder(rowsOf(one));
        const united = unite(compare, before, rowsOf(other));
        expect(new Set(united.map(({ id }) => id)).size).toBe(united.length);
        expect(united.length).toBe(new Set([...one, ...other].map(([id]) => id)).size);
        expect(timesOf(united)).toEqual(timesOf(inOrder(united)));
      }),
    );
  });

  test('take in a single one at its time', () => {
    fc.assert(
      fc.property(page, fc.nat(9), (entries, usedAt) => {
        const rows = insert(compare, inOrder(rowsOf(entries)), row(99, usedAt));
        expect(rows).toHaveLength(entries.length + 1);
        expect(timesOf(rows)).toEqual(timesOf(inOrder(rows)));
      }),
    );
  });

  test('documents of one moment have one order, however they came: that of the store, the last made first', () => {
    fc.assert(
      fc.property(page, page, (one, other) => {
        const known = new Set(one.map(([id]) => id));
        const rows = rowsOf([...one, ...other.filter(([id]) => !known.has(id))]);
        const sorted = rows.toSorted((a, b) => b.usedAt - a.usedAt || (a.id < b.id ? 1 : -1));
        const single = rows.reduce<readonly DocumentSummary[]>((all, item) => insert(compare, all, item), []);
        expect(single).toEqual(sorted);
        expect(unite(compare, sorted.slice(0, one.length), sorted.slice(one.length))).toEqual(sorted);
      }),
    );
  });
});
