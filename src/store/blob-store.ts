/**
 * The blobs of one workspace: bytes named by their SHA-256, beside the entities that name them. The promise:
 *
 * - `put` answers `ok` only when bytes and row are on the disk, so that an entity that names them may be saved. Where it fails
 *   or is canceled, or its context is killed, nothing of it stays.
 * - The same bytes again are the same blob.
 * - Nothing that lists blobs reads their bytes.
 */
import type { BlobRefusal } from '#core/blob-queue.ts';
import type { BlobHash } from '#core/blobs.ts';
import type { BlobError, FetchError, KvError } from '#core/errors.ts';
import type { EntityId } from '#core/ids.ts';
import type { Result } from '#core/result.ts';
import type { StopSignal } from '#core/stop.ts';

/** What the store knows of a blob. */
export interface BlobInfo {
  readonly hash: BlobHash;
  /** Media type; empty where it is not known. */
  readonly type: string;
  /** In bytes. */
  readonly size: number;
  /** Of a picture, in pixels. */
  readonly width?: number;
  readonly height?: number;
  /** Its bytes are on this device. */
  readonly here: boolean;
  /** The server of this account has it. */
  readonly sent: boolean;
  /** Wall time in ms at which its bytes came here last. */
  readonly addedAt: number;
  /** Its bytes went to make room, and come back when they are asked for. */
  readonly letGo: boolean;
}

/** What is said of a blob when it is added. */
export interface NewBlob {
  /** Media type. */
  readonly type: string;
  readonly width?: number;
  readonly height?: number;
  /** It came from the server. */
  readonly sent?: boolean;
  /** The hash that the bytes must have: others are refused as `WrongBytes`. */
  readonly expect?: BlobHash;
}

/** Called with the bytes that are done, after each part of a few MB. An answer of false cancels. */
export type BlobWatch = (bytes: number) => unknown;

export interface PutOptions {
  readonly watch?: BlobWatch | undefined;
  /** Looked at after each piece. */
  readonly signal?: Pick<StopSignal, 'aborted'>;
}

export type BlobSource =
  | Blob
  | Uint8Array<ArrayBuffer>
  | ReadableStream<Uint8Array<ArrayBuffer>>
  | AsyncGenerator<Uint8Array<ArrayBuffer>, void>;

/** A part of a blob, from byte `from` up to, and not including, byte `to`. */
export interface ByteRange {
  readonly from: number;
  readonly to: number;
}

export interface UnsentBlobs {
  readonly files: number;
  readonly bytes: number;
  /** Those of `files` that the server has refused: they are tried again less often. */
  readonly refused: number;
}

export interface RefusedBlob {
  readonly hash: BlobHash;
  readonly type: string;
  readonly size: number;
  readonly refused: BlobRefusal;
}

/** An entity that names a blob. */
export interface BlobUser {
  readonly hash: BlobHash;
  readonly kind: string;
  readonly id: EntityId;
}

export interface Collected {
  readonly hashes: readonly BlobHash[];
  readonly bytes: number;
}

export interface FileCount {
  readonly files: number;
  readonly bytes: number;
}

export interface LetGoOptions {
  /** For how long nobody must have used a file. What may still be shown somewhere never goes. */
  readonly unusedMs: number;
  /** Enough has gone when so many bytes are free; absent: all that may go goes. */
  readonly bytes?: number;
  /** Called with the bytes that are free before each file. An answer of false ends it there. */
  readonly watch?: BlobWatch | undefined;
}

export interface RecallOptions {
  /** Gets one of at most so many bytes from the server; a larger one ends as `Canceled`. */
  readonly fetch: (hash: BlobHash, maxBytes: number) => Promise<Result<Pick<BlobInfo, 'size'>, FetchError>>;
  /** Asked before each. */
  readonly goesOn: () => Promise<boolean>;
  /** No more in one day. */
  readonly maxBytes: number;
}

export interface BlobStore {
  /** Where the browser has no room, files that may go make some first; a stream is refused all the same, and may be put again. */
  put(source: BlobSource, about: NewBlob, options?: PutOptions): Promise<Result<BlobInfo, BlobError>>;
  /** The bytes, or a range of them, with their media type; null where they are not here. Nothing is read before it is used. */
  read(hash: BlobHash, range?: ByteRange): Promise<Result<Blob | null, KvError>>;
  /** The same as bytes in memory: for a part that is to be sent. */
  readBytes(hash: BlobHash, range?: ByteRange): Promise<Result<Uint8Array<ArrayBuffer> | null, KvError>>;
  /** What is known of each, in their order; null of one that this device has never had. */
  info(hashes: readonly BlobHash[]): Promise<Result<readonly (BlobInfo | null)[], KvError>>;
  /** Those of `hashes` whose bytes are here. */
  have(hashes: readonly BlobHash[]): Promise<Result<readonly BlobHash[], KvError>>;
  /** The same, for whoever is about to name them: they count as used now, so that a collection which does not know of that yet leaves them. */
  claim(hashes: readonly BlobHash[]): Promise<Result<readonly BlobHash[], KvError>>;
  /** Notes what the server has, or, with false, has no more. What is not known here is passed over. */
  markSent(hashes: readonly BlobHash[], isSent?: boolean): Promise<Result<void, KvError>>;
  /** What is here and not on the server, the smallest first. */
  unsent(limit: number): Promise<Result<readonly BlobInfo[], KvError>>;
  /** How much waits for the server, what it has refused included. */
  countUnsent(): Promise<Result<UnsentBlobs, KvError>>;
  /** What the server has refused, at most `limit` of them, the smallest first. */
  refused(limit: number): Promise<Result<readonly RefusedBlob[], KvError>>;
  /**
   * Of each of `hashes` the first entity of one of `kinds` that names it, in the bin or not; nothing of one that none of them names. Reads
   * entities page by page until all are found: for what is shown now and then, not with each change.
   */
  users(hashes: readonly BlobHash[], kinds: readonly string[]): Promise<Result<readonly BlobUser[], KvError>>;
  /** What the server has refused is sent with the next sync, whatever its time. */
  retryRefused(): Promise<Result<void, KvError>>;
  /**
   * Lets go what the server has said to have within a week, in its present life, what an entity names in the version that the server has,
   * and what nobody here has used for long; the one used longest ago first (`leaving.ts`). Gives what it freed.
   */
  letGoUnused(options: LetGoOptions): Promise<Result<FileCount, KvError>>;
  /** Keeps a small picture of a blob, beside it. Without effect where the blob is not known. */
  putThumbnail(hash: BlobHash, picture: Blob): Promise<Result<void, BlobError>>;
  /** The small pictures of these, in their order; null where there is none. */
  thumbnails(hashes: readonly BlobHash[]): Promise<Result<readonly (Blob | null)[], KvError>>;
  /** Notes what the editors of a page have shown, all of it: it counts as named for as long as the lock of `tab` is held. */
  noteShown(tab: string, hashes: readonly BlobHash[]): Promise<Result<void, KvError>>;
  /** Removes what a kill left behind, and takes up what it left whole. For a start; harmless at any time. */
  sweep(): Promise<Result<void, KvError>>;
  /** Removes what nothing has named for 30 days. Looks at everything, so at most once a day unless `now` is true. */
  collect(now?: boolean): Promise<Result<Collected, KvError>>;
  /** Fetches what something here names and the server will not keep. Looks at everything, so at most once a day. Gives what has come. */
  recall(options: RecallOptions): Promise<Result<FileCount, KvError>>;
}
