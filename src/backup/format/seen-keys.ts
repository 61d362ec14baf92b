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

/** Those of a backup come in the order of their keys. As long as they do, each takes 36 bytes, of whatever kinds; as texts in a set, 100,000 took 10 MB. */
export function createSeenKeys(): SeenKeys {
  const encoder = new TextEncoder();
  let pieces: Uint8Array[] = [];
  /** How many there are of each kind, in their order. */
  const kinds = new Map<string, number>();
  let count = 0;
  let last: Key | null = null;
  let keys: Set<string> | null = null;

  const append = ({ kind, id }: Key): void => {
    const at = count % PIECE;
    const piece = (at > 0 && pieces.at(-1)) || new Uint8Array(PIECE * ID);
    if (at === 0) pieces.push(piece);
    encoder.encodeInto(id, piece.subarray(at * ID));
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    count += 1;
  };
  function* unpack(): Generator<string> {
    const decoder = new TextDecoder();
    let nth = 0;
    for (const [kind, many] of kinds) {
      for (const end = nth + many; nth < end; nth++) {
        const at = (nth % PIECE) * ID;
        yield keyText({ kind, id: decoder.decode(pieces[Math.floor(nth / PIECE)]?.subarray(at, at + ID)) });
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
        pieces = [];
      }
      const text = keyText(key);
      if (keys.has(text)) return false;
      keys.add(text);
      return true;
    },
  };
}
