import type { BlobHash } from '#core/blobs.ts';

/** Names that programs and cameras give: they describe nothing. */
const GENERIC = /^(image|picture|photo|img|dscn?|pxl|screenshot|unnamed|blob|download|clipboard)?[\s_()\d.-]*$/i;

/** A file in Markdown: a picture with its name as words, or a link that is called like the file. */
export function fileMarkdown(reference: string, name: string, isPicture: boolean): string {
  const stem = name.replace(/\.[a-z0-9]{1,8}$/i, '');
  const words = isPicture ? (GENERIC.test(stem) ? '' : stem) : name || 'File';
  return `${isPicture ? '!' : ''}[${escapeWords(words)}](${reference})`;
}

/** An underscore between letters or digits begins no emphasis: names of photos have one, and stay as they are called. */
const escapeWords = (words: string): string =>
  words
    .trim()
    .replace(/\s+/g, ' ')
    .replace(/[\\[\]`*<>!]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\$&');

/** Longer than any words that are written for a file, with room for signs of Markdown, in UTF-16 code units. */
const LONGEST_WORDS = 1000;

/** What a text calls a blob where it first refers to it: the name of a file, the words of a picture. Empty where it says nothing. */
export function wordsOfFile(markdown: string, hash: BlobHash): string {
  const at = markdown.indexOf(`files/${hash}`);
  if (at < 0) return '';
  const before = markdown.slice(Math.max(0, at - LONGEST_WORDS), at);
  const [, words = ''] = /\[((?:\\.|[^\\[\]\n])*)\]\((?:\.{1,2}\/)*$/.exec(before) ?? [];
  return words.replace(/\\([\\[\]`*<>!_])/g, '$1');
}

/** A text with references behind it, each in a paragraph of its own. One that it has already does not come again. */
export function withReferences(text: string, references: readonly string[]): string {
  const fresh = references.filter((reference) => !text.includes(reference));
  return [text.trim() === '' ? '' : text.replace(/\n+$/, ''), ...fresh].filter((part) => part !== '').join('\n\n');
}

/** The hash of the first picture that a text shows; null where there is none. Linear in the length of the text. */
export function firstPicture(markdown: string): BlobHash | null {
  if (!markdown.includes('](')) return null;
  return /\]\((?:\.{1,2}\/)*files\/([0-9a-f]{64})\.(?:png|jpg|gif|webp|avif)[\s)]/.exec(markdown)?.[1] ?? null;
}
