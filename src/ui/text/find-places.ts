/** Finding words in one text, as find panels do. */

export interface FindQuery {
  readonly words: string;
  readonly matchCase: boolean;
  readonly wholeWord: boolean;
}

/** From where to where in a text. */
export type Place = readonly [from: number, to: number];

/** The places in a text that are looked for, in their order, without overlaps. */
export type PlacesIn = (text: string) => readonly Place[];

const LETTER = '[\\p{L}\\p{N}\\p{M}_]';

/** A letter with its marks, and a run of blanks. */
const PARTS = /\s+|\P{M}\p{M}*|\p{M}/gu;

/** What fits one of `PARTS`: letters also composed and decomposed, as other systems write them, and as the editor finds them. */
function patternOf(part: string): string {
  if (/^\s/.test(part)) return '\\s+';
  const forms = new Set([part, part.normalize('NFD')]);
  const patterns = [...forms].map((form) => form.replace(/[$()*+.?[\\\]^{|}/-]/g, '\\$&'));
  return patterns.length > 1 ? `(?:${patterns.join('|')})` : (patterns[0] ?? '');
}

/** Finds the words as they are read; blank ones are nowhere. */
export function placesOf({ words, matchCase, wholeWord }: FindQuery): PlacesIn {
  if (words.trim() === '') return () => [];
  const literal = words.normalize('NFC').replace(PARTS, patternOf);
  const whole = (edge: string, look: string): string => (wholeWord && new RegExp(LETTER, 'u').test(edge) ? look : '');
  const pattern = whole(words.charAt(0), `(?<!${LETTER})`) + literal + whole(words.slice(-1), `(?!${LETTER})`);
  const wanted = new RegExp(pattern, matchCase ? 'gu' : 'giu');
  return (text) => [...text.matchAll(wanted)].map(({ 0: found, index }) => [index, index + found.length]);
}
