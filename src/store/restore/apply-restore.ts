/**
 * Writes what a restore has decided, batch by batch. Each batch is one transaction with its progress and with what it has replaced: a kill
 * at any point leaves a restore that goes on, or is taken back, as the person says.
 */
import { type KeyPair, pairText } from '#core/entity-key.ts';
import type { KvError } from '#core/errors.ts';
import type { Write } from '#core/ports.ts';
import type { Present, RestoreItem } from '#core/restoring.ts';
import { ok, type Result } from '#core/result.ts';
import { createDraft, type Draft } from '#store/draft/draft.ts';
import { distinctParents, parentNamed, reviveParent } from '#store/draft/family.ts';
import { announce, asCounters, type Change, COUNTERS, type StoreContext } from '#store/schema/context.ts';
import { withEffectiveRows } from '#store/schema/effective-rows.ts';
import type { RestoredEntry, RestoreRow } from '#store/schema/meta-rows.ts';
import { isReadOnly } from '#store/schema/rows.ts';
import { type EntityRow, PURGED, type WorkspaceTables } from '#store/schema/schema.ts';
import { asRestore, restoredKey, restoreKey } from './restore-rows.ts';
import { writeBody } from './write-body.ts';

/** What is decided when a restore begins. */
export interface RestoreOptions extends Pick<RestoreRow, 'backup' | 'madeAt' | 'choice'> {
  readonly id: string;
}

/** What a restore compares a record with. */
const presentOf = ({ ledger }: Pick<StoreContext, 'ledger'>, row: EntityRow): Present => ({
  v: row.v,
  fields: row.fields,
  stamps: row.stamps,
  deleted: row.place === PURGED,
  readOnly: isReadOnly(ledger.get(row.kind), row),
});

/**
 * Writes the items from `from` on, counted from the first of the restore, and gives its progress. Items that are done already are passed over: a
 * batch that is repeated changes nothing. A few dozen items to a batch.
 */
export async function applyRestore(
  given: StoreContext,
  { id, ...decided }: RestoreOptions,
  from: number,
  items: readonly RestoreItem[],
): Promise<Result<RestoreRow, KvError>> {
  const context: StoreContext = { ...given, kv: withEffectiveRows(given.kv) };
  const parents = await reviveNamedParents(context, items);
  if (!parents.ok) return parents;
  const applied = await context.kv.transact(
    {
      state: COUNTERS,
      restore: { get: 'meta', key: restoreKey(id) },
      rows: { getMany: 'entities', keys: items.map((item) => [item.kind, item.id]) },
    },
    ({ state, restore, rows }): Planned => {
      const before: RestoreRow = asRestore(restore) ?? {
        key: restoreKey(id),
        state: 'applying',
        startedAt: context.clock.now(),
        ...decided,
        done: 0,
        changed: 0,
        keptEdited: 0,
      };
      if (before.state !== 'applying' || before.done !== from) return { writes: [], value: { row: before, change: null } };
      const draft = createDraft(context, asCounters(state));
      const entries = items.flatMap((item, at) => {
        const entry = applyOne(context, draft, rows[at], item);
        return entry ? [entry] : [];
      });
      const row: RestoreRow = { ...before, done: from + items.length, changed: before.changed + entries.length };
      const { writes, change } = draft.finish(entries.length > 0);
      const progress: readonly Write<WorkspaceTables>[] = [
        { put: 'meta', row },
        ...(entries.length > 0 ? [{ put: 'meta', row: { key: restoredKey(id, from), entries } } as const] : []),
      ];
      return { writes: [...writes, ...progress], value: { row, change } };
    },
  );
  if (!applied.ok) return applied;
  const { row, change } = applied.value;
  if (change) announce(context, change);
  return ok(row);
}

/** What a transaction of a restore writes, and what it has come to. */
export interface Planned {
  readonly writes: readonly Write<WorkspaceTables>[];
  readonly value: { readonly row: RestoreRow; readonly change: Change | null };
}

function applyOne(
  context: StoreContext,
  draft: Draft,
  row: EntityRow | undefined,
  { kind, id, plan }: RestoreItem,
): RestoredEntry | null {
  const planned = plan(row ? presentOf(context, row) : null);
  if (!planned) return null;
  const after = writeBody(context, draft, row, { kind, id, ...planned });
  const before = row && row.place !== PURGED ? { fields: row.fields, stamps: row.stamps } : null;
  return { kind, id, v: planned.v, before, after };
}

/** Nothing is restored where nobody finds it: a parent that was deleted permanently comes back before its child. */
async function reviveNamedParents(context: StoreContext, items: readonly RestoreItem[]): Promise<Result<void, KvError>> {
  const here = new Set(items.map(({ kind, id }) => pairText([kind, id])));
  const named = items.flatMap(({ kind, fields }) => {
    const parent = parentNamed(context.ledger.get(kind), fields);
    return parent && !here.has(pairText(parent)) ? [{ parent }] : [];
  });
  const found = await context.kv.read({ rows: { getMany: 'entities', keys: distinctParents(named) } });
  if (!found.ok) return found;
  for (const row of found.value.rows) {
    if (row?.place !== PURGED) continue;
    const revived = await reviveParent(context, [row.kind, row.id]);
    if (!revived.ok) return revived;
  }
  return ok(undefined);
}

/** The rows of these, as a restore compares records with them, in their order. */
export async function readPresent(
  { kv, ledger }: Pick<StoreContext, 'kv' | 'ledger'>,
  keys: readonly KeyPair[],
): Promise<Result<readonly (Present | null)[], KvError>> {
  const found = await withEffectiveRows(kv).read({ rows: { getMany: 'entities', keys } });
  return found.ok ? ok(found.value.rows.map((row) => (row ? presentOf({ ledger }, row) : null))) : found;
}

/** Notes that all of it is done: from here on it can be undone, and no longer go on. */
export function finishRestore({ kv }: StoreContext, id: string): Promise<Result<RestoreRow | null, KvError>> {
  return kv.transact({ restore: { get: 'meta', key: restoreKey(id) } }, ({ restore }) => {
    const before = asRestore(restore);
    if (before?.state !== 'applying') return { writes: [], value: before };
    const row: RestoreRow = { ...before, state: 'applied' };
    return { writes: [{ put: 'meta', row }], value: row };
  });
}
