/** How letters are compared: in search, in the fields over the lists and in the palette. */

const PLAIN = /^[\x20-\x7e\s]*$/;
/** Letters that Unicode does not decompose, as people without them on their keyboard write them. */
const LETTERS: { readonly [letter: string]: string } = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ħ: 'h',
  ŧ: 't',
  ı: 'i',
  ĸ: 'k',
  ŋ: 'n',
  ς: 'σ',
  // Arabic script: the letters of Persian and Urdu keyboards, and the two that are often written for each other.
  ک: 'ك',
  ی: 'ي',
  ى: 'ي',
  ھ: 'ه',
  ۀ: 'ه',
  ة: 'ه',
};
const LETTER = new RegExp(`[${Object.keys(LETTERS).join('')}]`, 'g');
/**
 * Marks that are often left out: accents of Latin, Greek and Cyrillic (й is a letter of its own), the points of Hebrew, the
 * vowels of Arabic and the hamza on an alef; and what is not seen (soft hyphen, joiner, tatweel, variation selectors). The
 * vowel signs of the scripts of India and the sound marks of Japanese are no accents: without them other words fit.
 */
const MARKS =
  /(?<!\u0438)\u0306|[\u0300-\u0305\u0307-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u064b-\u0652\u0670\u06d6-\u06ed]|(?<=\u0627)[\u0653-\u0655]|[\u00ad\u0640]|[\ufe00-\ufe0f]|\u200d/g;

/** Text as it is compared: without case, accents and width. Of another length than `text`. */
export function fold(text: string): string {
  const lower = text.toLowerCase();
  if (PLAIN.test(lower)) return lower;
  return lower
    .normalize('NFKD')
    .replace(MARKS, '')
    .replace(LETTER, (letter) => LETTERS[letter] ?? letter)
    .normalize('NFC');
}
