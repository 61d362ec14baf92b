/**
 * Where the bytes of blobs are, and the promise under which they are kept. Bytes only: whose they are, how many there should
 * be and who names them is in rows of the database (`BlobRow`).
 *
 * - An upload grows at its end. What `append` has given an offset for is on the disk; what came before a break counts as well.
 * - A blob is whole only by `commit`, which reads all of its bytes and compares their hash. No file is ever open for writing
 *   under the name of a whole blob: what was verified cannot change.
 * - A process may end between any two steps: the upload goes on from what is there, or `list` shows what is left over.
 * - Several processes may work on one upload. All of them write the same bytes to the same place, or the hash tells.
 * - Nothing here holds more than a part of a megabyte of a blob in memory.
 */

import type { Readable } from 'node:stream';
import type { BlobHash } from '#core/blobs.ts';
import type { AccountId } from '#core/ids.ts';
import type { Result } from '#core/result.ts';

export interface BlobKey {
  readonly accountId: AccountId;
  readonly hash: BlobHash;
}

export type BlobError =
  /** There is no room. What came before it was is kept. */
  | { readonly type: 'BlobsFull' }
  /** The disk or the store does not answer as it should. */
  | { readonly type: 'BlobsUnavailable'; readonly reason: string };

/** Bytes of a blob, both ends included. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/** Bytes as they are read. Who is given one must read it to its end or destroy it. */
export type BlobStream = Readable;

export interface StoredBlob {
  readonly hash: BlobHash;
  /** `part`: of an upload, or what an ended process has left over. */
  readonly state: 'whole' | 'part';
  readonly bytes: number;
  /** Wall time in ms. */
  readonly changedAt: number;
}

export interface BlobStore {
  /** Whether the bytes are on a disk of this machine, which may become full. */
  readonly isLocal: boolean;
  /** How many bytes of the upload are there. */
  arrived(key: BlobKey): Promise<Result<number, BlobError>>;
  /**
   * Writes `bytes` at `offset`, which must be what `arrived` said. Gives how many bytes are there then. Where the source breaks, what
   * it has given is kept, and its error thrown.
   */
  append(key: BlobKey, offset: number, bytes: AsyncIterable<Uint8Array>): Promise<Result<number, BlobError>>;
  /**
   * Makes a blob of the upload if the hash of all its bytes is the blob's. `mismatch`: it is not, and the bytes were dropped.
   * `nothing`: there is no upload. Safe to repeat.
   */
  commit(key: BlobKey): Promise<Result<'whole' | 'mismatch' | 'nothing', BlobError>>;
  /** Drops an upload, and what is left over of earlier ones. A whole blob stays. */
  drop(key: BlobKey): Promise<Result<null, BlobError>>;
  /** The size of the whole blob; null where there is none. */
  size(key: BlobKey): Promise<Result<number | null, BlobError>>;
  /** The bytes of a whole blob; null where there is none. */
  read(key: BlobKey, range: ByteRange | null): Promise<Result<BlobStream | null, BlobError>>;
  /** Removes the blob and its upload. Harmless where there is neither. Where the place is local it is called under the account's lock, and asks no database. */
  remove(key: BlobKey): Promise<Result<null, BlobError>>;
  /** Removes everything that is there of one account. Safe to repeat. */
  clear(accountId: AccountId): Promise<Result<null, BlobError>>;
  /** Everything that is there of one account. */
  list(accountId: AccountId): Promise<Result<readonly StoredBlob[], BlobError>>;
  /** The accounts of which anything is there. */
  accounts(): Promise<Result<readonly AccountId[], BlobError>>;
}
