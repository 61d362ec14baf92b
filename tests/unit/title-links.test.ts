/** Links from note to note: how they are written, and which note a title leads to. */
import { describe, expect, test } from 'vitest';
import { ledger } from '#entities/index.ts';
import { findTitleLinks, linkableTitle } from '#features/markdown/title-links.ts';
import { createCatalog } from '#features/search/catalog.ts';
import type { SearchedEntity } from '#features/search/search-document.ts';

describe('in a text', () => {
  test.each([
    ['see [[Light reactions]] here', ['Light reactions']],
    ['[[A|first]] and [[B]]', ['A', 'B']],
    ['[[ blank]] [[]] [[\n]] [x][[y', []],
    ['[[Title](https://example.com)]', []],
    ['[[1]](https://example.com)', []],
    ['[[^1]]', []],
    ['[[光合作用]]、[[تركيب ضوئي]]', ['光合作用', 'تركيب ضوئي']],
    ['[[C# and F#]]', ['C# and F#']],
    [`[[${'x'.repeat(300)}]]`, []],
  ])('%s', (text, titles) => {
    expect(findTitleLinks(text).map(({ title }) => title)).toEqual(titles);
    for (const { from, to, title } of findTitleLinks(text)) expect(text.slice(from, to)).toContain(title);
  });

  test.each(['A [draft] | two', '  padded  ', '^up', 'two\nlines', 'x'.repeat(300)])(
    'any title can be written as a link: %j',
    (title) => {
      const [link] = findTitleLinks(`[[${linkableTitle(title)}]]`);
      expect(link?.title).toBe(linkableTitle(title));
      expect(link?.title).not.toBe('');
    },
  );
});

describe('to a note', () => {
  let time = 1;
  const note = (id: string, title: string, place: SearchedEntity['lifecycle'] = 'live'): SearchedEntity => ({
    kind: 'note',
    id,
    fields: { title },
    lifecycle: place,
    updatedAt: time++,
  });
  const catalogOf = (...notes: readonly SearchedEntity[]) => {
    const catalog = createCatalog(ledger);
    for (const one of notes) catalog.put(one);
    return catalog;
  };
  const find = (catalog: ReturnType<typeof catalogOf>, title: string) => catalog.titled('note', [title])[0];

  test('a title is compared without case, accents, width and the signs that no link can hold', () => {
    const catalog = catalogOf(note('a', 'Über die Straße'), note('b', 'A [draft] | two'), note('c', 'Ｃａｆé'));
    expect(find(catalog, 'uber die strasse')?.id).toBe('a');
    expect(find(catalog, linkableTitle('A [draft] | two'))?.id).toBe('b');
    expect(find(catalog, 'cafe')?.id).toBe('c');
    expect(find(catalog, 'Über')).toBeNull();
  });

  test('a title of any length leads to its note, and no character is cut', () => {
    const long = `${'a'.repeat(119)}🌱 and so on`;
    const catalog = catalogOf(note('a', long));
    expect(find(catalog, long)?.id).toBe('a');
    const [offered] = catalog.completeTitle('note', 'aaa', 1);
    expect(offered?.title.isWellFormed()).toBe(true);
    expect(find(catalog, linkableTitle(offered?.title ?? ''))?.id).toBe('a');
  });

  test('of several the one changed last is meant, and how many there are is said; the same letters come before the same but for accents', () => {
    const catalog = catalogOf(note('a', 'Plan'), note('b', 'plan'), note('c', 'Plán'));
    expect(find(catalog, 'Plan')).toEqual({ id: 'b', title: 'plan', count: 2 });
    expect(find(catalog, 'Plán')).toEqual({ id: 'c', title: 'Plán', count: 1 });
    catalog.put(note('a', 'Plan'));
    expect(find(catalog, 'Plan')?.id).toBe('a');
  });

  test('a link follows a note into the bin, back, to its new title, and away', () => {
    const catalog = catalogOf(note('a', 'Old'));
    expect(find(catalog, 'Old')?.id).toBe('a');
    catalog.put(note('a', 'Old', 'binned'));
    expect(find(catalog, 'Old')).toBeNull();
    catalog.put(note('a', 'New'));
    expect(find(catalog, 'Old')).toBeNull();
    expect(find(catalog, 'New')?.id).toBe('a');
    catalog.put(note('a', 'New', 'purged'));
    expect(find(catalog, 'New')).toBeNull();
  });

  test('completing offers those that begin with the words first, then the newest, at any number of notes', () => {
    const many = Array.from({ length: 3000 }, (_, at) => note(`n${at}`, `Lecture ${at}`));
    const catalog = catalogOf(note('old', 'Mitosis and cells'), ...many, note('x', 'On mitosis'), note('y', 'Mitosis'));
    const titles = catalog.completeTitle('note', 'mito', 10).map(({ title }) => title);
    expect(titles).toEqual(['Mitosis', 'Mitosis and cells', 'On mitosis']);
    expect(catalog.completeTitle('note', 'cells mitosis', 10).map(({ id }) => id)).toEqual(['old']);
    expect(catalog.completeTitle('note', '', 5).map(({ id }) => id)).toEqual(['y', 'x', 'old', 'n2999', 'n2998']);
  });
});
