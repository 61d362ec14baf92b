/** Bytes on their way: in memory while they are few, then in a place, beside what is kept there. */
import type { BlobHash } from '#core/blobs.ts';
import { joinBytes } from '#core/bytes.ts';
import type { BlobPlace, KeptBytes, PartWriter } from './place.ts';

/** A blob up to this size is one row, wherever the others are. */
export const SMALL_BYTES = 64 * 1024;

export interface Part {
  /** Bytes so far. */
  readonly size: number;
  /** The bytes are their giver's again when this is done. */
  add(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  finish(): Promise<void>;
  keep(hash: BlobHash): Promise<KeptBytes>;
  /** Takes back what `keep` has done, where the row could not be made. */
  takeBack(hash: BlobHash): Promise<void>;
  /** Without effect once it is kept. Never throws. */
  discard(): Promise<void>;
}

export function beginPart(place: BlobPlace, name: string): Part {
  let head: Uint8Array<ArrayBuffer>[] = [];
  let writer: PartWriter | null = null;
  let isKept = false;
  let size = 0;
  return {
    get size() {
      return size;
    },
    async add(bytes) {
      size += bytes.length;
      if (size <= SMALL_BYTES) {
        head.push(bytes.slice());
        return;
      }
      writer ??= await place.begin(name);
      const waiting = head;
      head = [];
      for (const piece of [...waiting, bytes]) await writer.write(piece);
    },
    finish: async () => writer?.finish(),
    async keep(hash) {
      const kept = writer ? await place.keep(name, hash) : keepSmall(hash, joinBytes(head).buffer);
      isKept = true;
      return kept;
    },
    async takeBack(hash) {
      isKept = false;
      if (writer) await place.remove(hash).catch(() => {});
    },
    async discard() {
      if (!isKept) await writer?.discard();
    },
  };
}

const keepSmall = (hash: BlobHash, bytes: ArrayBuffer): KeptBytes => ({
  place: { at: 'rows', rows: hash },
  note: null,
  writes: [{ put: 'blob-bytes', row: { name: hash, part: 0, bytes } }],
});
