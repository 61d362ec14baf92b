/**
 * What a text is cut into before it is merged: lines, then words. An item is the text of its piece. A blank (an empty
 * line, the space between two words) is followed by a line break and by what it is behind: so the spaces between
 * two rewritten sentences are not taken for something that they share, and an empty line belongs to the paragraph above it.
 * No piece but a line break holds a line break, so an item tells by itself what its text is.
 */

/** Scripts without spaces between words: merged sign by sign. */
const UNSPACED =
  '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}';
/** Letters, digits, marks, and the two joiners that occur inside words of Persian and Indic scripts. */
const LETTER = '\\p{L}\\p{N}\\p{M}_\\u200c\\u200d';
const WORD_LETTER = `[[${LETTER}]--[${UNSPACED}]]`;

// Bounded repetitions: with `+`, a word of five million letters overflows the engine's stack (V8, measured).
const WORD_PIECE = new RegExp(
  [
    '\\n',
    '[^\\S\\n]{1,1000}',
    `[${UNSPACED}]\\p{M}{0,50}`,
    // Emoji joined by U+200D, with variation selectors and skin tones, stay whole.
    '\\p{Extended_Pictographic}[\\u200d\\ufe0f\\p{Emoji_Modifier}\\p{Extended_Pictographic}]{0,50}',
    `${WORD_LETTER}{1,1000}`,
    '[^]',
  ].join('|'),
  'gv',
);
const BLANK = /^[^\S\n]*$/u;
const SPOKEN = /[\p{L}\p{N}]/u;
const WORD = /[\p{L}\p{N}\p{Extended_Pictographic}]/u;
const ENDS_AS_WORD = new RegExp(`[${LETTER}]$`, 'u');
const STARTS_AS_WORD = new RegExp(`^${WORD_LETTER}`, 'v');
const IS_UNSPACED = new RegExp(`^[${UNSPACED}]`, 'u');
/** Opening brackets and quotes are close to the word behind them. */
const OPENS = /^[\p{Ps}\p{Pi}]$/u;
const BREAK = '\n';

/** The text of an item. */
export function textOf(item: string): string {
  const at = item.indexOf(BREAK);
  return at < 0 || item === BREAK ? item : item.slice(0, at);
}

/** Whether an item says something: a letter or a digit. */
export const isSpoken = (item: string): boolean => SPOKEN.test(textOf(item));

/** Whether an item is a word or an emoji: what a person would miss. */
export const isWord = (item: string): boolean => WORD.test(textOf(item));

/** Whether anything of an item is seen. */
export const isVisible = (item: string): boolean => /\S/u.test(textOf(item));

/** Whether an item is white space: an empty line, the space between two words. */
export const isBlank = (item: string): boolean => BLANK.test(textOf(item));

/** The lines of a text as items: what is between line breaks. An empty text has none. */
export function splitLines(text: string): readonly string[] {
  if (text === '') return [];
  const items: string[] = [];
  let above = '';
  let blanks = 0;
  for (const line of text.split(BREAK)) {
    const blank = BLANK.test(line);
    blanks = blank ? blanks + 1 : 0;
    if (!blank) above = line;
    // Numbered, not chained: the hundredth empty line in a row would carry the other ninety-nine.
    items.push(blank ? `${line}${BREAK}${blanks}${BREAK}${above}` : line);
  }
  return items;
}

export const joinLines = (items: readonly string[]): string => items.map(textOf).join(BREAK);

/** The words, blanks, signs and line breaks of a text as items; `joinWords` of them gives the text back. */
export function splitWords(text: string): readonly string[] {
  const items: string[] = [];
  let behind = '';
  let run: string[] = [];
  const close = (): void => {
    const piece = run.join('');
    items.push(BLANK.test(piece) ? `${piece}${BREAK}${behind}` : piece);
    behind = piece;
  };
  for (const [piece] of text.matchAll(WORD_PIECE)) {
    const before = run.at(-1);
    if (before !== undefined && !areOneRun(before, piece)) {
      close();
      run = [];
    }
    run.push(piece);
  }
  if (run.length > 0) close();
  return items;
}

/** Whether two pieces side by side are one word or one blank: in a source only where a piece has its greatest length. */
function areOneRun(before: string, piece: string): boolean {
  if (BLANK.test(piece)) return before !== '' && BLANK.test(before);
  return STARTS_AS_WORD.test(piece) && ENDS_AS_WORD.test(before) && !IS_UNSPACED.test(before);
}

/**
 * The text of merged items. Where the merge brought two words together, they get a blank between them: glued they would
 * be neither of the two. Where it brought two blanks together, they become one.
 */
export function joinWords(items: readonly string[]): string {
  let text = '';
  let before = '';
  for (const item of items) {
    const piece = textOf(item);
    const run = areOneRun(before, piece);
    if (run && BLANK.test(piece)) continue;
    text += run ? ` ${piece}` : piece;
    before = piece;
  }
  return text;
}

/**
 * The line break or blank that keeps what two sides wrote at one place apart: two insertions that hold line breaks are lines, the rest
 * is words of one line.
 */
export function separateWords(before: readonly string[], after: readonly string[]): readonly string[] {
  const last = textOf(before.at(-1) ?? BREAK);
  const first = textOf(after[0] ?? BREAK);
  if (last === BREAK || first === BREAK) return [];
  if (before.includes(BREAK) && after.includes(BREAK)) return [BREAK];
  const apart = BLANK.test(last) || OPENS.test(last) || IS_UNSPACED.test(last) || !STARTS_AS_WORD.test(first);
  return apart ? [] : [` ${BREAK}${last}`];
}

/** Whether `words` come before `others` at one place: the rest of a line before lines under it, lines above before words. */
export function goesBefore(words: readonly string[], others: readonly string[]): boolean {
  if (words.includes(BREAK)) return words[0] !== BREAK && words.at(-1) === BREAK && !others.includes(BREAK);
  return others[0] === BREAK;
}
