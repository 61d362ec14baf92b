import { keyText } from '#core/entity-key.ts';
import { type BackupRecord, compareKeys } from './record.ts';

type Key = Pick<BackupRecord, 'kind' | 'id'>;

/** Characters of an id: a UUID. */
const ID = 36;
/** Ids that lie in one piece. */
const PIECE = 2000;

/** The entities that have come. */
export interface SeenKeys {
  /** Adds one, whose id is a UUID; false where it has come before. */
  add(key: Key): boolean;
}

/** Those of a backup come in the order of their keys. As long as they do, each takes 36 bytes; as texts in a set, 100,000 took 10 MB. */
export function createSeenKeys(): SeenKeys {
  const encoder = new TextEncoder();
  let runs: { readonly kind: string; readonly pieces: Uint8Array[]; count: number }[] = [];
  let last: Key | null = null;
  let keys: Set<string> | null = null;

  const append = ({ kind, id }: Key): void => {
    const before = runs.at(-1);
    const run = before?.kind === kind ? before : { kind, pieces: [], count: 0 };
    if (run !== before) runs.push(run);
    const at = run.count % PIECE;
    if (at === 0) run.pieces.push(new Uint8Array(PIECE * ID));
    encoder.encodeInto(id, run.pieces.at(-1)?.subarray(at * ID) ?? new Uint8Array());
    run.count += 1;
  };
  function* unpack(): Generator<string> {
    const decoder = new TextDecoder();
    for (const { kind, pieces, count } of runs) {
      for (let n = 0; n < count; n++) {
        const at = (n % PIECE) * ID;
        yield keyText({ kind, id: decoder.decode(pieces[Math.floor(n / PIECE)]?.subarray(at, at + ID)) });
      }
    }
  }
  return {
    add(key) {
      if (!keys) {
        if (!last || compareKeys(last, key) < 0) {
          append(key);
          last = key;
          return true;
        }
        keys = new Set(unpack());
        runs = [];
      }
      const text = keyText(key);
      if (keys.has(text)) return false;
      keys.add(text);
      return true;
    },
  };
}
