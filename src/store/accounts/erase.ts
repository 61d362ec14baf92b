/** The one file that deletes databases. Whoever calls it has asked the person, and named what is nowhere else. */
import { deleteDB } from 'idb';
import type { KvError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import { SHARED_CACHE } from '#core/shared.ts';
import { removeArchives } from '#store/archive-file.ts';
import { removeBlobFiles } from '#store/blobs/opfs-place.ts';
import { removeBackups } from '#store/kv/backup-folder.ts';
import { clearFlags, FLAGS_NAME } from '#store/kv/flags.ts';
import { scratchName } from '#store/restore/scratch.ts';
import { journalName } from '#store/schema/journal-database.ts';
import { searchDatabaseName } from '#store/schema/search-database.ts';
import { eraseCopy } from '#store/second-copy/erase-copy.ts';
import { REGISTRY_NAME, workspaceName } from './registry.ts';

const OURS = /^holdfast-/;
/** Other tabs let go of a database when asked; one that has not by then is frozen, or in a long transaction. */
const PATIENCE_MS = 5000;
const FILE_TRIES = 50;
const FILE_PAUSE_MS = 100;

/** Deletes one workspace of this browser, with all that it holds: first its second copy, from which it could come back. */
export async function deleteWorkspace(workspaceId: string): Promise<Result<void, KvError>> {
  const copy = await eraseCopy(workspaceId);
  if (!copy.ok) return copy;
  const files = await eraseFiles(workspaceId);
  if (!files.ok) return files;
  return deleteInTurn(databasesOf(workspaceId));
}

/** Deletes what trying a restore has left. Nobody may be trying one: see `drillLock`. */
export const deleteScratch = (workspaceId: string): Promise<Result<void, KvError>> => deleteDatabase(scratchName(workspaceId));

/** Deletes what can be made again: the search indexes of this browser. An open search goes on in memory. */
export async function deleteCaches(workspaceIds: readonly string[]): Promise<Result<void, KvError>> {
  const found = (await databaseNames()).filter((name) => name.startsWith(searchDatabaseName('')));
  return deleteInTurn(new Set([...workspaceIds.map(searchDatabaseName), ...found]));
}

/**
 * Deletes everything that Holdfast keeps in this browser, every account of it. The second copy goes first, because a
 * start without a registry comes back from it; the registry goes last: killed half-way, what is left can be named, and
 * erased again.
 */
export async function eraseDatabases(workspaceIds: readonly string[]): Promise<Result<void, KvError>> {
  const copy = await eraseCopy(null);
  if (!copy.ok) return copy;
  const files = await eraseFiles(null);
  if (!files.ok) return files;
  const found = (await databaseNames()).filter((name) => OURS.test(name));
  const names = new Set([...found, ...workspaceIds.flatMap(databasesOf)]);
  // Its connections never let go, so it is emptied instead.
  names.delete(FLAGS_NAME);
  names.delete(REGISTRY_NAME);
  const deleted = await deleteInTurn([...names, REGISTRY_NAME]);
  if (!deleted.ok) return deleted;
  // A tab that started meanwhile has made some of them again. From now on it finds none of these accounts.
  for (const name of names) await deleteDatabase(name);
  const late = await eraseFiles(null);
  if (!late.ok) return late;
  await eraseShared();
  await clearFlags();
  return ok(undefined);
}

/** Deletes the files of one workspace, or of all (null). One that is being written is done soon, or its tab ends. */
async function eraseFiles(workspaceId: string | null): Promise<Result<void, KvError>> {
  for (let left = FILE_TRIES; ; left--) {
    try {
      await removeBlobFiles(workspaceId);
      await removeBackups(workspaceId);
      // An archive has everything in it, and nobody knows of which account.
      await removeArchives(0, true);
      return ok(undefined);
    } catch (error) {
      if (left === 0) return err({ type: 'StorageFailed', reason: `the files could not be deleted: ${error}` });
      await new Promise((resolve) => setTimeout(resolve, FILE_PAUSE_MS));
    }
  }
}

/** Deletes what another program has shared, and no account has taken. */
async function eraseShared(): Promise<void> {
  // Over plain http there is no cache, and nobody shares.
  if ('caches' in globalThis) await caches.delete(SHARED_CACHE).catch(() => {});
}

/** The databases of one workspace, its own last: the others are of no use without it. */
const databasesOf = (workspaceId: string): readonly string[] => [
  searchDatabaseName(workspaceId),
  scratchName(workspaceId),
  journalName(workspaceId),
  workspaceName(workspaceId),
];

/** Deletes one after the other, up to the first that cannot be. */
async function deleteInTurn(names: Iterable<string>): Promise<Result<void, KvError>> {
  for (const name of names) {
    const deleted = await deleteDatabase(name);
    if (!deleted.ok) return deleted;
  }
  return ok(undefined);
}

/** Every database of this origin, where the browser tells. */
async function databaseNames(): Promise<readonly string[]> {
  const databases = await indexedDB.databases?.().catch(() => []);
  return (databases ?? []).flatMap(({ name }) => name ?? []);
}

async function deleteDatabase(name: string): Promise<Result<void, KvError>> {
  const { promise: late, resolve } = Promise.withResolvers<Result<void, KvError>>();
  const timer = setTimeout(() => resolve(err({ type: 'UpgradeBlocked' })), PATIENCE_MS);
  const deleting = deleteDB(name).then(
    () => ok(undefined),
    (error: unknown) => err({ type: 'StorageFailed', reason: String(error) } as const),
  );
  const result = await Promise.race([deleting, late]);
  clearTimeout(timer);
  return result;
}
