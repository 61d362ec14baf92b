/** The page on adding a kind is true: its code is that of the kind that the tests add. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const PAGE = readFileSync('docs/adding-a-kind.md', 'utf8');
const blocks = [...PAGE.matchAll(/^```ts (\S+)\n(.*?)\n```$/gms)].map(([, file = '', code = '']) => ({ file, code }));

describe('the page on adding a kind', () => {
  test('shows the declaration, the panel and its view', () => {
    expect(blocks.map(({ file }) => file)).toEqual(['flashcard.ts', 'flashcards-panel.ts', 'flashcards-view.ts']);
  });

  test.each(blocks)('shows $file as it is', ({ file, code }) => {
    expect(code).toBe(readFileSync(`tests/support/flashcards/${file}`, 'utf8').trimEnd());
  });

  test('asks for a panel of at most 120 lines', () => {
    const lines = blocks.filter(({ file }) => file !== 'flashcard.ts').map(({ code }) => code.split('\n').length);
    expect(lines.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(120);
  });
});
