/** How hard a passphrase is to guess, in words. */

export interface PassphraseText {
  readonly level: 'weak' | 'fair' | 'strong';
  readonly text: string;
}

/** A word of a person's language is guessed like so many bits: one of two thousand. */
const WORD_BITS = 11;
const FAIR_BITS = 40;
const STRONG_BITS = 60;

const SETS: readonly (readonly [sign: RegExp, size: number])[] = [
  [/[a-z]/, 26],
  [/[A-Z]/, 26],
  [/\d/, 10],
  [/[^A-Za-z\d]/, 33],
];

/** Twice as many signs as there are different ones count, so that `aaaaaaaa` is what it is. */
function guessBits(passphrase: string): number {
  const signs = [...passphrase];
  const pool = SETS.reduce((sum, [sign, size]) => sum + (sign.test(passphrase) ? size : 0), 0);
  const bySign = Math.min(signs.length, 2 * new Set(signs).size) * Math.log2(Math.max(2, pool));
  const words = new Set(passphrase.toLowerCase().match(/\p{L}{3,}/gu) ?? []);
  const isWords = /^[\p{L}\s,.'-]+$/u.test(passphrase);
  return isWords ? Math.min(bySign, words.size * WORD_BITS + (words.size < 2 ? signs.length : 0)) : bySign;
}

export function passphraseText(passphrase: string): PassphraseText {
  const bits = guessBits(passphrase);
  if (bits < FAIR_BITS) return { level: 'weak', text: 'Easy to guess. Take six words that have nothing to do with each other.' };
  if (bits < STRONG_BITS) return { level: 'fair', text: 'Fair. Longer is better: another word or two.' };
  return { level: 'strong', text: 'Hard to guess.' };
}
