import type { BlobHash } from '#core/blobs.ts';
import type { AccountId } from '#core/ids.ts';
import type { Clock } from '#core/ports.ts';
import { ok, type Result } from '#core/result.ts';
import { isBeingRemoved, removeClaimed } from '#server/api/blob-removal.ts';
import type { BlobStore } from '#server/blobs/blob-store.ts';
import type { BlobRow, NamedBlobs, Storage, StorageError, StorageReader } from '#server/storage/storage.ts';

const DAY_MS = 24 * 60 * 60_000;
/** A body that no kept version names is named by nothing that will ever be pushed: what names it anew sends it anew. */
const KEEP_BODY_MS = 60 * 60_000;
/** What was sent for a backup that has not come, or was removed. The first backup of much may take hours to send. */
const KEEP_BACKUP_MS = DAY_MS;
/** An upload that nobody continued for so long is dropped. */
const ABANDONED_MS = DAY_MS;
const VERSIONS_PER_READ = 1000;
const ROWS_PER_READ = 1000;

interface Collection {
  readonly storage: Storage;
  readonly blobs: BlobStore;
  readonly clock: Pick<Clock, 'now'>;
  /** What no kept version has named for so long is removed. */
  readonly keepMs: number;
}

/** What is named, by versions and by backups. */
interface Hashes {
  readonly versions: ReadonlySet<BlobHash>;
  readonly backups: ReadonlySet<BlobHash>;
}

/** What is named as far as the log was read, and by the backups of these ids. */
interface Named extends Hashes {
  readonly seq: number;
  readonly ids: ReadonlySet<string>;
}

/**
 * Removes an account's blobs that no kept version and no backup has named for `keepMs`, and uploads that nobody continued for a day. The log is
 * read without the account's lock; what was pushed meanwhile is read under it, in the transaction that takes a blob away: no push that
 * names it, and no backup, comes between. A row is first `removing`, which keeps new bytes out until the old ones are gone. Gives how many were removed.
 */
export async function collectBlobs(deps: Collection, accountId: AccountId): Promise<Result<number, StorageError>> {
  const { storage, clock, keepMs } = deps;
  const before = await readNamed(storage, accountId);
  if (!before.ok) return before;
  if (!before.value) return ok(0);
  const known = before.value;
  const now = Math.floor(clock.now());
  let removed = 0;
  for (let after: BlobHash | null = null; ; ) {
    const from: BlobHash | null = after;
    const step = await storage.write(accountId, async (writer) => {
      const since = await readSince(writer, accountId, known);
      const rows = await writer.blobsAfter(accountId, from, ROWS_PER_READ);
      if (!since) return { rows, claimed: [] };
      const claimed: BlobRow[] = [];
      for (const row of rows) {
        const next = nextOf(row, whoNames(row.hash, [known, since]), now, keepMs);
        if (!next) continue;
        await writer.putBlob(accountId, next);
        if (next.state === 'removing') claimed.push(next);
      }
      return { rows, claimed };
    });
    if (!step.ok) return step;
    for (const claim of step.value.claimed) {
      const done = await removeClaimed(deps, accountId, claim);
      if (!done.ok) return done;
      if (done.value) removed += 1;
    }
    after = step.value.rows.at(-1)?.hash ?? null;
    if (step.value.rows.length < ROWS_PER_READ) return ok(removed);
  }
}

/** What becomes of a row; null where it stays as it is. */
function nextOf(row: BlobRow, by: 'version' | 'backup' | null, now: number, keepMs: number): BlobRow | null {
  const removing: BlobRow = { ...row, state: 'removing', touchedAt: now };
  switch (row.state) {
    case 'arriving':
      return row.touchedAt <= now - ABANDONED_MS ? removing : null;
    case 'removing':
      return isBeingRemoved(row, now) ? null : removing;
    case 'complete':
      if (by === 'version' || (by === 'backup' && row.isBackup)) {
        const isBackup = by === 'backup';
        return row.unreferencedSince === null && row.isBackup === isBackup ? null : { ...row, unreferencedSince: null, isBackup };
      }
      if (row.unreferencedSince === null) return { ...row, unreferencedSince: now };
      if (row.unreferencedSince > now - keptFor(row, keepMs)) return null;
      // What backups alone have named for so long counts for them from now on, and stays a day behind the last of them.
      return by === 'backup' ? { ...row, unreferencedSince: null, isBackup: true } : removing;
  }
}

