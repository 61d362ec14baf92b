/** The calls of a page over the blobs of its workspace: `BlobCalls`. */
import type { BlobStore } from '#store/blob-store.ts';
import { IN_USE_MS } from '#store/blobs/leaving.ts';
import type { BlobCalls } from './worker-api.ts';

/** Refused blobs that are shown. */
const SHOWN = 20;

export const createBlobCalls = (blobs: BlobStore, fetchBlob: BlobCalls['fetchBlob']): BlobCalls => ({
  putBlob: (bytes, about, watch) => blobs.put(bytes, about, { watch }),
  readBlob: blobs.read,
  blobInfo: blobs.info,
  haveBlobs: blobs.have,
  makeRoom: (watch) => blobs.letGoUnused({ unusedMs: IN_USE_MS, watch }),
  refusedBlobs: () => blobs.refused(SHOWN),
  blobUsers: blobs.users,
  retryRefusedBlobs: blobs.retryRefused,
  fetchBlob,
  putThumbnail: blobs.putThumbnail,
  noteShownFiles: blobs.noteShown,
  readThumbnails: blobs.thumbnails,
});
