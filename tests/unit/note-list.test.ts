/** What a list shows of a note, and which notes a filter lets through. */
import { describe, expect, test } from 'vitest';
import type { EntityView } from '#app/app.ts';
import { knownDocumentKind } from '#entities/documents.ts';
import type { PatchOfKind } from '#entities/index.ts';
import { note } from '#entities/note.ts';
import { countWords, excerpt } from '#features/markdown/plain-text.ts';
import { type DocumentFilter, documentMatcher, noFilter } from '#ui/documents/document-filter.ts';

const view = (fields: PatchOfKind<'note'>): EntityView<'note'> => ({
  kind: 'note',
  id: '0198c0de-0000-7000-8000-00000000a001',
  fields: { ...note.sample(), ...fields },
  updatedAt: 1,
  localSeq: 1,
  lifecycle: 'live',
  readOnly: false,
  pending: false,
});

const kind = knownDocumentKind('note');
const isLet = (filter: Partial<DocumentFilter>, one: EntityView<'note'>): boolean => {
  const { lets, hasWords } = documentMatcher(kind, { ...noFilter, ...filter });
  return lets(one) && hasWords(one);
};

describe('a filter', () => {
  const plants = view({
    title: 'Pflanzen',
    text: 'Der Fluß fließt über Ärger. Café',
    tags: ['exam'],
    notebook: 'Biology',
    starred: true,
  });

  test('wants every word, in any field, without regard to case and accents', () => {
    const matches = (query: string): boolean => isLet({ query }, plants);
    expect(matches('pflanzen CAFE')).toBe(true);
    expect(matches('uber arger')).toBe(true);
    expect(matches('exam biology')).toBe(true);
    expect(matches('pflanzen tier')).toBe(false);
    expect(matches('   ')).toBe(true);
  });

  test('narrows by star, tag and notebook, all together', () => {
    expect(isLet({ starred: true, names: { tags: 'exam', notebook: 'Biology' } }, plants)).toBe(true);
    expect(isLet({ starred: true }, view({ starred: false }))).toBe(false);
    expect(isLet({ names: { tags: 'exa' } }, plants)).toBe(false);
    expect(isLet({ names: { notebook: 'Physics' } }, plants)).toBe(false);
  });
});

describe('the beginning of a note', () => {
  test('is shown without Markdown marks', () => {
    const text =
      '# Head\n\n> quoted **bold** and *soft* `code`\n\n- [x] done\n1. [link](https://example.org)\n\n```ts\nlet x;\n```';
    expect(excerpt(text)).toBe('Head quoted bold and soft code done link let x;');
  });

  test('keeps marks that are words of their own', () => {
    expect(excerpt('2 * 3 * 4 and snake_case_name')).toBe('2 * 3 * 4 and snake_case_name');
    expect(excerpt('---\ntitle: My note\n---\n\nBody')).toBe('Body');
  });

  test('is cut', () => {
    expect(excerpt('word '.repeat(1_000_000))).toHaveLength(160);
  });
});

describe('counting words', () => {
  test.each([
    ['', 0],
    ["don't count marks: **two** — three!", 5],
    ['well-known words', 2],
    ['写字 and 本', 4],
    ['\n\n- \n# \n', 0],
  ])('%j has %i', (text, words) => {
    expect(countWords(text)).toBe(words);
  });
});
