import type { KvError } from '#core/errors.ts';
import type { Result } from '#core/result.ts';
import { type BlobFacts, type BlobRow, blobRow } from '#store/schema/blob-rows.ts';
import { asFill, BLOB_FILL, fillAgain } from '#store/schema/blob-way.ts';
import type { BlobContext } from './context.ts';
import type { BlobPlace } from './place.ts';

/** Notes that the bytes of a row are not here any more, `facts` as they are from then on: entities that name them have them fetched again. */
export const noteBytesLost = (
  { kv }: Pick<BlobContext, 'kv'>,
  row: BlobRow,
  place: BlobPlace | null,
  facts: BlobFacts = row,
): Promise<Result<void, KvError>> =>
  kv.transact({ fill: BLOB_FILL }, ({ fill }) => ({
    writes: [
      ...(place?.removal(row) ?? []),
      { put: 'blobs', row: blobRow(facts, { at: null }) } as const,
      { put: 'meta', row: fillAgain(asFill(fill)) } as const,
    ],
    value: undefined,
  }));
