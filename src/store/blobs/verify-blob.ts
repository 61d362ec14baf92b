/** Bytes that are on this device, compared with the hash that is their name. */
import type { BlobHash } from '#core/blobs.ts';
import type { KvError } from '#core/errors.ts';
import { ok, type Result } from '#core/result.ts';
import type { BlobRow } from '#store/schema/blob-rows.ts';
import { alone, type BlobContext, caught, placeFor, readRow } from './context.ts';
import { streamingDigest, wholeDigest } from './digest.ts';
import { noteBytesLost } from './lost-bytes.ts';
import type { BlobPlace } from './place.ts';
import { PIECE, WHOLE } from './source.ts';

/** The hash of the bytes of a row; null where they are not there whole. Throws what the browser throws. */
export async function hashInPlace({ hashWhole }: BlobContext, place: BlobPlace, row: BlobRow): Promise<BlobHash | null> {
  const read = async (from: number, to: number): Promise<Uint8Array<ArrayBuffer> | null> => {
    const bytes = await place.read(row, { from, to });
    return bytes instanceof Blob ? new Uint8Array(await bytes.arrayBuffer()) : bytes;
  };
  if (hashWhole && row.size <= WHOLE) {
    const bytes = await read(0, row.size);
    return bytes && wholeDigest(bytes, hashWhole).hash();
  }
  const digest = streamingDigest();
  for (let from = 0; from < row.size; from += PIECE) {
    const bytes = await read(from, Math.min(from + PIECE, row.size));
    if (!bytes) return null;
    digest.update(bytes);
  }
  return digest.hash();
}

/** See `BlobQueue.verify`. */
export const verifyBlob = (context: BlobContext, hash: BlobHash): Promise<Result<'whole' | 'damaged', KvError>> =>
  alone(context, hash, async (): Promise<Result<'whole' | 'damaged', KvError>> => {
    const found = await readRow(context, hash);
    if (!found.ok) return found;
    const row = found.value;
    const place = row ? placeFor(context, row) : null;
    if (!row || !place) return ok('damaged');
    const hashed = await caught(() => hashInPlace(context, place, row));
    if (!hashed.ok) return hashed;
    if (hashed.value === hash) return ok('whole');
    const dropped = await noteBytesLost(context, row, place, { ...row, sent: false });
    if (!dropped.ok) return dropped;
    const removed = await caught(() => place.remove(hash));
    return removed.ok ? ok('damaged') : removed;
  });
