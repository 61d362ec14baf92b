/** Files in a text: how they come in, and which picture a list shows. */
import { expect, test } from 'vitest';
import { fileMarkdown, firstPicture, withReferences, wordsOfFile } from '#features/markdown/file-markdown.ts';

const hash = 'ab'.repeat(32);
const reference = `files/${hash}.png`;

test.each([
  ['a described picture keeps its name as words', 'Cell wall.png', true, `![Cell wall](${reference})`],
  ['a camera’s name describes nothing', 'IMG_20260101_1234.jpg', true, `![](${reference})`],
  ['a pasted picture has no name worth keeping', 'image.png', true, `![](${reference})`],
  ['a name in another script', 'تصویر سلول.png', true, `![تصویر سلول](${reference})`],
  ['a file is called like the file, ending and all', 'report.pdf', false, `[report.pdf](${reference})`],
  ['a name with underscores in it stays as it is called', 'IMG_0042_b.HEIC', false, `[IMG_0042_b.HEIC](${reference})`],
  ['an underscore that could begin emphasis', '_draft_ a__b.pdf', false, `[\\_draft\\_ a\\_\\_b.pdf](${reference})`],
  ['a file without a name', '', false, `[File](${reference})`],
  ['signs of Markdown are only signs', 'a](b)[*c*]_`<d>.pdf', false, `[a\\](b)\\[\\*c\\*\\]\\_\\\`\\<d\\>.pdf](${reference})`],
  ['a name over several lines is one', 'a\n\n# b.pdf', false, `[a # b.pdf](${reference})`],
])('%s', (_, name, isPicture, expected) => {
  expect(fileMarkdown(reference, name, isPicture)).toBe(expected);
});

test.each([
  ['the first of two', `x ![a](${reference}) ![b](files/${'cd'.repeat(32)}.jpg)`, hash],
  ['in an export’s folder', `![a](../../${reference})`, hash],
  ['with a title behind it', `![a](${reference} "t")`, hash],
  ['a file that is no picture', `[a](files/${hash}.pdf)`, null],
  ['a drawing, which has no small picture', `![a](files/${hash}.svg)`, null],
  ['somebody else’s picture', `![a](https://host/${reference})`, null],
  ['no picture', 'text', null],
])('the picture of a list row: %s', (_, text, expected) => {
  expect(firstPicture(text)).toBe(expected);
});

test('half a megabyte that nearly refers to a picture is looked through at once', () => {
  expect(firstPicture('![](../'.repeat(80_000))).toBeNull();
});

test.each([
  ['a text', 'Words\n\n\n', 'Words\n\n![a](files/1)\n\n![b](files/2)'],
  ['no text', ' \n', '![a](files/1)\n\n![b](files/2)'],
  ['a text that has one of them', '![a](files/1)', '![a](files/1)\n\n![b](files/2)'],
])('references behind %s', (_, text, expected) => {
  expect(withReferences(text, ['![a](files/1)', '![b](files/2)'])).toBe(expected);
});

test.each([
  ['a link', `See [a](b) and [report.pdf](${reference}), twice [x](${reference})`, 'report.pdf'],
  ['a picture in an export’s folder', `![Cell wall](../../${reference} "t")`, 'Cell wall'],
  ['what `fileMarkdown` has written', fileMarkdown(reference, 'a](b)[*c*]_`<d>.pdf', false), 'a](b)[*c*]_`<d>.pdf'],
  ['a picture without words', `[no](x)![](${reference})`, ''],
  ['a reference alone', `words ${reference}`, ''],
  ['another file', `[a](files/${'cd'.repeat(32)}.pdf)`, ''],
])('what a file is called by %s', (_, text, expected) => {
  expect(wordsOfFile(text, hash)).toBe(expected);
});

test('half a megabyte of brackets before a file is looked through at once', () => {
  expect(wordsOfFile(`${'['.repeat(500_000)}](${reference})`, hash)).toBe('');
});
