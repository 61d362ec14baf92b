import type { BlobHash } from '#core/blobs.ts';
import { blobLock } from '#core/channels.ts';
import type { KvError } from '#core/errors.ts';
import type { Clock, Kv, Locks, Random } from '#core/ports.ts';
import { err, ok, type Result } from '#core/result.ts';
import type { BlobInfo } from '#store/blob-store.ts';
import { toKvError } from '#store/kv/kv-error.ts';
import type { BlobRow } from '#store/schema/blob-rows.ts';
import type { JournalTables } from '#store/schema/journal-database.ts';
import type { WorkspaceTables } from '#store/schema/schema.ts';
import type { HashWhole } from './digest.ts';
import type { BlobPlace } from './place.ts';
import { RefusedByDatabase } from './rows-place.ts';

/** What the blobs of a workspace are made of. */
export interface BlobContext {
  readonly kv: Kv<WorkspaceTables>;
  readonly journal: Kv<JournalTables>;
  readonly clock: Pick<Clock, 'now'>;
  readonly random: Random;
  readonly locks: Locks;
  readonly workspaceId: string;
  /** Null where there are none: everything is in rows then. */
  readonly files: BlobPlace | null;
  readonly rows: BlobPlace;
  /** The texts of the lists of this workspace's backups: they refer to every blob that a backup needs. */
  readonly backupTexts: () => AsyncIterable<string>;
  /** Null where bytes are hashed as they come. */
  readonly hashWhole: HashWhole | null;
  /** Waited for after every few MB of a large file, so that whoever types meanwhile does not notice. Absent: without pauses. */
  readonly pause?: () => Promise<void>;
  /** Gives back the room of what can be made again, for a file that finds none. */
  readonly freeCaches?: () => Promise<Result<void, KvError>>;
}

/** Where the bytes of a row are; null where they are not here, or in files that this context does not have. */
export const placeFor = ({ files, rows }: BlobContext, { at }: BlobRow): BlobPlace | null =>
  at === 'file' ? files : at === 'rows' ? rows : null;

/** Runs `body` as the one that makes or removes the bytes of a hash. */
export const alone = <V>({ locks, workspaceId }: BlobContext, hash: BlobHash, body: () => Promise<V>): Promise<V> =>
  // Without `ifAvailable` a lock is always got.
  locks.hold(blobLock(workspaceId, hash), body) as Promise<V>;

export const thrownError = (error: unknown): KvError => (error instanceof RefusedByDatabase ? error.refusal : toKvError(error));

/** What the browser throws, as a value. */
export async function caught<V>(work: () => Promise<V>): Promise<Result<V, KvError>> {
  try {
    return ok(await work());
  } catch (error) {
    return err(thrownError(error));
  }
}

export const readRow = async ({ kv }: BlobContext, hash: BlobHash): Promise<Result<BlobRow | undefined, KvError>> => {
  const found = await kv.read({ row: { get: 'blobs', key: hash } });
  return found.ok ? ok(found.value.row) : found;
};

export const infoOf = ({ hash, type, size, width, height, at, sent, addedAt, letGo }: BlobRow): BlobInfo => ({
  hash,
  type,
  size,
  ...(width === undefined ? {} : { width }),
  ...(height === undefined ? {} : { height }),
  here: at !== null,
  sent,
  addedAt,
  letGo: letGo === true,
});
