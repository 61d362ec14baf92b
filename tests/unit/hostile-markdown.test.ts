/** Texts that are made to hold up the page: half a megabyte of one sign, and nesting without end. */
import { describe, expect, test } from 'vitest';
import { lexMarkdown, tokensToHtml } from '#features/markdown/markdown-syntax.ts';

const LENGTH = 500_000;
const repeated = (piece: string): string => piece.repeat(Math.ceil(LENGTH / piece.length)).slice(0, LENGTH);

const pieces = [
  ...['*', '[', '$', '`', '~', '_', '<', '>', '(', ']', '!', '\\', '|', '-', '#', '&', '^', ':'],
  ...[
    '*a ',
    'a**b',
    '_a ',
    '__a ',
    '*_',
    '***a ',
    '~~a ',
    '$a ',
    '$$a ',
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
  ...[
    '[^a]: b\n',
    '[a]: b\n',
    '> ',
    '- ',
    '1. ',
    '\n$$',
    '\n\\[\n',
    '|a|b|\n|-|-|\n',
    '<div>\n\n',
    '</div>\n\n',
    '**「',
    'a@',
    'www.',
    'http://',
    '- [ ] a\n',
    '$5 ',
  ],
];

describe('half a megabyte', () => {
  test.each(pieces)('of %j is read to its end', { timeout: 20_000 }, (piece) => {
    const text = repeated(piece);
    let length = 0;
    try {
      length = tokensToHtml(lexMarkdown(text)).length;
    } catch (error) {
      // The view shows such a text as it is written.
      expect(error).toBeInstanceOf(RangeError);
      return;
    }
    expect(length).toBeGreaterThan(0);
  });
});
