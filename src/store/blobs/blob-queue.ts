import type { BlobQueue } from '#core/blob-queue.ts';
import type { BlobStore } from '#store/blob-store.ts';

/** The blobs of a workspace as what sends them asks for them. */
export const createBlobQueue = (blobs: Pick<BlobStore, 'unsent' | 'readBytes' | 'markSent'>): BlobQueue => ({
  unsent: (limit) => blobs.unsent(limit),
  read: (hash, from, to) => blobs.readBytes(hash, { from, to }),
  markSent: (hash) => blobs.markSent([hash]),
});
