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

/** Finds the words as they are written; blank ones are nowhere. */
export function placesOf({ words, matchCase, wholeWord }: FindQuery): PlacesIn {
  if (words.trim() === '') return () => [];
  const literal = words.replace(/[$()*+.?[\\\]^{|}/-]/g, '\\$&').replace(/\s+/g, '\\s+');
  const whole = (edge: string, look: string): string => (wholeWord && new RegExp(LETTER, 'u').test(edge) ? look : '');
  const pattern = whole(words.charAt(0), `(?<!${LETTER})`) + literal + whole(words.slice(-1), `(?!${LETTER})`);
  const wanted = new RegExp(pattern, matchCase ? 'gu' : 'giu');
  return (text) => [...text.matchAll(wanted)].map(({ 0: found, index }) => [index, index + found.length]);
}
