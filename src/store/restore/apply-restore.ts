/**
 * Writes what a restore has decided, batch by batch. Each batch is one transaction with its progress and with what it has replaced: a kill
 * at any point leaves a restore that goes on, or is taken back, as the person says.
 */
import { migrateBody, parentNamed } from '#core/entity.ts';
import { type KeyPair, keyText, pairText } from '#core/entity-key.ts';
import type { KvError } from '#core/errors.ts';
import type { Write } from '#core/ports.ts';
import type { Present, RestoreItem } from '#core/restoring.ts';
import { ok, type Result } from '#core/result.ts';
import { createDraft, type Draft } from '#store/draft/draft.ts';
import { announce, asCounters, type Change, COUNTERS, type StoreContext } from '#store/schema/context.ts';
import { withEffectiveRows } from '#store/schema/effective-rows.ts';
import type { RestoredEntry, RestoreRow } from '#store/schema/restore-meta-rows.ts';
import { bodyOf, isReadOnly } from '#store/schema/rows.ts';
import { type EntityRow, PURGED, type WorkspaceTables } from '#store/schema/schema.ts';
import { type PurgedParent, readPurgedParents } from './purged-parents.ts';
import { forgetCopies } from './restore-copies.ts';
import { asRestore, restoredKey, restoreKey } from './restore-rows.ts';
import { writeBody } from './write-body.ts';

/** What is decided when a restore begins. */
export interface RestoreOptions extends Pick<RestoreRow, 'backup' | 'madeAt' | 'choice'> {
  readonly id: string;
}

/** What a restore compares a record with. */
export const presentOf = ({ ledger }: Pick<StoreContext, 'ledger'>, row: EntityRow): Present => ({
  v: row.v,
  fields: row.fields,
  // Nothing is left of what was deleted but when that was.
  stamps: row.place === PURGED ? { deleted: row.lastUpdated } : row.stamps,
  deleted: row.place === PURGED,
  readOnly: isReadOnly(ledger.get(row.kind), row),
});

/**
 * Writes the items from `from` on, counted from the first of the restore, and gives its progress. Items that are done already are passed over: a
 * batch that is repeated changes nothing. A few dozen items to a batch. `taken`: how many are done with it, where some of them could not be read.
 */
export async function applyRestore(
  given: StoreContext,
  { id, ...decided }: RestoreOptions,
  from: number,
  items: readonly RestoreItem[],
  taken = items.length,
): Promise<Result<RestoreRow, KvError>> {
  const context: StoreContext = { ...given, kv: withEffectiveRows(given.kv) };
  const parents = await readPurgedParents(context, items);
  if (!parents.ok) return parents;
  const applied = await context.kv.transact(
    {
      state: COUNTERS,
      restore: { get: 'meta', key: restoreKey(id) },
      rows: { getMany: 'entities', keys: items.map((item) => [item.kind, item.id]) },
      above: { getMany: 'entities', keys: parents.value.map(({ key }) => key) },
    },
    ({ state, restore, rows, above }): Planned => {
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
      const own = items.flatMap((item, at) => applyOne(context, draft, rows[at], item) ?? []);
      const entries = [...own, ...reviveParents(context, draft, parents.value, above, own)];
      const row: RestoreRow = { ...before, done: from + taken, changed: before.changed + entries.length };
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
  const declaration = context.ledger.get(kind);
  // What never leaves this browser has no tombstone: an undo leaves it empty.
  const none = declaration?.scope === 'private' ? { fields: {}, stamps: {} } : null;
  // At the version of what was written over it, so that the two can be compared.
  const before = row && row.place !== PURGED ? (declaration ? migrateBody(declaration, row.v, bodyOf(row)) : bodyOf(row)) : none;
  return { kind, id, v: planned.v, before, after };
}

/** Nothing is restored where nobody finds it: the parent of what was written comes back as well, and goes again where that is undone. */
function reviveParents(
  context: StoreContext,
  draft: Draft,
  parents: readonly PurgedParent[],
  rows: readonly (EntityRow | undefined)[],
  written: readonly RestoredEntry[],
): readonly RestoredEntry[] {
  const isWritten = new Set(written.map(keyText));
  const named = new Set(
    written.flatMap(({ kind, after }) => {
      const parent = parentNamed(context.ledger.get(kind), after.fields);
      return parent ? [pairText(parent)] : [];
    }),
  );
  return parents.flatMap(({ key, v, fields }, at) => {
    const row = rows[at];
    if (row?.place !== PURGED || !named.has(pairText(key)) || isWritten.has(pairText(key))) return [];
    const [kind, id] = key;
    const after = writeBody(context, draft, row, { kind, id, v, body: { fields, stamps: {} }, fresh: Object.keys(fields) });
    return [{ kind, id, v, before: null, after }];
  });
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
    return { writes: [{ put: 'meta', row }, forgetCopies(id)], value: row };
  });
}
