/** What the server keeps for the sake of this device's entities. */
import { type BlobHash, MAX_OP_BLOBS } from '#core/blobs.ts';
import type { KvError } from '#core/errors.ts';
import { ok, type Result } from '#core/result.ts';
import { blobsOf, bodyText } from '#store/schema/op.ts';
import { type EntityRow, PURGED } from '#store/schema/schema.ts';
import type { BlobContext } from './context.ts';
import { eachEntity } from './each-entity.ts';
import { addNames } from './named-blobs.ts';

/**
 * What an entity names in the version that the server has: live or in the bin, with nothing of it unsent. What an op has no room to name,
 * the server does not keep.
 */
export function sharedNames(row: EntityRow): ReadonlySet<BlobHash> {
  const named = new Set<BlobHash>();
  const isThere = row.version !== null && row.version !== row.unreturned && row.queued === null && row.sent === null;
  if (!isThere || row.place === PURGED) return named;
  addNames(named, row.raw ?? row.fields);
  return named.size > MAX_OP_BLOBS ? new Set(blobsOf(bodyText(row))) : named;
}

/** Those of `hashes` that the server keeps so. Reads entities page by page until all are found: for what is done once in a while. */
export async function findSharedBlobs(
  { kv }: Pick<BlobContext, 'kv'>,
  hashes: ReadonlySet<BlobHash>,
): Promise<Result<ReadonlySet<BlobHash>, KvError>> {
  const shared = new Set<BlobHash>();
  const isWanted = (): boolean => shared.size < hashes.size;
  const read = await eachEntity(kv, null, isWanted, (row) => {
    for (const hash of sharedNames(row)) if (hashes.has(hash)) shared.add(hash);
  });
  return read.ok ? ok(shared) : read;
}
