import type { BlobHash } from '#core/blobs.ts';
import type { KvError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import type { ByteRange } from '#store/blob-store.ts';
import type { BlobRow } from '#store/schema/blob-rows.ts';
import { alone, type BlobContext, caught, placeFor, readRow } from './context.ts';
import { noteBytesLost } from './lost-bytes.ts';
import type { BlobBytes } from './place.ts';
import { takeUp } from './take-up.ts';

/** How old the note of the last use may be before a read makes it again. */
const USED_AGAIN_MS = 24 * 3_600_000;

/** See `BlobStore.read`. */
export async function readBlob(context: BlobContext, hash: BlobHash, range?: ByteRange): Promise<Result<Blob | null, KvError>> {
  const found = await readAny(context, hash, range);
  if (!found.ok || found.value === null) return found.ok ? ok(null) : found;
  const { bytes, type } = found.value;
  return ok(bytes instanceof Blob ? bytes : new Blob([bytes], { type }));
}

/** See `BlobStore.readBytes`. */
export async function readBlobBytes(
  context: BlobContext,
  hash: BlobHash,
  range?: ByteRange,
): Promise<Result<Uint8Array<ArrayBuffer> | null, KvError>> {
  const found = await readAny(context, hash, range);
  if (!found.ok || found.value === null) return found.ok ? ok(null) : found;
  const { bytes } = found.value;
  return caught(async () => (bytes instanceof Blob ? new Uint8Array(await bytes.arrayBuffer()) : bytes));
}

async function readAny(
  context: BlobContext,
  hash: BlobHash,
  range: ByteRange = { from: 0, to: Infinity },
): Promise<Result<{ readonly bytes: BlobBytes; readonly type: string } | null, KvError>> {
  const found = await findRow(context, hash);
  if (!found.ok || !found.value) return found.ok ? ok(null) : found;
  const row = found.value;
  const place = placeFor(context, row);
  if (!place) return ok(null);
  const to = Math.min(Math.max(range.to, 0), row.size);
  const from = Math.min(Math.max(range.from, 0), to);
  const read = await caught(() => place.read(row, { from, to }));
  if (!read.ok) return err(read.error);
  if (read.value === null) {
    await noteLost(context, hash);
    return ok(null);
  }
  if (Math.abs(context.clock.now() - row.usedAt) > USED_AGAIN_MS) await noteUse(context, row);
  return ok({ bytes: read.value, type: row.type });
}

/** Whoever looks at a file that has lost its row does not wait for the sweep. */
async function findRow(context: BlobContext, hash: BlobHash): Promise<Result<BlobRow | undefined, KvError>> {
  const found = await readRow(context, hash);
  const { files } = context;
  if (!found.ok || !files || (found.value && found.value.at !== null)) return found;
  const taken = await takeUp(context, files, hash);
  return taken.ok ? readRow(context, hash) : found;
}

/** Of no use to anybody who waits: what comes of it is not asked. */
const noteUse = ({ kv, clock }: BlobContext, { hash }: BlobRow): Promise<unknown> =>
  kv.transact(
    { row: { get: 'blobs', key: hash } },
    ({ row }) => ({ writes: row ? [{ put: 'blobs', row: { ...row, usedAt: clock.now() } }] : [], value: null }),
    'relaxed',
  );

/** The browser has lost the bytes of a row: it says so from now on, so that they are asked for again. */
export const noteLost = (context: BlobContext, hash: BlobHash): Promise<Result<void, KvError>> =>
  alone(context, hash, async () => {
    const found = await readRow(context, hash);
    if (!found.ok || !found.value) return found.ok ? ok(undefined) : found;
    const row = found.value;
    const place = placeFor(context, row);
    const there = place === null ? ok(true) : await caught(() => place.has(row));
    if (!there.ok || there.value) return there.ok ? ok(undefined) : there;
    return noteBytesLost(context, row, place);
  });
