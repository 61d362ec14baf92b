/** What must hold of a device's second copy when its databases are lost: it is behind by a moment, and no more. */
import type { EntityRow } from '#store/schema/schema.ts';
import { replayUnsent } from '#store/second-copy/record.ts';
import type { MemoryCopyDisk } from '#support/memory-copy-disk.ts';
import { wordsIn } from './tokens.ts';
import type { Verdict } from './verdict.ts';

/** Far more than the 100 ms of the follower: here a step may be passed over for seconds. */
const BEHIND_MS = 30_000;

export interface CopyOracle {
  /** The words of everything that the copy would bring back. */
  words(): ReadonlySet<string>;
  /** Whether it would bring back an entity, `kind/id`, lacking a word that was in it. */
  lacks(key: string, word: string): boolean;
  /** "Saved" was said of these words. */
  noteSaved(words: Iterable<string>): void;
  /** Whoever keeps the copy has ended: what was saved just before may not be in it before the next one begins. */
  noteEnd(): void;
  /** To be asked before the databases are lost, with the words that the server has. */
  check(rows: Iterable<EntityRow>, onServer: ReadonlySet<string>): void;
}

export function createCopyOracle(
  device: string,
  disk: MemoryCopyDisk,
  folder: string,
  now: () => number,
  verdict: Verdict,
): CopyOracle {
  const savedAt = new Map<string, number>();
  const records = () => {
    const texts = [...disk.texts].filter(([path]) => path.startsWith(`${folder}/`)).sort();
    return replayUnsent(texts.map(([, text]) => text));
  };
  const words = (): ReadonlySet<string> => wordsIn([...records().values()]);
  return {
    words,
    lacks(key, word) {
      const record = records().get(key);
      return record !== undefined && !wordsIn(record.row.fields).has(word);
    },
    noteSaved(saved) {
      for (const word of saved) savedAt.set(word, now());
    },
    noteEnd() {
      for (const [word, at] of savedAt) if (now() - at < BEHIND_MS) savedAt.delete(word);
    },
    check(rows, onServer) {
      const copied = words();
      for (const { kind, id, queued, sent, fields } of rows) {
        if (queued === null && sent === null) continue;
        for (const word of wordsIn(fields)) {
          const age = now() - (savedAt.get(word) ?? now());
          if (age >= BEHIND_MS && !copied.has(word) && !onServer.has(word)) {
            verdict.fail(
              'invariant 21: the second copy is a moment behind at most',
              `${device} ${kind}/${id} ${word}, saved ${age} ms ago`,
            );
          }
        }
      }
    },
  };
}
