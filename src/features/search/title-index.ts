/** Documents of a kind by their title, as people write it: for links by title, and for what completes one. */
import { nameKey } from '#core/names.ts';
import { fold } from './fold.ts';

export interface Titled {
  readonly id: string;
  readonly title: string;
  readonly updatedAt: number;
}

/** The document of a title. */
export interface TitleMatch {
  readonly id: string;
  readonly title: string;
  /** How many are called so; this one was changed last. */
  readonly count: number;
}

export interface TitleIndex {
  put(document: Titled): void;
  remove(id: string): void;
  /** The document that is called so, else one whose title is the same but for accents; of several the one changed last. */
  find(title: string): TitleMatch | null;
  /** Documents whose titles hold the words: those that begin with them first, then the newest. */
  complete(text: string, limit: number): readonly TitleMatch[];
}

/** Under what a title is compared: without case, accents and the signs that no link can hold. */
export const titleKey = (title: string): string =>
  fold(title)
    .replace(/[[\]|\s]+/g, ' ')
    .trim();

interface Entry extends Titled {
  readonly key: string;
}

export function createTitleIndex(): TitleIndex {
  const entries = new Map<string, Entry>();
  const byKey = new Map<string, Set<string>>();

  const remove = (id: string): void => {
    const before = entries.get(id);
    if (!before) return;
    entries.delete(id);
    const same = byKey.get(before.key);
    same?.delete(id);
    if (same?.size === 0) byKey.delete(before.key);
  };

  const called = (key: string): readonly Entry[] => [...(byKey.get(key) ?? [])].flatMap((id) => entries.get(id) ?? []);

  return {
    put(document) {
      remove(document.id);
      const entry = { ...document, key: titleKey(document.title) };
      entries.set(entry.id, entry);
      const same = byKey.get(entry.key) ?? new Set();
      byKey.set(entry.key, same.add(entry.id));
    },
    remove,
    find(title) {
      const alike = called(titleKey(title));
      const exact = alike.filter((entry) => nameKey(entry.title) === nameKey(title));
      const [first, ...others] = (exact.length > 0 ? exact : alike).toSorted(byNewest);
      return first ? { id: first.id, title: first.title, count: others.length + 1 } : null;
    },
    complete(text, limit) {
      const words = titleKey(text).split(' ').filter(Boolean);
      const start = words.join(' ');
      const fitting: Entry[] = [];
      for (const entry of entries.values()) if (words.every((word) => entry.key.includes(word))) fitting.push(entry);
      const rank = ({ key }: Entry): number => (key === start ? 2 : key.startsWith(start) ? 1 : 0);
      return fitting
        .sort((a, b) => rank(b) - rank(a) || byNewest(a, b))
        .slice(0, limit)
        .map(({ id, title, key }) => ({ id, title, count: byKey.get(key)?.size ?? 1 }));
    },
  };
}

const byNewest = (a: Titled, b: Titled): number => b.updatedAt - a.updatedAt || (a.id < b.id ? 1 : -1);
