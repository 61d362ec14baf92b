/** The rows that restores leave in a workspace: what they are called, read as a list, and let go when they are old. */

import type { KvError } from '#core/errors.ts';
import type { RestoreInfo } from '#core/restores.ts';
import { ok, type Result } from '#core/result.ts';
import type { StoreContext } from '#store/schema/context.ts';
import { metaFamily } from '#store/schema/meta-family.ts';
import type { RestoreRow } from '#store/schema/restore-meta-rows.ts';

const restores = metaFamily('restore/');
export const { keyOf: restoreKey, asRow: asRestore } = restores;

/** Of what the batches of a restore have replaced. */
export const restoredPrefix = (id: string) => `restored/${id}/` as const;

/** In the order of the batches. */
export const restoredKey = (id: string, done: number) => `${restoredPrefix(id)}${String(done).padStart(8, '0')}` as const;

/** A restore as it is shown. */
export function restoreInfo({ key, state, startedAt, backup, madeAt, choice, changed, keptEdited }: RestoreRow): RestoreInfo {
  return { id: restores.idOf({ key }), state, startedAt, backup, madeAt, choice, changed, keptEdited };
}

/** Every restore that was begun here, the newest first. */
export async function listRestores({ kv }: Pick<StoreContext, 'kv'>): Promise<Result<readonly RestoreRow[], KvError>> {
  const found = await kv.read({ rows: { ...restores.all, reverse: true, limit: 100 } });
  return found.ok ? ok(found.value.rows.flatMap((row) => asRestore(row) ?? [])) : found;
}

/** For so long a restore can be undone. */
const UNDOABLE_MS = 30 * 24 * 3_600_000;

/** Lets go of what old restores have replaced: they can no longer be undone. Gives them. One that was interrupted stays. */
export async function forgetRestores(
  context: Pick<StoreContext, 'kv' | 'clock'>,
): Promise<Result<readonly RestoreRow[], KvError>> {
  const found = await listRestores(context);
  if (!found.ok) return found;
  const nowMs = context.clock.now();
  const isOver = ({ state, startedAt }: RestoreRow): boolean =>
    (state === 'applied' || state === 'undone') && nowMs - startedAt > UNDOABLE_MS;
  const over = found.value.filter(isOver);
  for (const row of over) {
    const prefix = restoredPrefix(restoreInfo(row).id);
    const forgotten = await context.kv.transact({}, () => ({
      writes: [
        { deleteRange: 'meta', lower: prefix, upper: `${prefix}~` },
        { delete: 'meta', key: row.key },
      ],
      value: undefined,
    }));
    if (!forgotten.ok) return forgotten;
  }
  return ok(over);
}
