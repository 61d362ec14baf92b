import type { BlobQueue } from '#core/blob-queue.ts';
import type { KvError } from '#core/errors.ts';
import type { Kv } from '#core/ports.ts';
import { ok, type Result } from '#core/result.ts';
import type { BlobStore } from '#store/blob-store.ts';
import type { WorkspaceTables } from '#store/schema/schema.ts';

/** The blobs of a workspace as what sends them asks for them. */
export const createBlobQueue = (blobs: Pick<BlobStore, 'unsent' | 'readBytes' | 'markSent'>): BlobQueue => ({
  unsent: (limit) => blobs.unsent(limit),
  read: (hash, from, to) => blobs.readBytes(hash, { from, to }),
  markSent: (hash) => blobs.markSent([hash]),
});

/** How many blobs the server is to get: asked for behind each drain, before anything of the blobs is loaded or opened. */
export async function countWaitingBlobs(kv: Pick<Kv<WorkspaceTables>, 'read'>): Promise<Result<number, KvError>> {
  const found = await kv.read({ waiting: { count: 'blobs', index: 'byWaiting' } });
  return found.ok ? ok(found.value.waiting) : found;
}
