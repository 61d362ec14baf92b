import { join } from 'node:path';
import type { BlobStore } from './blob-store.ts';
import { createFileBlobs } from './file-blobs.ts';
import { createS3Blobs } from './s3-blobs.ts';
import type { S3Place } from './s3-requests.ts';

/**
 * The place of blobs that is configured. Uploads under way are always in the data folder. `isExpected` as in `createFileBlobs`: who
 * serves is not to take an empty folder or bucket for the place; who repairs looks for itself.
 */
export function openBlobs(
  { dataDir, s3 }: { readonly dataDir: string; readonly s3: S3Place | null },
  isExpected?: () => Promise<boolean>,
): BlobStore {
  const folder = join(dataDir, 'blobs');
  return s3 ? createS3Blobs(s3, folder, { isExpected }) : createFileBlobs(folder, isExpected);
}
