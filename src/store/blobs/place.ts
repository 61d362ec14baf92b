/**
 * Where the bytes of blobs are kept. They are written beside, as a *part* with a name of its own, and kept under the name of
 * their hash when all of them are there.
 */
import type { BlobHash } from '#core/blobs.ts';
import type { Write } from '#core/ports.ts';
import type { ByteRange } from '#store/blob-store.ts';
import type { BlobRow, BytesPlace } from '#store/schema/blob-rows.ts';
import type { WorkspaceTables } from '#store/schema/schema.ts';

export type BlobBytes = Blob | Uint8Array<ArrayBuffer>;

export interface PartWriter {
  /** The bytes are their giver's again when this is done. */
  write(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** All is written: it is on the disk when this is done. */
  finish(): Promise<void>;
  /** Removes what was written. Never throws. */
  discard(): Promise<void>;
}

/** What a row says of bytes that were kept, and what is written in the transaction that makes the row. */
export interface KeptBytes {
  readonly place: BytesPlace;
  /** The row of `meta` that must still be there then: without it the bytes were swept. Null where nothing can sweep them. */
  readonly note: string | null;
  readonly writes: readonly Write<WorkspaceTables>[];
}

/** Every function but `removal` throws what the browser throws. */
export interface BlobPlace {
  begin(part: string): Promise<PartWriter>;
  /** Gives a finished part its hash. */
  keep(part: string, hash: BlobHash): Promise<KeptBytes>;
  /** The bytes of a row of this place, or a range of them; null where they are not there. */
  read(row: BlobRow, range: ByteRange): Promise<BlobBytes | null>;
  /** Whether the bytes of a row of this place are there whole. */
  has(row: BlobRow): Promise<boolean>;
  /** What is written in the transaction that takes the bytes off a row of this place. */
  removal(row: BlobRow): readonly Write<WorkspaceTables>[];
  /** Removes what that transaction cannot. Harmless where it is absent. */
  remove(hash: BlobHash): Promise<void>;
  /** Parts that are being written, or were left by a context that ended. */
  parts(): Promise<readonly string[]>;
  discardPart(part: string): Promise<void>;
  /** The hashes of which there are bytes, whatever the rows say; null where the bytes are rows themselves. */
  hashes(): Promise<readonly BlobHash[] | null>;
  /** The size of the bytes of a hash; null where there are none. */
  sizeOf(hash: BlobHash): Promise<number | null>;
}
