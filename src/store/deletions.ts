/** Bulk deletions of other devices: weighed before they are applied, held, and decided by the person. */
import type { KvError } from '#core/errors.ts';
import type { RemoteEntity } from '#core/protocol.ts';
import { ok, type Result } from '#core/result.ts';
import type { Deletions } from '#core/sync-store.ts';
import { asSync, type StoreContext, SYNC } from './context.ts';
import { toView } from './rows.ts';
import { BINNED, LIVE, PURGED } from './schema.ts';
import type { EntityView } from './store.ts';

/** Weighs the tombstones among `changes` that the person has not decided about yet. */
export async function weighDeletions(
  { kv, ledger }: StoreContext,
  changes: readonly RemoteEntity[],
): Promise<Result<Deletions, KvError>> {
  const graves = changes.filter(
    ({ kind, deleted }) => deleted && ledger.get(kind)?.parent === undefined && !ledger.get(kind)?.appendOnly,
  );
  if (graves.length === 0) return ok({ keys: [], live: new Map() });
  const found = await kv.read({ rows: { getMany: 'entities', keys: graves.map(({ kind, id }) => [kind, id]) }, sync: SYNC });
  if (!found.ok) return found;
  const decidedSeq = asSync(found.value.sync).decided?.seq ?? 0;
  const taken = graves.filter(({ seq }, index) => {
    const row = found.value.rows[index];
    return row?.place === LIVE && row.queued === null && seq > decidedSeq;
  });
  const live = new Map<string, number>();
  for (const kind of new Set(taken.map((grave) => grave.kind))) {
    const counted = await kv.read({
      count: { count: 'entities', index: 'byPlace', lower: [kind, LIVE], upper: [kind, BINNED], upperOpen: true },
    });
    if (!counted.ok) return counted;
    live.set(kind, counted.value.count);
  }
  return ok({ keys: taken.map(({ kind, id }) => [kind, id] as const), live });
}

/** Remembers deletions that wait for the person's word. */
export function holdDeletions({ kv }: StoreContext, keys: Deletions['keys'], seq: number): Promise<Result<void, KvError>> {
  return kv.transact({ sync: SYNC }, ({ sync }) => ({
    writes: [{ put: 'meta', row: { ...asSync(sync), held: { keys, seq } } }],
    value: undefined,
  }));
}

/** What another device deleted in bulk and this one still keeps. */
export async function heldDeletions({ kv, ledger }: StoreContext): Promise<Result<readonly EntityView[], KvError>> {
  const sync = await kv.read({ sync: SYNC });
  if (!sync.ok) return sync;
  const keys = asSync(sync.value.sync).held?.keys ?? [];
  const result = await kv.read({ rows: { getMany: 'entities', keys } });
  return result.ok ? ok(result.value.rows.flatMap((row) => (row && row.place !== PURGED ? [toView(ledger, row)] : []))) : result;
}

/** The person's word on the held deletions. */
export function decideDeletions({ kv }: StoreContext, word: 'delete' | 'keep'): Promise<Result<void, KvError>> {
  return kv.transact({ sync: SYNC }, ({ sync }) => {
    const row = asSync(sync);
    if (!row.held) return { writes: [], value: undefined };
    const decided = { seq: row.held.seq, keep: word === 'keep' };
    return { writes: [{ put: 'meta', row: { ...row, held: null, decided, failure: null } }], value: undefined };
  });
}
