/** What a backup is made of: the rows of a workspace, read in small transactions. */

import { type RecordSource, toRecord } from '#backup/format/record.ts';
import type { BlobHash } from '#core/blobs.ts';
import type { EntityDeclaration, Ledger } from '#core/entity.ts';
import type { KeyPair } from '#core/entity-key.ts';
import type { KvError } from '#core/errors.ts';
import type { Result } from '#core/result.ts';
import { type KeptLine, toKeptLine } from './parts.ts';

/** Where a database is: a higher `localSeq` after each change. */
export interface DatabaseState {
  readonly localSeq: number;
  /** Tells one database of a workspace from another that was made after it was lost. Null where it does not say. */
  readonly database: number | null;
}

export interface RowPage {
  readonly rows: readonly RecordSource[];
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

/** The row as a backup keeps it; null where it keeps nothing of it: a tombstone, or what never leaves this device. */
export function toLine(ledger: Ledger, row: RecordSource): KeptLine | null {
  const declaration: EntityDeclaration | undefined = ledger.get(row.kind);
  const record = toRecord(row, declaration, { withSecrets: false });
  return record && toKeptLine(record);
}
