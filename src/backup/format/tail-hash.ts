import { beginHash } from '#core/hash.ts';

/** Longer than what a backup ends with: the line with its checksum. */
const TAIL = 256;

/** SHA-256 of a beginning of what comes, where it is known only at the end how much of it. */
export interface TailHash {
  push(bytes: Uint8Array): void;
  /** The hash of the first `length` bytes; null where that is too far back. Called once. */
  end(length: number): string | null;
}

export function createTailHash(): TailHash {
  const state = beginHash();
  let hashed = 0;
  let tail: Uint8Array = new Uint8Array();
  const take = (bytes: Uint8Array): void => {
    state.update(bytes);
    hashed += bytes.length;
  };
  return {
    push(bytes) {
      const kept = Math.min(TAIL, tail.length + bytes.length);
      const fromTail = Math.max(0, kept - bytes.length);
      take(tail.subarray(0, tail.length - fromTail));
      take(bytes.subarray(0, Math.max(0, bytes.length - kept)));
      const next = new Uint8Array(kept);
      next.set(tail.subarray(tail.length - fromTail));
      next.set(bytes.subarray(bytes.length - (kept - fromTail)), fromTail);
      tail = next;
    },
    end(length) {
      if (length < hashed || length > hashed + tail.length) return null;
      take(tail.subarray(0, length - hashed));
      return state.end();
    },
  };
}