function keptFor({ isBody, isBackup }: BlobRow, keepMs: number): number {
  if (isBody) return KEEP_BODY_MS;
  return isBackup ? KEEP_BACKUP_MS : keepMs;
}

function whoNames(hash: BlobHash, lists: readonly Hashes[]): 'version' | 'backup' | null {
  if (lists.some(({ versions }) => versions.has(hash))) return 'version';
  return lists.some(({ backups }) => backups.has(hash)) ? 'backup' : null;
}

/** Reads the whole log, a part at a time, and then the backups. Null where a list cannot be read, and nothing may be taken for unnamed. */
async function readNamed(storage: Storage, accountId: AccountId): Promise<Result<Named | null, StorageError>> {
  const versions = new Set<BlobHash>();
  for (let seq = 0; ; ) {
    const from = seq;
    const page = await storage.read((reader) => reader.namedBlobs(accountId, from, VERSIONS_PER_READ));
    if (!page.ok) return page;
    if (!addNamed(versions, page.value)) return ok(null);
    seq = page.value.at(-1)?.seq ?? seq;
    if (page.value.length === VERSIONS_PER_READ) continue;
    const end = seq;
    return storage.read(async (reader) => {
      const ids = new Set<string>();
      const backups = await readBackups(reader, accountId, ids);
      return backups && { seq: end, versions, backups, ids };
    });
  }
}

/** What the backups name that are not among `ids`, which they are added to. Null where a list cannot be read. */
async function readBackups(reader: StorageReader, accountId: AccountId, ids: Set<string>): Promise<ReadonlySet<BlobHash> | null> {
  const hashes = new Set<BlobHash>();
  for (const { id } of await reader.backups(accountId)) {
    if (ids.has(id)) continue;
    ids.add(id);
    const named = await reader.backupBlobs(accountId, id);
    if (!named) return null;
    for (const hash of named) hashes.add(hash);
  }
  return hashes;
}

/** What was named since; within one transaction. Null where a list cannot be read. */
async function readSince(reader: StorageReader, accountId: AccountId, { seq, ids }: Named): Promise<Hashes | null> {
  const versions = new Set<BlobHash>();
  if (!addNamed(versions, await reader.namedBlobs(accountId, seq, Number.MAX_SAFE_INTEGER))) return null;
  const backups = await readBackups(reader, accountId, new Set(ids));
  return backups && { versions, backups };
}

/** False where a list cannot be read. */
function addNamed(hashes: Set<BlobHash>, versions: readonly NamedBlobs[]): boolean {
  for (const version of versions) for (const hash of version.hashes ?? []) hashes.add(hash);
  return versions.every((version) => version.hashes !== null);
}

const BETWEEN_SWEEPS_MS = 60 * 60_000;
const FIRST_SWEEP_MS = 60_000;
const ACCOUNTS_PER_READ = 100;

/** Collects the blobs of all accounts, once an hour. Gives the function that ends it. `onError` is called with what was thrown. */
export function startCollector({
  onError,
  ...deps
}: Omit<Collection, 'clock'> & { readonly clock: Clock; readonly onError: (error: unknown) => void }): () => void {
  let cancel: (() => void) | undefined;
  let ended = false;

  async function sweep(): Promise<void> {
    for (let after: AccountId | null = null; !ended; ) {
      const accounts: Result<readonly AccountId[], StorageError> = await deps.storage.blobAccounts(after, ACCOUNTS_PER_READ);
      if (!accounts.ok) return;
      for (const accountId of accounts.value) if (!ended) await collectBlobs(deps, accountId);
      after = accounts.value.at(-1) ?? null;
      if (accounts.value.length < ACCOUNTS_PER_READ) return;
    }
  }

  const run = async (): Promise<void> => {
    await sweep().catch(onError);
    if (!ended) cancel = deps.clock.setTimer(BETWEEN_SWEEPS_MS, () => void run());
  };
  cancel = deps.clock.setTimer(FIRST_SWEEP_MS, () => void run());
  return () => {
    ended = true;
    cancel?.();
  };
}
