/** What the transfer of blobs asks of a device. */
import type { BlobHash } from './blobs.ts';
import type { KvError } from './errors.ts';
import type { Result } from './result.ts';

export interface UnsentBlob {
  readonly hash: BlobHash;
  /** In bytes. */
  readonly size: number;
}

/** The blobs of a device that the server is to get. */
export interface BlobQueue {
  /** Those that the server is not known to have, the smallest first. */
  unsent(limit: number): Promise<Result<readonly UnsentBlob[], KvError>>;
  /** Bytes `from` to `to`, the last one not included; null where they are no longer here. */
  read(hash: BlobHash, from: number, to: number): Promise<Result<Uint8Array<ArrayBuffer> | null, KvError>>;
  /** The server has verified it, and keeps it. */
  markSent(hash: BlobHash): Promise<Result<void, KvError>>;
}
