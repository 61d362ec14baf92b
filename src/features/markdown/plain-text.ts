/** Markdown looked through, not parsed: good enough for a list of a hundred thousand notes. */

import { blankReferences, outsideReference, WHOLE_REFERENCE } from '#core/blobs.ts';
import { cutText, UNSPACED_SCRIPTS } from '#core/text.ts';
import { findFrontMatter } from './front-matter.ts';

/** No more than this much of a text is looked at for its beginning. */
const LOOK_AHEAD = 600;

/** The beginning of a text without its marks, at most `length` characters, in one line. */
export function excerpt(markdown: string, length = 160): string {
  const { length: start } = findFrontMatter(markdown);
  const plain = withoutMarks(markdown.slice(start, outsideReference(markdown, start + LOOK_AHEAD)));
  return plain.length > length ? `${cutText(plain, length).trimEnd()}…` : plain;
}

/** The words of a link or a picture: a pair of brackets may be in them, as in `[slides [1].pdf]`. */
const WORDS = '((?:\\\\.|\\[[^[\\]]*\\]|[^\\\\[\\]])*)';
/** The second form was cut off at the end of what is looked at. */
const LINK = new RegExp(`(!?)\\[${WORDS}\\]\\((?:([^)]*)\\)|([^)\\s]*)$)`, 'g');

/** What is read of a link: its words, or what it is where it has none and leads to a file. */
const linkWords = (mark: string, words: string, address: string): string =>
  words.trim() !== '' || !address.includes('files/') ? words.replace(/\\([[\]\\])/g, '$1') : mark === '!' ? 'Picture' : 'File';

/** A short text in one line, without the marks of Markdown and without the addresses of its links, pictures and files. */
export function withoutMarks(markdown: string): string {
  return markdown
    .replace(LINK, (_, mark, words, address = '', cut = '') => linkWords(mark, words, address || cut))
    .replace(WHOLE_REFERENCE, 'File')
    .replace(/^\s*(```|~~~).*$/gm, ' ')
    .replace(/^\s{0,3}(#{1,6}\s+|>\s?|[-*+]\s+(\[[ xX]\]\s+)?|\d{1,9}[.)]\s+|([-*_]\s*){3,}$)/gm, '')
    .replace(/(\*\*|__|~~|`+)/g, '')
    .replace(/(^|\W)[*_](?=\S)(.+?)[*_](?=\W|$)/g, '$1$2')
    .replace(/\s+/g, ' ')
    .trim();
}

/** Scripts that write without spaces are counted by character, as word processors do. A number is one word, and so is an address. */
const WORD = new RegExp(
  `(?:https?|ftp)://[\\x21-\\x7e]+|(?=[\\p{L}\\p{N}])(?:[${UNSPACED_SCRIPTS}]|[\\p{L}\\p{N}](?:(?![${UNSPACED_SCRIPTS}])[\\p{L}\\p{M}\\p{N}'’_-]|(?<=\\p{N})[.,](?=\\p{N}))*)`,
  'gu',
);

/** Where a link leads is not read. */
const ADDRESS = /\]\([^()\s]*(?:\s+"[^"\n]*")?\)/g;

/** The number of words a person would count. */
export function countWords(markdown: string): number {
  let words = 0;
  for (const _ of blankReferences(markdown).replace(ADDRESS, ']').matchAll(WORD)) words++;
  return words;
}
