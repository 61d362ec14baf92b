/** What the transfer of blobs asks of a device. */
import type { BlobHash } from './blobs.ts';
import type { KvError, SyncError } from './errors.ts';
import type { Result } from './result.ts';

export interface UnsentBlob {
  readonly hash: BlobHash;
  /** In bytes. */
  readonly size: number;
}

/** The server does not take a blob: it alone waits, and the others go on. */
export interface BlobRefusal {
  readonly error: SyncError;
  /** What the server has said; empty where it has said nothing, or something in front of it has refused. */
  readonly says: string;
  /** How often it was refused. */
  readonly times: number;
  /** Wall time in ms since when, and before which it is not tried again. */
  readonly since: number;
  readonly retryAt: number;
}

/** A page of the blobs that are here: the server is asked which of them it lacks. */
export interface BlobQuestion {
  readonly hashes: readonly BlobHash[];
  /** Wall time in ms. */
  readonly at: number;
  /** The server's life that is asked, and where in it the page begins and ends. */
  readonly epoch: string | null;
  readonly after: BlobHash | null;
  readonly last: BlobHash | null;
  readonly isLast: boolean;
}

export interface BlobFailure {
  /** Runs in a row. */
  readonly attempts: number;
  /** Wall time in ms before which the next run does not begin by itself. */
  readonly retryAt: number;
  /** What ended the last one, and the wall time in ms of the first. Absent in rows of earlier versions. */
  readonly error?: SyncError;
  readonly since?: number;
}

/** The blobs of a device that the server is to get. */
export interface BlobQueue {
  /** Those that the server is not known to have, the smallest first. Of those that it has refused only such whose time has come. */
  unsent(limit: number): Promise<Result<readonly UnsentBlob[], KvError>>;
  /** Bytes `from` to `to`, the last one not included; null where they are no longer here. */
  read(hash: BlobHash, from: number, to: number): Promise<Result<Uint8Array<ArrayBuffer> | null, KvError>>;
  /** The server has verified it, and keeps it. */
  markSent(hash: BlobHash): Promise<Result<void, KvError>>;
  /** The server has refused it, and all that wait and have `atLeast` bytes as well: kept, and not tried before their time. */
  refuse(hash: BlobHash, why: Pick<BlobRefusal, 'error' | 'says'>, atLeast?: number): Promise<Result<void, KvError>>;
  /** Compares the bytes with their hash. Damaged ones are not here any more: a whole copy is fetched where the server has one. */
  verify(hash: BlobHash): Promise<Result<'whole' | 'damaged', KvError>>;
  /** What the server is to be asked next: all that is here, after each new life of the server and every few days. Null: nothing. */
  question(): Promise<Result<BlobQuestion | null, KvError>>;
  /** Notes the answer: what is missing is to be sent again. Without effect where the server has begun another life meanwhile. */
  answer(question: BlobQuestion, missing: readonly BlobHash[]): Promise<Result<void, KvError>>;
  /** How the last runs ended, in a row, without coming to their end; null where the last one did. */
  failure(): Promise<Result<BlobFailure | null, KvError>>;
  noteFailure(failure: BlobFailure | null): Promise<Result<void, KvError>>;
}
