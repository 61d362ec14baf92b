/** Bytes that are written get their hash and their row. */
import type { BlobHash } from '#core/blobs.ts';
import type { KvError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import type { BlobInfo, NewBlob } from '#store/blob-store.ts';
import { type BlobRow, type BytesPlace, blobRow, placeOf } from '#store/schema/blob-rows.ts';
import { alone, type BlobContext, infoOf, placeFor, readRow } from './context.ts';
import type { Part } from './part.ts';

/** Where the same bytes are here already, theirs are used. Throws what the browser throws. */
export const commitBlob = (
  context: BlobContext,
  hash: BlobHash,
  about: NewBlob,
  part: Part,
): Promise<Result<BlobInfo, KvError>> =>
  alone(context, hash, async (): Promise<Result<BlobInfo, KvError>> => {
    const found = await readRow(context, hash);
    if (!found.ok) return found;
    const row = found.value;
    const isHere = row !== undefined && (await placeFor(context, row)?.has(row)) === true;
    const used = row && isHere ? await useAgain(context, row, about) : ok(null);
    if (!used.ok) return used;
    if (used.value) return ok(used.value);
    return makeRow(context, { hash, size: part.size }, about, part);
  });

/** The row as it is from now on. It counts as new: whoever has added it may be about to name it. */
function rowWith(
  before: BlobRow | undefined,
  { hash, size }: Pick<BlobRow, 'hash' | 'size'>,
  { type, width = before?.width, height = before?.height, sent = false }: NewBlob,
  place: BytesPlace,
  nowMs: number,
): BlobRow {
  return blobRow(
    {
      hash,
      size,
      type: type || (before?.type ?? ''),
      ...(width === undefined ? {} : { width }),
      ...(height === undefined ? {} : { height }),
      ...(before?.thumbnail === undefined ? {} : { thumbnail: before.thumbnail }),
      sent: sent || before?.sent === true,
      addedAt: before && before.at !== null ? before.addedAt : nowMs,
      usedAt: nowMs,
    },
    place,
  );
}

/** Null where its bytes went meanwhile. */
const useAgain = ({ kv, clock }: BlobContext, known: BlobRow, about: NewBlob): Promise<Result<BlobInfo | null, KvError>> =>
  kv.transact({ row: { get: 'blobs', key: known.hash } }, ({ row }) => {
    if (!row || row.at !== known.at) return { writes: [], value: null };
    const next = rowWith(row, row, about, placeOf(row), clock.now());
    return { writes: [{ put: 'blobs', row: next }], value: infoOf(next) };
  });

async function makeRow(
  context: BlobContext,
  of: Pick<BlobRow, 'hash' | 'size'>,
  about: NewBlob,
  part: Part,
): Promise<Result<BlobInfo, KvError>> {
  const { place, note, writes } = await part.keep(of.hash);
  const made = await context.kv.transact(
    { row: { get: 'blobs', key: of.hash }, noted: { get: 'meta', key: note ?? '' } },
    ({ row, noted }) => {
      if (note !== null && !noted) return { writes: [], value: null };
      const next = rowWith(row, of, about, place, context.clock.now());
      // What is left of bytes that are not there whole goes first: the new ones may have their name.
      const old = row ? (placeFor(context, row)?.removal(row) ?? []) : [];
      return { writes: [...old, ...writes, { put: 'blobs', row: next } as const], value: infoOf(next) };
    },
  );
  if (made.ok && made.value) return ok(made.value);
  await part.takeBack(of.hash);
  return made.ok ? err({ type: 'StorageFailed', reason: 'what was written of the file has been removed' }) : made;
}
