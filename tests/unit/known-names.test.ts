/** The names that a list has learned from its documents. */
import { expect, test } from 'vitest';
import { knownDocumentKind } from '#entities/documents.ts';
import { note } from '#entities/note.ts';
import { createKnownNames, type KnownNames } from '#ui/documents/known-names.ts';

const view = (id: string, tags: readonly string[], notebook = '') => ({
  id,
  updatedAt: 1,
  fields: { ...note.sample(), tags, notebook },
});
const tagsOf = (known: KnownNames): string =>
  (known.names.value['tags'] ?? []).map(({ name, count }) => `${name} ${count}`).join(', ');

test('a document that is read again counts once, with what it carries now', () => {
  const known = createKnownNames(knownDocumentKind('note'));
  known.learn([view('a', ['Exam', 'old']), view('b', ['exam']), view('c', ['Exam'])]);
  known.learn([view('a', ['Exam', 'new'])]);
  expect(tagsOf(known)).toBe('Exam 3, new 1');
});

test('a name goes with the last document that carries it', () => {
  const known = createKnownNames(knownDocumentKind('note'));
  known.learn([view('a', ['one']), view('b', ['two'], 'Book')]);
  known.forget(['b']);
  expect(tagsOf(known)).toBe('one 1');
  expect(known.names.value['notebook']).toEqual([]);
});

test('while not all are read, the counts over all stay, with what is newer beside them', () => {
  const known = createKnownNames(knownDocumentKind('note'));
  known.learn([view('a', ['common', 'fresh'])]);
  known.countAll({
    tags: [
      { name: 'common', count: 149 },
      { name: 'oldest', count: 1 },
    ],
    notebook: [],
  });
  expect(tagsOf(known)).toBe('common 149, fresh 1, oldest 1');
});

test('once all are read, only they count', () => {
  const known = createKnownNames(knownDocumentKind('note'));
  known.countAll({ tags: [{ name: 'gone', count: 2 }], notebook: [] });
  known.learn([view('a', ['left']), view('b', ['stays'])]);
  known.restart();
  known.learn([view('b', ['stays'])]);
  known.end();
  expect(tagsOf(known)).toBe('stays 1');
});
