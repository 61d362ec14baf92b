/** What the lists know of all documents, whichever kind has them. */
import { expect, test } from 'vitest';
import type { Fields, Ledger } from '#core/entity.ts';
import { ledger } from '#entities/index.ts';
import { createCatalog } from '#features/search/catalog.ts';
import type { SearchedEntity } from '#features/search/search-document.ts';
import { createSearchIndex } from '#features/search/search-index.ts';
import { flashcard } from '#support/flashcards/flashcard.ts';

const kinds: Ledger = new Map([...ledger, [flashcard.kind, flashcard]]);
let time = 1;

const entity = (kind: string, id: string, fields: Fields, place: SearchedEntity['lifecycle'] = 'live'): SearchedEntity => ({
  kind,
  id,
  fields,
  lifecycle: place,
  updatedAt: time++,
});

function catalogOf(...entities: readonly SearchedEntity[]) {
  const catalog = createCatalog(kinds);
  for (const one of entities) catalog.put(one);
  return catalog;
}

test('the names of a kind are counted over its live documents, whatever kind it is', () => {
  const catalog = catalogOf(
    entity('note', 'a', { tags: ['Exam', 'bio'], notebook: 'Plants' }),
    entity('note', 'b', { tags: ['exam'] }),
    entity('note', 'c', { tags: ['exam', 'binned'] }, 'binned'),
    entity('flashcard', 'd', { tags: ['exam'] }),
    entity('message', 'e', { chatId: 'f' }),
  );
  expect(catalog.names('note')).toEqual({
    tags: [
      { name: 'Exam', count: 2 },
      { name: 'bio', count: 1 },
    ],
    notebook: [{ name: 'Plants', count: 1 }],
  });
  expect(catalog.names('flashcard')).toEqual({ tags: [{ name: 'exam', count: 1 }] });
  expect(catalog.names('message')).toEqual({});
});

test('counts follow a document into the bin, back out of it, and away', () => {
  const catalog = catalogOf(entity('note', 'a', { tags: ['exam'] }));
  const places: readonly SearchedEntity['lifecycle'][] = ['binned', 'live', 'purged'];
  const counts = places.map((place) => {
    catalog.put(entity('note', 'a', place === 'purged' ? {} : { tags: ['exam'] }, place));
    return catalog.names('note')['tags']?.length;
  });
  expect(counts).toEqual([0, 1, 0]);
});

test('the documents with a name are found in whatever form they have it, newest first, those in the bin where asked for', () => {
  const catalog = catalogOf(
    entity('note', 'a', { tags: ['caf\u00e9'] }),
    entity('note', 'b', { tags: ['cafe\u0301', 'x'] }),
    entity('note', 'c', { tags: ['CAFÉ'] }, 'binned'),
    entity('note', 'd', { tags: ['cafe'] }),
  );
  expect(catalog.carriers('note', { tags: 'café' }, false)).toEqual(['b', 'a']);
  expect(catalog.carriers('note', { tags: 'café' }, true)).toEqual(['c', 'b', 'a']);
  expect(catalog.carriers('note', { tags: 'x', notebook: 'none' }, true)).toEqual([]);
});

test('the order by title is that of a reader: numbers by value, accents and case beside their letters', () => {
  const titles = ['Note 10', 'Zoo', 'note 9', 'Äpfel', 'Birne', 'apfel'];
  const catalog = catalogOf(...titles.map((title, at) => entity('note', String(at), { title })));
  const shown = () => catalog.order('note', 'title').map((id) => titles[Number(id)]);
  expect(shown()).toEqual(['apfel', 'Äpfel', 'Birne', 'note 9', 'Note 10', 'Zoo']);
  titles[1] = 'Ananas';
  titles.push('Note 9.5');
  for (const at of [1, 6]) catalog.put(entity('note', String(at), { title: titles[at] ?? '' }));
  catalog.put(entity('note', '4', {}, 'purged'));
  expect(shown()).toEqual(['Ananas', 'apfel', 'Äpfel', 'note 9', 'Note 9.5', 'Note 10']);
});

test('the order by creation is the newest first, pinned ones before the others', () => {
  const catalog = catalogOf(
    entity('note', '0198a', { title: 'x' }),
    entity('note', '0198c', { title: 'y' }),
    entity('note', '0198b', { title: 'z', pinned: true }),
  );
  expect(catalog.order('note', 'created')).toEqual(['0198b', '0198c', '0198a']);
  catalog.put(entity('note', '0198b', { title: 'z', pinned: false }));
  catalog.put(entity('note', '0198a', { title: 'x' }, 'binned'));
  expect(catalog.order('note', 'created')).toEqual(['0198c', '0198b']);
});

test('what was known is known again from the kept index', () => {
  const index = createSearchIndex(kinds);
  for (const one of [
    entity('note', 'a', { title: 'One', tags: ['exam'] }),
    entity('note', 'b', { title: 'Two', tags: ['exam'] }, 'binned'),
    entity('flashcard', 'c', { front: 'Three', tags: ['bio'] }),
  ])
    index.put(one);
  const { catalog } = createSearchIndex(kinds, index.serialize());
  expect(catalog.names('note')).toEqual(index.catalog.names('note'));
  expect(catalog.names('flashcard')).toEqual({ tags: [{ name: 'bio', count: 1 }] });
  expect(catalog.carriers('note', { tags: 'exam' }, true)).toEqual(['b', 'a']);
  expect(catalog.order('note', 'title')).toEqual(['a']);
});
