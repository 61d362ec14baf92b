/** Bytes that the server has may go from this device, and come back when somebody asks for them. */
import type { BlobHash } from '#core/blobs.ts';
import type { KvError } from '#core/errors.ts';
import { ok, type Result } from '#core/result.ts';
import type { FileCount, LetGoOptions } from '#store/blob-store.ts';
import { type BlobRow, blobRow } from '#store/schema/blob-rows.ts';
import { asWay, BLOB_WAY } from '#store/schema/blob-way.ts';
import { isConfirmed } from './blob-questions.ts';
import { alone, type BlobContext, caught, placeFor } from './context.ts';
import { chooseLeaving, mayLeave } from './leaving.ts';
import { findSharedBlobs } from './shared-blobs.ts';

/**
 * Lets the bytes of one blob go; false where the server has not confirmed it lately, or they are not here. `isWanted` is asked in the transaction. The row first: killed before the bytes, `sweep` takes them up again.
 */
export const letGoOf = (
  context: BlobContext,
  hash: BlobHash,
  isWanted = (_row: BlobRow): boolean => true,
): Promise<Result<boolean, KvError>> =>
  alone(context, hash, async () => {
    const gone = await context.kv.transact({ row: { get: 'blobs', key: hash }, way: BLOB_WAY }, ({ row, way }) => {
      const place = row ? placeFor(context, row) : null;
      const isSure = row !== undefined && isConfirmed(row, asWay(way), context.clock.now());
      if (!isSure || !place || !isWanted(row)) return { writes: [], value: null };
      const next = blobRow({ ...row, letGo: true }, { at: null });
      return { writes: [...place.removal(row), { put: 'blobs', row: next } as const], value: place };
    });
    if (!gone.ok || !gone.value) return gone.ok ? ok(false) : gone;
    const place = gone.value;
    const removed = await caught(() => place.remove(hash));
    return removed.ok ? ok(true) : removed;
  });

/** More are looked at another time. */
const MAX_ROWS = 100_000;

/**
 * See `BlobStore.letGoUnused`. What only a kept revision, a base, a conflict or the journal of this device names is nowhere else for
 * long: the server removes it 30 days after its last naming version. `findShared` is another one in tests.
 */
export async function letGoUnused(
  context: BlobContext,
  { unusedMs, bytes = Infinity, watch }: LetGoOptions,
  findShared = findSharedBlobs,
): Promise<Result<FileCount, KvError>> {
  const limits = { nowMs: context.clock.now(), unusedMs };
  const found = await context.kv.read({
    rows: { list: 'blobs', index: 'bySpare', upper: [1, limits.nowMs], limit: MAX_ROWS },
    way: BLOB_WAY,
  });
  if (!found.ok) return found;
  const way = asWay(found.value.way);
  const rows = found.value.rows.filter((row) => mayLeave(row, limits) && isConfirmed(row, way, limits.nowMs));
  const shared = await findShared(context, new Set(rows.map(({ hash }) => hash)));
  if (!shared.ok) return shared;
  let freed: FileCount = { files: 0, bytes: 0 };
  for (const { hash, size } of chooseLeaving(rows, shared.value, limits)) {
    if (freed.bytes >= bytes || (await watch?.(freed.bytes)) === false) break;
    const gone = await letGoOf(context, hash, (row) => mayLeave(row, limits));
    if (!gone.ok) return gone;
    if (gone.value) freed = { files: freed.files + 1, bytes: freed.bytes + size };
  }
  return ok(freed);
}
