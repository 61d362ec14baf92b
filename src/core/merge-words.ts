/**
 * Words as the items of a merge. A word stands for itself. White space stands for itself *behind the word before it*,
 * so that the blanks between two rewritten sentences are not taken for something that they share.
 */

/** Scripts without spaces between words: merged sign by sign. */
const UNSPACED =
  '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}';
/** Letters, digits, marks, and the two joiners that stand inside words of Persian and Indic scripts. */
const LETTER = '\\p{L}\\p{N}\\p{M}_\\u200c\\u200d';

const PART = new RegExp(
  [
    '\\n',
    '[^\\S\\n]+',
    `[${UNSPACED}]\\p{M}*`,
    // Emoji joined by U+200D, with variation selectors and skin tones, stay whole.
    '\\p{Extended_Pictographic}[\\u200d\\ufe0f\\p{Emoji_Modifier}\\p{Extended_Pictographic}]*',
    `(?:(?![${UNSPACED}])[${LETTER}])+`,
    '[^]',
  ].join('|'),
  'gu',
);
const BLANK = /^[^\S\n]+$/u;
const ENDS_AS_WORD = new RegExp(`[${LETTER}]$`, 'u');
const STARTS_AS_WORD = new RegExp(`^(?![${UNSPACED}])[${LETTER}]`, 'u');
const IS_UNSPACED = new RegExp(`^[${UNSPACED}]`, 'u');

/** Stands between a blank and the word before it: a private-use sign, which is always an item of its own. */
const BEHIND = '\uf8ff';

/** The items of `text`; `joinWords` of them gives `text` back. */
export function splitWords(text: string): readonly string[] {
  const items: string[] = [];
  let before = '';
  for (const [part] of text.matchAll(PART)) {
    items.push(BLANK.test(part) ? before + BEHIND + part : part);
    before = part;
  }
  return items;
}

/**
 * The text of merged items. Two words that only the merge brought together get a blank between them: no source has two
 * words side by side, and glued they would be neither of the two.
 */
export function joinWords(items: readonly string[]): string {
  let text = '';
  let before = '';
  for (const item of items) {
    const part = textOf(item);
    if (STARTS_AS_WORD.test(part) && ENDS_AS_WORD.test(before) && !IS_UNSPACED.test(before)) text += ' ';
    text += part;
    before = part;
  }
  return text;
}

function textOf(item: string): string {
  const at = item.lastIndexOf(BEHIND);
  return at < 0 || at === item.length - 1 ? item : item.slice(at + 1);
}
