/**
 * The proof of "no silent loss": everything that a simulated person writes holds a word that exists once in the world.
 * A word that was answered as saved must be found somewhere at the end, unless a person who had it before their eyes
 * took it out.
 */
export interface Token {
  readonly word: string;
  /** Who wrote it where: for the report of a loss. */
  readonly origin: string;
  saved: boolean;
  /** The store has answered for it; a word of the journal alone may be typed over before that. */
  stored: boolean;
  /** Why it may be gone: a person's own act, or the destruction of the only copy. */
  excuse: string | null;
  /** The device on which a person took it out of which entity, once that was answered as committed. */
  removed: { readonly device: string; readonly key: string } | null;
  /** Somebody has put it in. */
  isPut: boolean;
  /** Somebody who did not have it before their eyes put it there again. */
  broughtBack: boolean;
}

export interface Tokens {
  mint(origin: string): string;
  /** The words of `text` were handed over and answered as committed. */
  noteSaved(text: string): void;
  /** The words of `text` are in the journal. */
  noteJournaled(text: string): void;
  excuse(words: Iterable<string>, why: string): void;
  /** A person on `device` took these words out of the entity `key`, and that is committed. */
  noteRemoved(words: Iterable<string>, device: string, key: string): void;
  /** A person puts these words where they were not before: for the first time, or again. */
  notePut(words: Iterable<string>): void;
  /** What was removed there may come back: that it was is known to nobody any more. */
  forgetRemovals(of: (removed: { readonly device: string; readonly key: string }, word: string) => boolean): void;
  /** So may what is taken out from now on of an entity `key`, or this word: an earlier save may still be on its way. */
  ignoreRemovals(keyOrWord: string): void;
  get(word: string): Token | undefined;
  all(): Iterable<Token>;
}

const WORD = /q\d+q/g;

/** The token words in a text, or in any value as JSON. */
export function wordsIn(value: unknown): ReadonlySet<string> {
  return new Set(eachWordIn(value));
}

function eachWordIn(value: unknown): readonly string[] {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return text.match(WORD) ?? [];
}

/**
 * The words that occur less often in `after` than in `before`. Where a merge has left a word twice, whoever takes out one
 * of the two has taken it out: somebody else may take out the other.
 */
export function wordsTakenOut(before: unknown, after: unknown): readonly string[] {
  const left = new Map<string, number>();
  for (const word of eachWordIn(after)) left.set(word, (left.get(word) ?? 0) + 1);
  return [
    ...new Set(
      eachWordIn(before).filter((word) => {
        const count = left.get(word) ?? 0;
        left.set(word, count - 1);
        return count <= 0;
      }),
    ),
  ];
}

export function createTokens(): Tokens {
  const tokens = new Map<string, Token>();
  const ignored = new Set<string>();
  return {
    mint(origin) {
      const word = `q${tokens.size}q`;
      const unsaved = { saved: false, stored: false, excuse: null };
      tokens.set(word, { word, origin, ...unsaved, removed: null, isPut: false, broughtBack: false });
      return word;
    },
    noteSaved(text) {
      for (const word of wordsIn(text)) {
        const token = tokens.get(word);
        if (!token) continue;
        token.saved = true;
        token.stored = true;
      }
    },
    noteJournaled(text) {
      for (const word of wordsIn(text)) {
        const token = tokens.get(word);
        if (token) token.saved = true;
      }
    },
    excuse(words, why) {
      for (const word of words) {
        const token = tokens.get(word);
        if (token) token.excuse ??= why;
      }
    },
    noteRemoved(words, device, key) {
      if (ignored.has(key)) return;
      for (const word of words) {
        const token = ignored.has(word) ? undefined : tokens.get(word);
        if (token) token.removed ??= { device, key };
      }
    },
    notePut(words) {
      for (const word of words) {
        const token = tokens.get(word);
        if (!token) continue;
        token.broughtBack ||= token.isPut;
        token.isPut = true;
      }
    },
    forgetRemovals(of) {
      for (const token of tokens.values()) if (token.removed && of(token.removed, token.word)) token.removed = null;
    },
    ignoreRemovals(keyOrWord) {
      ignored.add(keyOrWord);
    },
    get: (word) => tokens.get(word),
    all: () => tokens.values(),
  };
}
