/** What is true of text in every script. */

/**
 * Scripts that write without spaces between words, as the inside of a character class (flag `u`). Script extensions, so that
 * the sound marks of Japanese are among them.
 */
export const UNSPACED_SCRIPTS = ['Han', 'Hiragana', 'Katakana', 'Thai', 'Lao', 'Khmer', 'Myanmar']
  .map((script) => `\\p{scx=${script}}`)
  .join('');

/** Longer than any character that a person writes: a family of emoji has 11 code units. */
const LONGEST_CHARACTER = 64;

let segmenter: Intl.Segmenter | undefined;

const characters = (text: string): Intl.Segments => {
  segmenter ??= new Intl.Segmenter('und', { granularity: 'grapheme' });
  return segmenter.segment(text);
};

/** How many characters a person counts in it. */
export const countCharacters = (text: string): number => [...characters(text)].length;

/**
 * The beginning of `text`, at most `length` code units long, that ends between two characters as a person counts them
 * (grapheme clusters, UAX #29). A single character that is longer is cut between code points.
 */
export function cutText(text: string, length: number): string {
  if (text.length <= length) return text;
  const from = pairStart(text, Math.max(0, length - LONGEST_CHARACTER));
  let end = from;
  for (const { index, segment } of characters(text.slice(from, length + LONGEST_CHARACTER))) {
    if (from + index + segment.length > length) break;
    end = from + index + segment.length;
  }
  return text.slice(0, end > from ? end : pairStart(text, length));
}

/** `at`, or the place before it where it is in the middle of a surrogate pair. */
function pairStart(text: string, at: number): number {
  const unit = text.charCodeAt(at);
  return at > 0 && unit >= 0xdc00 && unit <= 0xdfff ? at - 1 : at;
}
