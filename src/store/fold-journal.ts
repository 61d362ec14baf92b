import { tabLock } from '#core/channels.ts';
import type { KvError } from '#core/errors.ts';
import type { Kv, Locks } from '#core/ports.ts';
import { ok, type Result } from '#core/result.ts';
import type { WorkspaceTables } from './schema.ts';
import type { Store } from './store.ts';

/**
 * Saves what tabs that are gone had not handed over when they were hidden or closed. Gives how many rows stay:
 * those of living tabs, and those that cannot be saved. A living tab (its lock is held) looks after its own. Each row carries the saveId of the save that it stands for, so a
 * row folded in twice, or after its save arrived by itself, changes nothing.
 */
export async function foldJournal(
  kv: Kv<WorkspaceTables>,
  store: Pick<Store, 'save'>,
  locks: Locks,
): Promise<Result<number, KvError>> {
  const found = await kv.read({ rows: { list: 'unsaved', limit: 1000 } });
  if (!found.ok) return found;
  let left = found.value.rows.length;
  for (const { key, tab, kind, id, patch, was, builtOn, saveId } of found.value.rows) {
    await locks.hold(
      tabLock(tab),
      async () => {
        const saved = await store.save({ kind, id, patch, was, builtOn, saveId });
        if (!saved.ok) return;
        const removed = await kv.transact({}, () => ({ writes: [{ delete: 'unsaved', key }], value: undefined }));
        if (removed.ok) left -= 1;
      },
      { ifAvailable: true },
    );
  }
  return ok(left);
}
