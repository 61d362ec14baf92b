/** Which entity names a blob: for a person, who knows a file by the document that it is in. */
import type { BlobHash } from '#core/blobs.ts';
import type { KvError } from '#core/errors.ts';
import { ok, type Result } from '#core/result.ts';
import type { BlobUser } from '#store/blob-store.ts';
import { type EntityRow, HIGH, PURGED } from '#store/schema/schema.ts';
import type { BlobContext } from './context.ts';
import { addNames } from './named-blobs.ts';

/** Whole documents: so many are read in one transaction, and a save does not wait long. */
const PAGE = 100;

/** See `BlobStore.users`. */
export async function findBlobUsers(
  { kv }: Pick<BlobContext, 'kv'>,
  hashes: readonly BlobHash[],
  kinds: readonly string[],
): Promise<Result<readonly BlobUser[], KvError>> {
  const wanted = new Set(hashes);
  const users: BlobUser[] = [];
  for (const kind of kinds) {
    for (let range: object = { lower: [kind] }; wanted.size > 0; ) {
      const page: Result<{ readonly rows: readonly EntityRow[] }, KvError> = await kv.read({
        rows: { list: 'entities', upper: [kind, HIGH], limit: PAGE, ...range },
      });
      if (!page.ok) return page;
      for (const row of page.value.rows)
        for (const hash of namesOf(row)) if (wanted.delete(hash)) users.push({ hash, kind, id: row.id });
      const last = page.value.rows.at(-1);
      if (!last || page.value.rows.length < PAGE) break;
      range = { lower: [kind, last.id], lowerOpen: true };
    }
  }
  return ok(users);
}

function namesOf(row: EntityRow): ReadonlySet<BlobHash> {
  const named = new Set<BlobHash>();
  if (row.place !== PURGED) addNames(named, row.raw ?? row.fields);
  return named;
}
