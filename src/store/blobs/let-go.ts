/** Bytes that the server has may go from this device, and come back when somebody asks for them. */
import type { BlobHash } from '#core/blobs.ts';
import type { KvError } from '#core/errors.ts';
import { ok, type Result } from '#core/result.ts';
import { blobRow } from '#store/schema/blob-rows.ts';
import { alone, type BlobContext, caught, placeFor } from './context.ts';

/** See `BlobStore.letGo`. The row first: killed before the bytes, `sweep` takes them up again. */
export const letGoOf = (context: BlobContext, hash: BlobHash): Promise<Result<boolean, KvError>> =>
  alone(context, hash, async () => {
    const gone = await context.kv.transact({ row: { get: 'blobs', key: hash } }, ({ row }) => {
      const place = row ? placeFor(context, row) : null;
      if (!row?.sent || !place) return { writes: [], value: null };
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

/** Lets go what the server has and nothing here has used since `beforeMs`, the oldest first. Gives the bytes. */
export async function letGoUnused(context: BlobContext, beforeMs: number): Promise<Result<number, KvError>> {
  let freed = 0;
  for (;;) {
    const found = await context.kv.read({
      rows: { list: 'blobs', index: 'bySpare', upper: [1, beforeMs], upperOpen: true, limit: PAGE },
    });
    if (!found.ok) return found;
    let some = false;
    for (const { hash, size } of found.value.rows) {
      const gone = await letGoOf(context, hash);
      if (!gone.ok) return gone;
      some ||= gone.value;
      freed += gone.value ? size : 0;
    }
    if (!some) return ok(freed);
  }
}
