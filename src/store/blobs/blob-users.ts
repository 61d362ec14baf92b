/** Which entity names a blob: for a person, who knows a file by the document that it is in. */
import type { BlobHash } from '#core/blobs.ts';
import type { KvError } from '#core/errors.ts';
import { ok, type Result } from '#core/result.ts';
import type { BlobUser } from '#store/blob-store.ts';
import { type EntityRow, PURGED } from '#store/schema/schema.ts';
import type { BlobContext } from './context.ts';
import { eachEntity } from './each-entity.ts';
import { addNames } from './named-blobs.ts';

/** See `BlobStore.users`. */
export async function findBlobUsers(
  { kv }: Pick<BlobContext, 'kv'>,
  hashes: readonly BlobHash[],
  kinds: readonly string[],
): Promise<Result<readonly BlobUser[], KvError>> {
  const wanted = new Set(hashes);
  const users: BlobUser[] = [];
  for (const kind of kinds) {
    const isWanted = (): boolean => wanted.size > 0;
    const read = await eachEntity(kv, kind, isWanted, (row) => {
      for (const hash of namesOf(row)) if (wanted.delete(hash)) users.push({ hash, kind, id: row.id });
    });
    if (!read.ok) return read;
  }
  return ok(users);
}

function namesOf(row: EntityRow): ReadonlySet<BlobHash> {
  const named = new Set<BlobHash>();
  if (row.place !== PURGED) addNames(named, row.raw ?? row.fields);
  return named;
}
