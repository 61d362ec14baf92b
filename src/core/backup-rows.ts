/** The rows of a workspace as backups read them: what the store gives, and `src/backup/kept/` asks for. */
import type { BlobHash } from './blobs.ts';
import type { Body } from './entity.ts';
import type { KeyPair } from './entity-key.ts';
import type { KvError } from './errors.ts';
import type { Result } from './result.ts';

/** What a backup has of a row. `raw` is the body as it came, where this app cannot read it. */
export interface SourceRow extends Body {
  readonly kind: string;
  readonly id: string;
  /** The kind's schema version, as it is stored. */
  readonly v: number;
  readonly raw?: string;
  /** Whether it is a tombstone. */
  readonly deleted: boolean;
}

/** Where a database is: a higher `localSeq` after each change. */
export interface DatabaseState {
  readonly localSeq: number;
  /** Tells one database of a workspace from another that was made after it was lost. Null where it does not say. */
  readonly database: number | null;
}

export interface RowPage {
  readonly rows: readonly SourceRow[];
  /** There is nothing behind it. */
  readonly isLast: boolean;
}

export interface RowRange {
  /** The last key that was read: the page begins behind it. */
  readonly after?: KeyPair;
  /** The first key of the range. Without it and `after`, the first of all. */
  readonly from?: KeyPair;
  /** The first key behind the range; null where it has no end. */
  readonly to: KeyPair | null;
}

/** One transaction each; the page's size is the reader's. Rows are as they count, what a bulk says of them included. */
export interface RowReader {
  state(): Promise<Result<DatabaseState, KvError>>;
  /** In the order of their keys. */
  page(range: RowRange): Promise<Result<RowPage, KvError>>;
  /**
   * Those whose last change came after `since`, purged ones too, in the order of their changes. `next` goes to the next call; after the last page it is
   * the position of the whole database.
   */
  changed(since: number): Promise<Result<RowPage & { readonly next: number }, KvError>>;
  /** The sizes of blobs, in bytes; null for one that is not known. */
  blobSizes(hashes: readonly BlobHash[]): Promise<Result<readonly (number | null)[], KvError>>;
}
