/** Finding names as a person types them: case and accents do not matter, each word counts. */
import { fold } from '#features/search/fold.ts';

/** The words of a query, folded. */
export const wordsOf = (query: string): readonly string[] => fold(query).split(/\s+/).filter(Boolean);

/**
 * How well a folded name fits folded words: 0 where a word is missing, more for a word at the start of the name (3) or
 * of a word in it (2) than within one (1). Without words everything fits.
 */
export function matchScore(name: string, words: readonly string[]): number {
  let score = 1;
  for (const word of words) {
    const at = name.indexOf(word);
    if (at < 0) return 0;
    score += at === 0 ? 3 : startsWord(name, word, at) ? 2 : 1;
  }
  return score;
}

function startsWord(name: string, word: string, at: number): boolean {
  for (let found = at; found >= 0; found = name.indexOf(word, found + 1)) {
    if (/[^\p{L}\p{N}]/u.test(name[found - 1] ?? ' ')) return true;
  }
  return false;
}
