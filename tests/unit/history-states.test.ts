/** What of a document's history is shown. */
import { expect, test } from 'vitest';
import type { HistoryEntry } from '#app/app.ts';
import { knownDocumentKind } from '#entities/documents.ts';
import { countStates, differingStates } from '#ui/documents/history-states.ts';

const note = knownDocumentKind('note');
let at = 1000;
const state = (text: string, more: object = {}): HistoryEntry => ({
  at: at--,
  fields: { title: 'T', text, ...more },
  reason: 'edit',
});

test('equal states that follow each other are one, and those that are as the document is now are none', () => {
  const entries = [state('now'), state('now', { binnedAt: 5 }), state('b'), state('b'), state('a'), state('b'), state('now')];
  const shown = differingStates(entries, note, { title: 'T', text: 'now' });
  expect(shown.map(({ fields }) => fields['text'])).toEqual(['b', 'a', 'b', 'now']);
  expect(shown[0]?.at).toBe(entries[2]?.at);
});

test('a state with another tag or title is another state', () => {
  const entries = [state('a', { tags: ['x'] }), state('a', { title: 'U' })];
  expect(differingStates(entries, note, { title: 'T', text: 'a' })).toHaveLength(2);
});

test('words are counted against the state before; the oldest has all of its own', () => {
  const counted = countStates([state('one two three'), state('one'), state('one two'), state('')], note);
  expect(counted.map(({ words }) => words)).toEqual([2, -1, 2, 0]);
});

test('where the texts are longer than anybody waits for, the oldest states say no number', () => {
  const long = 'word '.repeat(250_000);
  const counted = countStates([state(`${long}more`), state(long), state(long), state(long)], note);
  expect(counted.map(({ words }) => words)).toEqual([1, null, null, null]);
});
