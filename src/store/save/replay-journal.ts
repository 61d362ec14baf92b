/**
 * Saves what tabs that are gone had not handed over when they were hidden or closed.
 *
 * A row is read again under the lock of its tab, since a tab may write it once more in its last moment, and it goes only as
 * the row that was read. It names its saves: one that had arrived after all changes nothing, and what was typed after it is
 * built on it, so that the outcome is what was on the screen.
 */
import { callAgain } from '#core/call-again.ts';
import { replayLock, tabLock } from '#core/channels.ts';
import type { KvError, StoreError } from '#core/errors.ts';
import { equalJson, type Json } from '#core/json.ts';
import type { Kv, Locks } from '#core/ports.ts';
import { ok, type Result } from '#core/result.ts';
import { unnamedVersion } from '#entities/unnamed-version.ts';
import type { JournalTables } from '#store/schema/journal-database.ts';
import type { UnsavedPatch, UnsavedRow } from '#store/schema/schema.ts';
import type { SaveAnswer, SaveRequest, Store } from '#store/store.ts';

type Journal = Kv<JournalTables>;

/** A database whose connection broke opens again with the next call; what it had taken by then is taken once. */
const TRIES = 3;

/** Gives how many rows stay: those of living tabs, whose locks are held, and those that cannot be saved. */
export async function replayJournal(kv: Journal, store: Pick<Store, 'save'>, locks: Locks): Promise<Result<number, KvError>> {
  const found = await kv.read({ rows: { list: 'unsaved', limit: 1000 } });
  if (!found.ok) return found;
  let left = found.value.rows.length;
  for (const { key, tab } of found.value.rows) {
    // A start that passed a row which the service worker is replaying would show the text without its last words.
    const gone = await locks.hold(replayLock(tab), () =>
      locks.hold(tabLock(tab), () => replayRow(kv, store, key), { ifAvailable: true }),
    );
    if (gone) left -= 1;
  }
  return ok(left);
}

/**
 * Waits for the end of the tabs whose rows stay, and saves these then: a tab that is being closed can hold its lock for a
 * while after the next one has started.
 */
export async function replayWhenGone(kv: Journal, store: Pick<Store, 'save'>, locks: Locks): Promise<void> {
  const found = await kv.read({ rows: { list: 'unsaved', limit: 1000 } });
  if (!found.ok) return;
  const tabs = new Set(found.value.rows.map(({ tab }) => tab));
  const wait = async (tab: string): Promise<void> => {
    await locks.hold(tabLock(tab), async () => {});
    await replayJournal(kv, store, locks);
  };
  await Promise.all([...tabs].map(wait));
}

/** Gives whether the row is gone. */
async function replayRow(kv: Journal, store: Pick<Store, 'save'>, key: string): Promise<boolean> {
  const found = await kv.read({ row: { get: 'unsaved', key } });
  if (!found.ok) return false;
  const { row } = found.value;
  if (!row) return true;
  for (const save of savesOf(row)) {
    const { kind, id, v = unnamedVersion(kind), machine, untyped } = row;
    const saved = await saveSurely(store, { kind, id, v, ...save, ...(machine && { machine }), ...(untyped && { untyped }) });
    if (saved.ok) continue;
    // Its entity was deleted permanently, and nobody else's words are in the row.
    if ((machine || untyped) && saved.error.type === 'NotFound') break;
    // What was typed later is built on this one: it waits with it.
    return false;
  }
  const removed = await kv.transact({ now: { get: 'unsaved', key } }, ({ now }) => {
    const same = now === undefined || equalJson(now as unknown as Json, row as unknown as Json);
    return { writes: same && now ? [{ delete: 'unsaved', key }] : [], value: same };
  });
  return removed.ok && removed.value;
}

/** A start must not show the text without its last words for one broken connection. The saveId makes another try harmless. */
const saveSurely = (store: Pick<Store, 'save'>, request: SaveRequest): Promise<Result<SaveAnswer, StoreError>> =>
  callAgain(() => store.save(request), ['ConnectionLost'], TRIES);

type RowSave = Pick<SaveRequest, 'patch' | 'base' | 'baseSeq' | 'saveId' | 'typedAt'>;

/** The saves of a row, in the order in which they were typed. */
function savesOf(row: UnsavedRow): readonly RowSave[] {
  const typed = pick(row, row.at);
  return row.inFlight ? [pick(row.inFlight, row.at), typed] : [typed];
}

/** Rows of earlier versions do not say when a field was typed: at the latest when they were written. */
function pick({ patch, was, builtOn, saveId, typedAt }: UnsavedPatch, writtenAt: number): RowSave {
  const at = typedAt ?? Object.fromEntries(Object.keys(patch).map((field) => [field, writtenAt]));
  return { patch, base: was, baseSeq: builtOn, saveId, typedAt: at };
}
