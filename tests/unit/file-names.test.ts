/** What is read of the pictures and files that a text names: their words, never the address. */
import { describe, expect, test } from 'vitest';
import { blankReferences, blobReference, cutsNoReference, outsideReference, shortReferences } from '#core/blobs.ts';
import type { Fields } from '#core/entity.ts';
import { knownDocumentKind } from '#entities/documents.ts';
import { ledger } from '#entities/index.ts';
import { countWords, excerpt } from '#features/markdown/plain-text.ts';
import { createSearchIndex } from '#features/search/search-index.ts';
import { bestPlace, cut } from '#features/search/snippet.ts';
import { termsOf } from '#features/search/words.ts';
import { documentMatcher, noFilter } from '#ui/documents/document-filter.ts';

const hash = '0123456789abcdef'.repeat(4);
const other = 'cafe5678'.repeat(8);
const picture = blobReference(hash, 'png');
const pdf = blobReference(other, 'pdf');
const text = `Before ![Leaf under the lens](${picture}) and [Lecture 7 [handout].pdf](${pdf} "as given") after`;

describe('search', () => {
  const index = createSearchIndex(ledger);
  const put = (id: string, fields: Fields): void =>
    index.put({ kind: 'note', id, fields, lifecycle: 'live', updatedAt: 1_790_000_000_000 });
  put('with', { title: 'Botany', text });
  put('plain', { title: 'Other', text: 'Nothing but words' });
  const idsOf = (query: string): readonly string[] => index.find(query).families.map(({ id }) => id);

  test.each(['lens', 'handout', 'lecture', '"leaf under the lens"', 'pdf'])(
    'finds a note by %s in the name of its file',
    (query) => {
      expect(idsOf(query)).toEqual(['with']);
    },
  );

  test.each([
    ['the whole hash', hash],
    ['its beginning', hash.slice(0, 10)],
    ['digits that the other hash begins with', 'cafe5678'],
    ['the address', picture],
    ['the folder', 'files'],
    ['the extension alone', 'png'],
  ])('does not find it by %s', (_what, query) => {
    expect(idsOf(query)).toEqual([]);
    expect(index.serialize()).not.toContain(hash.slice(0, 12));
  });

  test('words are where they are in the text', () => {
    expect(termsOf(`a ${picture} b files/letters`)).toEqual(['a', 'b', 'files', 'letters']);
    expect(blankReferences(text)).toHaveLength(text.length);
    expect(blankReferences(text).indexOf('after')).toBe(text.indexOf('after'));
  });

  test('the field over the list does the same', () => {
    const has = (query: string): boolean =>
      documentMatcher(knownDocumentKind('note'), { ...noFilter, query }).hasWords({
        id: 'with',
        updatedAt: 0,
        fields: { title: 'Botany', text },
      });
    expect(['handout', 'lens', '"lecture 7"'].map(has)).toEqual([true, true, true]);
    expect([hash, 'cafe5678', 'files', 'png'].map(has)).toEqual([false, false, false, false]);
  });
});

describe('a list shows', () => {
  test.each([
    ['the words of pictures and files', text, 'Before Leaf under the lens and Lecture 7 [handout].pdf after'],
    ['what it is where there are none', `![](${picture}) [](${pdf}) ![ ](${picture})`, 'Picture File Picture'],
    ['a reference that stands alone as a file', `See ${pdf}.`, 'See File.'],
    ['an escaped bracket as it was meant', `[slides \\[1\\].pdf](${pdf})`, 'slides [1].pdf'],
    ['a link to elsewhere as before', '[](https://example.org) [words](https://example.org/files/)', 'words'],
  ])('%s', (_what, markdown, shown) => {
    expect(excerpt(markdown)).toBe(shown);
  });

  test('no part of an address, wherever a text is cut', () => {
    for (let before = 440; before < 600; before++) {
      const shown = excerpt(`${' '.repeat(before)}![Leaf](${picture}) tail`);
      expect(shown).not.toMatch(/[0-9a-f]{6}|files\//);
    }
    const long = `${'lead '.repeat(60)}![Leaf in bloom](${picture}) stomata ![](${pdf})`;
    for (let place = 0; place < long.length; place++) {
      const shown = cut(long, place);
      expect(shown, `at ${place}: ${shown}`).not.toMatch(/[0-9a-f]{6}|files\/|\]\(/);
    }
    expect(cut(long, bestPlace(long, new Set(['stomata'])))).toContain('stomata');
  });

  test('a place inside a reference is moved to its end', () => {
    const start = text.indexOf(picture);
    expect(outsideReference(text, start)).toBe(start);
    expect(outsideReference(text, start + 1)).toBe(start + picture.length);
    expect(outsideReference(text, start + picture.length)).toBe(start + picture.length);
  });

  test('a part of a text cuts no reference where it has all or nothing of it', () => {
    const start = text.indexOf(picture);
    expect(cutsNoReference(text, start, start + picture.length)).toBe(true);
    expect(cutsNoReference(text, 0, text.length)).toBe(true);
    expect(cutsNoReference(text, start, start + 5)).toBe(false);
    expect(cutsNoReference(text, start + 20, start + 21)).toBe(false);
    expect(cutsNoReference(text, start - 3, start + 8)).toBe(false);
  });
});

test('a reference is shown by the beginning of its hash', () => {
  const short = shortReferences(text);
  expect(short).toMatch(/\(files\/[0-9a-f]{8}…\.\w+\)/);
  expect(short).not.toMatch(/[0-9a-f]{9}/);
  expect(shortReferences('no files/here')).toBe('no files/here');
});

test('an address is no word of a note', () => {
  expect(countWords(text)).toBe(countWords('Before ![Leaf under the lens]() and [Lecture 7 [handout].pdf]( "as given") after'));
});
