/**
 * Folders of other apps have no id: their documents are known by the name of the folder and their path in it. Two of them may have both in common, and
 * nothing else; then what is in them tells them apart.
 */

/** A document of the folder that has the path of one that is here. */
export interface KnownDocument {
  /** As it is in the folder; null where it cannot be read, or has an id of its own. */
  readonly there: () => Promise<string | null>;
  /** As it is here; null where nothing is left of it. */
  readonly here: () => Promise<string | null>;
}

export interface VaultOptions {
  /** Of the folder, as the person knows it. */
  readonly name: string;
  /** Those that are here already, if the folder is known by these words. */
  readonly known: (words: string) => readonly KnownDocument[];
}

/** So many of them are compared. */
const SAMPLE = 40;
/** More vaults of one name are not looked for. */
const MOST = 100;
/** Of the lines of the shorter text. */
const LEAST_SHARED = 0.3;

/**
 * The words by which the documents of a folder are known: its name, with a number where a folder that has nothing else in common with it came under that
 * name before. A folder that came before has the same words again, also after edits, there and here.
 */
export async function vaultWords({ name, known }: VaultOptions): Promise<string> {
  for (let at = 1; at < MOST; at++) {
    const words = at === 1 ? name : `${name}\n${at}`;
    if (await isSameVault(known(words).slice(0, SAMPLE))) return words;
  }
  return name;
}

/** Whether at least half of those that can be compared have something in common. */
async function isSameVault(documents: readonly KnownDocument[]): Promise<boolean> {
  let compared = 0;
  let same = 0;
  for (const document of documents) {
    const [there, here] = [await document.there(), await document.here()];
    if (there === null || here === null) continue;
    compared += 1;
    if (isRelated(there, here)) same += 1;
  }
  return same * 2 >= compared;
}

/** Whether one text may be an edit of the other. Headings say little: many documents have the same. */
function isRelated(one: string, other: string): boolean {
  const [a, b] = [linesOf(one), linesOf(other)];
  if (a.size === 0 || b.size === 0) return true;
  const shared = [...a].filter((line) => b.has(line)).length;
  return shared / Math.min(a.size, b.size) >= LEAST_SHARED;
}

/** Without headings, and with the words of links alone: links are written anew when a folder is read. */
const linesOf = (text: string): ReadonlySet<string> =>
  new Set(
    text
      .split('\n')
      .map((line) => line.replace(/!?\[\[?|\]\]?(?:\([^)\n]{0,500}\))?/g, '').trim())
      .filter((line) => line !== '' && !line.startsWith('#')),
  );
