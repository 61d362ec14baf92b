/** How a text becomes words: the same for what is indexed, what is asked for, and what is marked in a snippet. */

/** One word of a text: folded, and where it stands there. */
export interface Word {
  readonly term: string;
  readonly start: number;
  readonly end: number;
}

const WORD = /[\p{L}\p{N}\p{M}_]+/gu;
/** Scripts that write without spaces: they are cut into pairs, because a dictionary would cut query and text differently. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const PLAIN = /^[\x20-\x7e]*$/;
/** Nobody searches for the bytes of an image; as words they would fill the index. */
const DATA_URL = /data:[\w.+-]+\/[\w.+-]+[^\s"')>]*/g;
/** Longer ones are keys and hashes: their beginning finds them. */
const MOST_CHARACTERS = 40;

/** Case, accents and width do not matter. */
function fold(word: string): string {
  const folded = PLAIN.test(word) ? word.toLowerCase() : word.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  return folded.length > MOST_CHARACTERS ? folded.slice(0, MOST_CHARACTERS) : folded;
}

/** The words of a text in their order, with their places in it. */
export function* wordsOf(text: string): Generator<Word> {
  for (const { 0: word, index } of blankDataUrls(text).matchAll(WORD)) {
    if (!PLAIN.test(word) && UNSPACED.test(word)) yield* pairsOf(word, index);
    else {
      const term = fold(word);
      if (term !== '') yield { term, start: index, end: index + word.length };
    }
  }
}

/** The words of a text, folded, without their places: what MiniSearch takes. */
export function termsOf(text: string): string[] {
  const terms: string[] = [];
  for (const { term } of wordsOf(text)) terms.push(term);
  return terms;
}

/** Every two neighbouring characters, and the last one alone, so that a single character finds what begins with it. */
function* pairsOf(word: string, at: number): Generator<Word> {
  let start = at;
  const characters = [...word];
  for (const [index, character] of characters.entries()) {
    const next = characters[index + 1] ?? '';
    const end = start + character.length;
    const term = fold(character + next);
    if (term !== '') yield { term, start, end: end + next.length };
    start = end;
  }
}

/** Keeps every place as it is. */
function blankDataUrls(text: string): string {
  return text.includes('data:') ? text.replace(DATA_URL, (url) => ' '.repeat(url.length)) : text;
}
