import { join } from 'node:path';
import type { BlobStore } from './blob-store.ts';
import { createFileBlobs } from './file-blobs.ts';
import { createS3Blobs } from './s3-blobs.ts';
import type { S3Place } from './s3-requests.ts';

/** The place of blobs that is configured. Uploads under way are always in the data folder. */
export function openBlobs({ dataDir, s3 }: { readonly dataDir: string; readonly s3: S3Place | null }): BlobStore {
  const folder = join(dataDir, 'blobs');
  return s3 ? createS3Blobs(s3, folder) : createFileBlobs(folder);
}
