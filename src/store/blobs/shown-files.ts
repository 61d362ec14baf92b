/**
 * Files that the editors of open pages have shown. Taking back an edit may name one of them again, also after months, so the row of a
 * page names them while the page lives: it holds the lock of its tab, asleep or not.
 */
import { type BlobHash, blobReference } from '#core/blobs.ts';
import { tabLock } from '#core/channels.ts';
import type { KvError } from '#core/errors.ts';
import { ok, type Result } from '#core/result.ts';
import { metaFamily } from '#store/schema/meta-family.ts';
import type { BlobContext } from './context.ts';

const { keyOf, idOf, all } = metaFamily('shown-files/');
const MOST_TABS = 1000;

/** See `BlobStore.noteShown`. */
export function noteShown({ kv }: BlobContext, tab: string, hashes: readonly BlobHash[]): Promise<Result<void, KvError>> {
  const row = { key: keyOf(tab), references: hashes.map((hash) => blobReference(hash, '')) };
  return kv.transact({}, () => ({ writes: [{ put: 'meta', row }], value: undefined }), 'relaxed');
}

/** Removes what pages have left that are gone. */
export async function forgetGonePages({ kv, locks }: BlobContext): Promise<Result<void, KvError>> {
  const found = await kv.read({ rows: { ...all, limit: MOST_TABS } });
  if (!found.ok) return found;
  for (const row of found.value.rows) {
    const remove = () => kv.transact({}, () => ({ writes: [{ delete: 'meta', key: row.key }], value: undefined }), 'relaxed');
    const removed = await locks.hold(tabLock(idOf(row)), remove, { ifAvailable: true });
    if (removed && !removed.ok) return removed;
  }
  return ok(undefined);
}
