/** How large the parts of uploads are: by how fast the last ones went, and by what anybody on the way has refused. */
import { MAX_BLOB_PART_BYTES } from '#core/blob-protocol.ts';

/** A part takes about so long: one that is lost costs no more than that. */
const PART_MS = 5000;
const TOO_LONG_MS = 4 * PART_MS;
const MIN_PART_BYTES = 65_536;
const FIRST_PART_BYTES = 524_288;
/** A file of 10 MB goes in three parts over a fast way. */
const GROWTH = 4;

export interface PartPace {
  /** A run begins: what has refused parts for their size may not be on the way any more. */
  begin(): void;
  bytes(): number;
  /** A part of so many bytes was taken, after so many ms. */
  learn(bytes: number, ms: number): void;
  /** A part was lost, or refused for its size. Gives whether a smaller one is possible. */
  shrink(isRefused: boolean): boolean;
  /** What was refused was not the size of the parts: it is again as it was at the last `keep`. */
  restore(): void;
  keep(): void;
}

export function createPartPace(): PartPace {
  let now = { bytes: FIRST_PART_BYTES, most: MAX_BLOB_PART_BYTES };
  let kept = now;
  return {
    begin() {
      now = { ...now, most: MAX_BLOB_PART_BYTES };
    },
    bytes: () => now.bytes,
    learn(bytes, ms) {
      const fitting = (bytes / Math.max(ms, 1)) * PART_MS;
      // A small part says little of how a large one would go.
      const longest = bytes < now.bytes ? now.bytes : now.bytes * GROWTH;
      // One that was slow by chance counts half; on another connection it may take minutes, in which nothing ends it.
      const least = ms > TOO_LONG_MS ? fitting : Math.max(fitting, now.bytes / 2);
      now = {
        ...now,
        bytes: Math.round(Math.max(MIN_PART_BYTES, Math.min(now.most, longest, least))),
      };
    },
    shrink(isRefused) {
      if (now.bytes <= MIN_PART_BYTES) return false;
      const bytes = Math.max(MIN_PART_BYTES, Math.floor(now.bytes / 2));
      now = { bytes, most: isRefused ? bytes : now.most };
      return true;
    },
    restore() {
      now = kept;
    },
    keep() {
      kept = now;
    },
  };
}
