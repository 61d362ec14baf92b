/** What of a document's history is shown. */
import { expect, test } from 'vitest';
import type { HistoryEntry } from '#app/app.ts';
import { knownDocumentKind } from '#entities/documents.ts';
import { countRevisions, differingRevisions } from '#ui/documents/shown-revisions.ts';

const note = knownDocumentKind('note');
let at = 1000;
const revision = (text: string, more: object = {}): HistoryEntry => ({
  at: at--,
  fields: { title: 'T', text, ...more },
  reason: 'edit',
});

test('equal revisions that follow each other are one, and those that are as the document is now are none', () => {
  const entries = [
    revision('now'),
    revision('now', { binnedAt: 5 }),
    revision('b'),
    revision('b'),
    revision('a'),
    revision('b'),
    revision('now'),
  ];
  const shown = differingRevisions(entries, note, { title: 'T', text: 'now' });
  expect(shown.map(({ fields }) => fields['text'])).toEqual(['b', 'a', 'b', 'now']);
  expect(shown[0]?.at).toBe(entries[2]?.at);
});

test('a revision with another tag or title is another one', () => {
  const entries = [revision('a', { tags: ['x'] }), revision('a', { title: 'U' })];
  expect(differingRevisions(entries, note, { title: 'T', text: 'a' })).toHaveLength(2);
});

test('words are counted against the revision before; the oldest has all of its own', () => {
  const counted = countRevisions([revision('one two three'), revision('one'), revision('one two'), revision('')], note);
  expect(counted.map(({ words }) => words)).toEqual([2, -1, 2, 0]);
});

test('where the texts are longer than anybody waits for, the oldest revisions say no number', () => {
  const long = 'word '.repeat(250_000);
  const counted = countRevisions([revision(`${long}more`), revision(long), revision(long), revision(long)], note);
  expect(counted.map(({ words }) => words)).toEqual([1, null, null, null]);
});
