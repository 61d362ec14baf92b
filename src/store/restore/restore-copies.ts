/** Which documents a restore copies, by *Keep both*: decided once, so that a restore which was interrupted goes on with the same ones. */
import type { KvError } from '#core/errors.ts';
import type { Write } from '#core/ports.ts';
import { ok, type Result } from '#core/result.ts';
import type { StoreContext } from '#store/schema/context.ts';
import { metaFamily } from '#store/schema/meta-family.ts';
import type { RestoreCopiesRow } from '#store/schema/restore-meta-rows.ts';
import type { WorkspaceTables } from '#store/schema/schema.ts';

const { keyOf, asRow: asCopies } = metaFamily('restore-copies/');

/** Null where nothing has been decided. */
export async function readCopies(
  { kv }: Pick<StoreContext, 'kv'>,
  id: string,
): Promise<Result<RestoreCopiesRow['documents'] | null, KvError>> {
  const found = await kv.read({ row: { get: 'meta', key: keyOf(id) } });
  return found.ok ? ok(asCopies(found.value.row)?.documents ?? null) : found;
}

/** Before the first batch. What was decided before stays. */
export function keepCopies(
  { kv }: Pick<StoreContext, 'kv'>,
  id: string,
  documents: RestoreCopiesRow['documents'],
): Promise<Result<void, KvError>> {
  return kv.transact({ row: { get: 'meta', key: keyOf(id) } }, ({ row }) => ({
    writes: row ? [] : [{ put: 'meta', row: { key: keyOf(id), documents } }],
    value: undefined,
  }));
}

/** There is nothing to go on with any more. */
export const forgetCopies = (id: string): Write<WorkspaceTables> => ({ delete: 'meta', key: keyOf(id) });
