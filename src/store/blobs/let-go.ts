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

/** See `BlobStore.letGo`. `isWanted` is asked in the transaction. The row first: killed before the bytes, `sweep` takes them up again. */
export const letGoOf = (
  context: BlobContext,
  hash: BlobHash,
  isWanted = (_row: BlobRow): boolean => true,
): Promise<Result<boolean, KvError>> =>
  alone(context, hash, async () => {
    const gone = await context.kv.transact({ row: { get: 'blobs', key: hash }, way: BLOB_WAY }, ({ row, way }) => {
      const place = row ? placeFor(context, row) : null;
      if (!row || !place || !isConfirmed(row, asWay(way)) || !isWanted(row)) return { writes: [], value: null };
      const next = blobRow({ ...row, letGo: true }, { at: null });
      return { writes: [...place.removal(row), { put: 'blobs', row: next } as const], value: place };
    });
    if (!gone.ok || !gone.value) return gone.ok ? ok(false) : gone;
    const place = gone.value;
    const removed = await caught(() => place.remove(hash));
    return removed.ok ? ok(true) : removed;
  });

/** Rows looked at in one go. */
const PAGE = 200;

/** See `BlobStore.letGoUnused`. What went is in no page any more; a page of which nothing goes is the last. */
export async function letGoUnused(
  context: BlobContext,
  { unusedMs, bytes = Infinity, watch }: LetGoOptions,
): Promise<Result<FileCount, KvError>> {
  const limits = { nowMs: context.clock.now(), unusedMs };
  let freed: FileCount = { files: 0, bytes: 0 };
  for (;;) {
    const found = await context.kv.read({
      rows: { list: 'blobs', index: 'bySpare', upper: [1, limits.nowMs], limit: PAGE },
    });
    if (!found.ok) return found;
    const before = freed.files;
    for (const { hash, size } of chooseLeaving(found.value.rows, { ...limits, bytes: bytes - freed.bytes })) {
      if ((await watch?.(freed.bytes)) === false) return ok(freed);
      const gone = await letGoOf(context, hash, (row) => mayLeave(row, limits));
      if (!gone.ok) return gone;
      if (gone.value) freed = { files: freed.files + 1, bytes: freed.bytes + size };
    }
    if (freed.files === before || freed.bytes >= bytes) return ok(freed);
  }
}
