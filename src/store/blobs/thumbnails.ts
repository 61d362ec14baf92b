/** Small pictures of blobs, which lists show: rows, because many are read at once. They stay when the bytes are let go. */
import type { BlobHash } from '#core/blobs.ts';
import type { BlobError, KvError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import { thumbnailName } from '#store/schema/blob-rows.ts';
import type { BlobContext } from './context.ts';

/** See `BlobStore.putThumbnail`. */
export async function putThumbnail({ kv }: BlobContext, hash: BlobHash, picture: Blob): Promise<Result<void, BlobError>> {
  let bytes: ArrayBuffer;
  try {
    bytes = await picture.arrayBuffer();
  } catch (error) {
    return err({ type: 'FileUnreadable', reason: String(error) });
  }
  return kv.transact(
    { row: { get: 'blobs', key: hash } },
    ({ row }) => ({
      writes: row
        ? [
            { put: 'blob-bytes', row: { name: thumbnailName(hash), part: 0, bytes, type: picture.type } },
            { put: 'blobs', row: { ...row, thumbnail: bytes.byteLength } },
          ]
        : [],
      value: undefined,
    }),
    // It can be made again.
    'relaxed',
  );
}

/** See `BlobStore.thumbnails`. */
export async function readThumbnails(
  { kv }: BlobContext,
  hashes: readonly BlobHash[],
): Promise<Result<readonly (Blob | null)[], KvError>> {
  const reads = hashes.map((hash, at) => [at, { get: 'blob-bytes', key: [thumbnailName(hash), 0] }] as const);
  const found = await kv.read(Object.fromEntries(reads));
  if (!found.ok) return found;
  return ok(
    hashes.map((_, at) => {
      const row = found.value[at];
      return row ? new Blob([row.bytes], { type: row.type ?? '' }) : null;
    }),
  );
}
