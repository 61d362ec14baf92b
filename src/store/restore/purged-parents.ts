/** What was deleted permanently, and is the parent of something that a restore brings. */
import { type Fields, parentNamed } from '#core/entity.ts';
import type { KeyPair } from '#core/entity-key.ts';
import type { KvError } from '#core/errors.ts';
import type { RestoreItem } from '#core/restoring.ts';
import { ok, type Result } from '#core/result.ts';
import { distinctParents } from '#store/draft/family.ts';
import type { StoreContext } from '#store/schema/context.ts';
import { PURGED } from '#store/schema/schema.ts';

export interface PurgedParent {
  readonly key: KeyPair;
  /** What the history still holds of it. */
  readonly v: number;
  readonly fields: Fields;
}

/** The purged parents that these items name. The history of what was purged grows no more. */
export async function readPurgedParents(
  { kv, ledger }: Pick<StoreContext, 'kv' | 'ledger'>,
  items: readonly RestoreItem[],
): Promise<Result<readonly PurgedParent[], KvError>> {
  const named = items.flatMap(({ kind, fields }) => {
    const parent = parentNamed(ledger.get(kind), fields);
    return parent ? [{ parent }] : [];
  });
  const found = await kv.read({ rows: { getMany: 'entities', keys: distinctParents(named) } });
  if (!found.ok) return found;
  const parents: PurgedParent[] = [];
  for (const row of found.value.rows) {
    if (row?.place !== PURGED) continue;
    const key: KeyPair = [row.kind, row.id];
    const history = await kv.read({
      last: { list: 'history', lower: [...key], upper: [...key, Infinity], reverse: true, limit: 1 },
    });
    if (!history.ok) return history;
    const [last] = history.value.last;
    parents.push({ key, v: last?.v ?? row.v, fields: last?.fields ?? {} });
  }
  return ok(parents);
}
