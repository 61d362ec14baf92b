/** Words found in one text, as find panels do. */
import { expect, test } from 'vitest';
import { queryMarks } from '#features/search/query-marks.ts';
import { placesOf } from '#ui/text/find-places.ts';

const found = (text: string, words: string, matchCase = false, wholeWord = false): readonly string[] =>
  placesOf({ words, matchCase, wholeWord })(text).map(([from, to]) => text.slice(from, to));

test.each([
  ['Cat category', 'cat', ['Cat', 'cat']],
  ['a.b a+b', 'a.b', ['a.b']],
  ['(x) [y]', '[y]', ['[y]']],
  ['x', '  ', []],
  ['STRASSE İstanbul', 'istanbul', []],
  ['two\nwords', 'two words', ['two\nwords']],
  ['光合作用', '合作', ['合作']],
  ['🌱🌱', '🌱', ['🌱', '🌱']],
  ['cafe\u0301 caf\u00e9', 'caf\u00e9', ['cafe\u0301', 'caf\u00e9']],
  ['cafe\u0301 caf\u00e9', 'cafe\u0301', ['cafe\u0301', 'caf\u00e9']],
  ['\ud55c\uae00', '\ud55c\uae00'.normalize('NFD'), ['\ud55c\uae00']],
  ['\ud55c\uae00'.normalize('NFD'), '\ud55c\uae00', ['\ud55c\uae00'.normalize('NFD')]],
])('%j: %j', (text, words, expected) => {
  expect(found(text, words)).toEqual(expected);
});

test('case and whole words', () => {
  expect(found('Cat cat', 'cat', true)).toEqual(['cat']);
  expect(found('cat category cat_ cat.', 'cat', false, true)).toEqual(['cat', 'cat']);
  expect(found('Übung übungen', 'übung', false, true)).toEqual(['Übung']);
  expect(found('C++ C', 'C++', false, true)).toEqual(['C++']);
});

const marked = (text: string, query: string): readonly string[] =>
  queryMarks(query)(text).map(([from, to]) => text.slice(from, to));

test.each([
  ['Stomata close, a stoma opens', 'stoma', ['Stomata', 'stoma']],
  ['Die Straße', 'strasse', ['Straße']],
  ['React组件的教程', 'react 教程', ['React', '教程']],
  ['光合作用', '光合作用', ['光合作用']],
  ['C++ and C#', 'c++', ['C++']],
  ['cell cells', '"cell"', ['cell']],
  ['the _mitosis_ phase', 'mitosis', ['mitosis']],
  ['nothing', '', []],
])('of a search, in %j: %j', (text, query, expected) => {
  expect(marked(text, query)).toEqual(expected);
});
