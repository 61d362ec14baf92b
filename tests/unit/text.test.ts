/** Text of every script: where it is cut, how it is counted, and which files it names. */
import { describe, expect, test } from 'vitest';
import { cutText } from '#core/text.ts';
import { documentFileName } from '#entities/document-file.ts';
import { note } from '#entities/note.ts';
import { countWords, excerpt } from '#features/markdown/plain-text.ts';

describe('a text is cut between two characters', () => {
  test.each([
    ['a short one stays', 'abc', 3, 'abc'],
    ['letters', 'abcdef', 3, 'abc'],
    ['a surrogate pair', `${'a'.repeat(9)}🌱b`, 10, 'a'.repeat(9)],
    ['an accent of its own', 'e\u0301e\u0301', 3, 'e\u0301'],
    ['a family', 'ab👨‍👩‍👧‍👦c', 8, 'ab'],
    ['a flag', 'x🇩🇪🇫🇷', 6, 'x🇩🇪'],
    ['a syllable of Hindi', 'कि कि', 4, 'कि '],
    ['a line break of two', 'ab\r\nc', 3, 'ab'],
    ['one character that is too long', '👨‍👩‍👧‍👦', 3, '👨‍'],
    ['nothing but half a pair', '🌱', 1, ''],
    ['behind a long text', 'x'.repeat(500), 300, 'x'.repeat(300)],
    ['a pile of marks', `a${'\u0301'.repeat(500)}`, 300, `a${'\u0301'.repeat(299)}`],
  ])('%s', (_, text, length, cut) => {
    expect(cutText(text, length)).toBe(cut);
  });

  test('the excerpt of a note', () => {
    expect(excerpt(`${'x'.repeat(159)}🌱 and more`)).toBe(`${'x'.repeat(159)}…`);
  });
});

test.each([
  ['React教程入门', 5],
  ['2024年的计划', 5],
  ['two words', 2],
  ["don't well-known snake_case", 3],
  ['コーヒー', 4],
  ['한국어 공부', 2],
  ['— ** …', 0],
  ['1,000.5 of 3.14', 3],
  ['[a link](https://example.com/a/b "title") and https://example.com/x?y=1', 4],
  ['https://example.com/docs（中文）', 3],
])('words of %s: %i', (text, words) => {
  expect(countWords(text)).toBe(words);
});

test.each([
  ['CON', 'CON_.md'],
  ['.NET notes', '_.NET notes.md'],
  ['aux', 'aux_.md'],
  ['nul.txt', 'nul_.txt.md'],
  ['com1', 'com1_.md'],
  ['LPT³', 'LPT³_.md'],
  ['console', 'console.md'],
  ['Con Air', 'Con Air.md'],
  ['a/b: c?', 'a b c.md'],
  ['ends with dots...', 'ends with dots.md'],
  ['cafe\u0301', 'café.md'],
  ['gpj.\u202eexe', 'gpj.exe.md'],
  ['🌱'.repeat(60), `${'🌱'.repeat(40)}.md`],
  ['...', 'Note.md'],
])('the file of a note with the title %s is %s', (title, name) => {
  expect(documentFileName(note, { title })).toBe(name);
});
