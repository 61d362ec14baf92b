/** Texts with the spread of a natural language: few words are everywhere, most are rare. The same at every run. */

const CONSONANTS = 'bcdfghklmnprstvw';
const VOWELS = 'aeiou';
const WORDS = 20_000;

/** Numerical Recipes' linear congruential generator: good enough to spread words, and the same everywhere. */
function createDice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

export interface SampleText {
  /** Words, the most common first. */
  readonly vocabulary: readonly string[];
  text(words: number): string;
}

export function createSampleText(seed = 7): SampleText {
  const dice = createDice(seed);
  const pick = (letters: string): string => letters[Math.floor(dice() * letters.length)] ?? '';
  const known = new Set<string>();
  while (known.size < WORDS) {
    const syllables = 1 + Math.floor(dice() * 4);
    let word = '';
    for (let at = 0; at < syllables; at++) word += pick(CONSONANTS) + pick(VOWELS);
    known.add(dice() < 0.5 ? word + pick(CONSONANTS) : word);
  }
  // Common words are short ones.
  const vocabulary = [...known].sort((a, b) => a.length - b.length);
  // Zipf: the n-th word comes with 1 / n; its inverse is an exponential of a uniform number.
  const word = (): string => vocabulary[Math.floor(WORDS ** dice()) - 1] ?? '';
  return { vocabulary, text: (words) => Array.from({ length: words }, word).join(' ') };
}
