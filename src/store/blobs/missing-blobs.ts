import type { KvError } from '#core/errors.ts';
import { ok, type Result } from '#core/result.ts';
import type { MissingBlobs } from '#store/blob-store.ts';
import { PURGED } from '#store/schema/schema.ts';
import type { BlobContext } from './context.ts';
import { addNames } from './named-blobs.ts';

/** See `BlobStore.missing`. */
export async function findMissing({ kv }: BlobContext, after: number, limit: number): Promise<Result<MissingBlobs, KvError>> {
  const page = await kv.read({ rows: { list: 'entities', index: 'byLocalSeq', lower: after, lowerOpen: true, limit } });
  if (!page.ok) return page;
  const { rows } = page.value;
  const named = new Set<string>();
  for (const row of rows) if (row.place !== PURGED) addNames(named, row);
  const hashes = [...named];
  const known = await kv.read({ rows: { getMany: 'blobs', keys: hashes } });
  if (!known.ok) return known;
  const isWanted = (at: number): boolean => {
    const row = known.value.rows[at];
    return row === undefined || (row.at === null && row.letGo !== true);
  };
  return ok({
    hashes: hashes.filter((_, at) => isWanted(at)),
    next: rows.at(-1)?.localSeq ?? after,
    isEnd: rows.length < limit,
  });
}
