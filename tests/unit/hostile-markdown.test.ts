/** Texts that are made to hold up the page: half a megabyte of one sign, and nesting without end. */
import { describe, expect, test } from 'vitest';
import { lexMarkdown, tokensToHtml } from '#features/markdown/markdown-syntax.ts';

const repeated = (piece: string, length: number): string => piece.repeat(Math.ceil(length / piece.length)).slice(0, length);

const signs = ['*', '[', '$', '`', '~', '_', '>', '(', ']', '\\', '|', '-', '#', '&', '^', ':', '*a ', '$a ', '$$a ', '> ', '- '];
/** What once took the square of the length, or its cube. */
const costly = ['\n$$', '$$\na\n', '\r\n$$', 'a\n\\[', 'a\n> b\n', '> $$\n', '$$\n> a\n', '_a_b', 'a_b_', 'https://a(', 'www.a('];
const pieces = [
  ...[
    '<',
    '!',
    'a**b',
    '_a ',
    '__a ',
    '*_',
    '***a ',
    '~~a ',
    '\\(a ',
    '\\[a ',
    '`a ',
    '<a ',
    '<!--',
    '![',
    '[a](',
    '[a][',
    '[^a]',
  ],
  ...['[^a]: b\n', '[a]: b\n', '1. ', '\n\\[\n', '|a|b|\n|-|-|\n', '<div>\n\n', '</div>\n\n', '**「', 'a@', 'www.'],
  ...['http://', '- [ ] a\n', '$5 ', '[[', '[[a', '[[a|b', '![[a]', '[[a]]'],
];

/** How many pieces a text is read into; null for one that is nested too deep, which the view shows as it is written. */
function read(text: string): number | null {
  try {
    const tokens = lexMarkdown(text);
    tokensToHtml(tokens);
    return tokens.length;
  } catch (error) {
    expect(error).toBeInstanceOf(RangeError);
    return null;
  }
}

describe('a text that is all one sign', () => {
  test.each([...signs, ...costly])('of half a megabyte of %j is read to its end', (piece) => {
    expect(read(repeated(piece, 500_000))).not.toBe(0);
  });

  test.each(pieces)('of %j is read to its end', (piece) => {
    expect(read(repeated(piece, 60_000))).not.toBe(0);
  });
});
