/** Markdown looked through, not parsed: good enough for a list of a hundred thousand notes. */

import { cutText, UNSPACED_SCRIPTS } from '#core/text.ts';
import { findFrontMatter } from './front-matter.ts';

/** No more than this much of a text is looked at for its beginning. */
const LOOK_AHEAD = 600;

/** The beginning of a text without its marks, at most `length` characters, in one line. */
export function excerpt(markdown: string, length = 160): string {
  const { length: start } = findFrontMatter(markdown);
  const plain = withoutMarks(markdown.slice(start, start + LOOK_AHEAD));
  return plain.length > length ? `${cutText(plain, length).trimEnd()}…` : plain;
}

/** A short text in one line, without the marks of Markdown. */
export function withoutMarks(markdown: string): string {
  return markdown
    .replace(/^\s*(```|~~~).*$/gm, ' ')
    .replace(/^\s{0,3}(#{1,6}\s+|>\s?|[-*+]\s+(\[[ xX]\]\s+)?|\d{1,9}[.)]\s+|([-*_]\s*){3,}$)/gm, '')
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/(\*\*|__|~~|`+)/g, '')
    .replace(/(^|\W)[*_](?=\S)(.+?)[*_](?=\W|$)/g, '$1$2')
    .replace(/\s+/g, ' ')
    .trim();
}

/** Scripts that write without spaces are counted by character, as word processors do. */
const WORD = new RegExp(
  `(?=[\\p{L}\\p{N}])(?:[${UNSPACED_SCRIPTS}]|[\\p{L}\\p{N}](?:(?![${UNSPACED_SCRIPTS}])[\\p{L}\\p{M}\\p{N}'’_-])*)`,
  'gu',
);

/** The number of words a person would count. */
export function countWords(markdown: string): number {
  let words = 0;
  for (const _ of markdown.matchAll(WORD)) words++;
  return words;
}
