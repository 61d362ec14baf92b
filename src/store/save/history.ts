import { type EntityDeclaration, type Fields, migrateFields } from '#core/entity.ts';
import type { KvError, StoreError } from '#core/errors.ts';
import { hasSecrets, openFields } from '#core/open-fields.ts';
import type { Key } from '#core/ports.ts';
import { ok, type Result } from '#core/result.ts';
import { unnamedVersion } from '#entities/unnamed-version.ts';
import type { StoreContext } from '#store/schema/context.ts';
import { HIGH, type HistoryRow } from '#store/schema/schema.ts';
import type { HistoryEntry } from '#store/store.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MAX_ENTRIES = 1000;

/** The kept revisions of one entity on this device, newest first. */
export async function readHistory(
  { kv, ledger }: StoreContext,
  kind: string,
  id: string,
): Promise<Result<readonly HistoryEntry[], StoreError>> {
  const result = await kv.read({
    rows: { list: 'history', lower: [kind, id], upper: [kind, id, Infinity], reverse: true, limit: MAX_ENTRIES },
  });
  if (!result.ok) return result;
  // What came along from another account is before all that was kept here, whenever that was.
  const entries = result.value.rows.map(
    (row): HistoryEntry => ({
      at: row.at,
      fields: keptFields(ledger.get(kind), row),
      reason: row.reason,
      ...(row.by && { deviceId: row.by }),
    }),
  );
  return ok(entries.sort((a, b) => b.at - a.at));
}

/** The fields of a kept revision, at this app's version. */
export const keptFields = (
  declaration: EntityDeclaration | undefined,
  { kind, v = unnamedVersion(kind), fields }: HistoryRow,
): Fields => (declaration ? migrateFields(declaration, v, fields) : fields);

const PAGE = 100;

/**
 * Takes secrets out of revisions that an earlier version of the app has kept whole: an address with a key in it. What a person made in
 * them stays. Harmless to repeat and to kill.
 */
export async function openHistories({ kv, ledger }: Pick<StoreContext, 'kv' | 'ledger'>): Promise<Result<void, KvError>> {
  for (const declaration of ledger.values()) {
    if (!hasSecrets(declaration)) continue;
    const { kind } = declaration;
    for (let lower: Key = [kind]; ; ) {
      const opened: Result<HistoryRow | undefined, KvError> = await kv.transact(
        { rows: { list: 'history', lower, lowerOpen: true, upper: [kind, HIGH], limit: PAGE } },
        ({ rows }) => ({
          writes: rows.flatMap((row) => {
            const fields = openFields(declaration, row.fields);
            return fields === row.fields ? [] : [{ put: 'history', row: { ...row, fields } } as const];
          }),
          value: rows.at(-1),
        }),
      );
      if (!opened.ok) return opened;
      if (!opened.value) break;
      lower = [kind, opened.value.id, opened.value.order];
    }
  }
  return ok(undefined);
}

/** Below this many kept revisions nothing is thinned: an hour of editing makes sixty. */
const THIN_ABOVE = 90;

/** Drops what `thinHistory` names, where an entity has gathered many revisions. Harmless to skip, to repeat and to kill. */
export async function thinEntity({ kv, clock }: StoreContext, kind: string, id: string): Promise<Result<number, StoreError>> {
  const range = { lower: [kind, id], upper: [kind, id, Infinity] } as const;
  const counted = await kv.read({ count: { count: 'history', ...range } });
  if (!counted.ok) return counted;
  if (counted.value.count <= THIN_ABOVE) return ok(0);
  const found = await kv.read({ rows: { list: 'history', ...range, limit: MAX_ENTRIES } });
  if (!found.ok) return found;
  const dropped = thinHistory(found.value.rows, clock.now());
  const writes = dropped.map(({ order }) => ({ delete: 'history', key: [kind, id, order] }) as const);
  return kv.transact({}, () => ({ writes, value: writes.length }), 'relaxed');
}

/**
 * Which kept revisions to drop: those of the last hour all stay (they come at most one a minute), then the newest of each
 * hour for a day, then the newest of each day. Revisions before a deletion or a merge stay a day longer than that: they are
 * what a person comes back for.
 */
export function thinHistory(rows: readonly HistoryRow[], nowMs: number): readonly HistoryRow[] {
  const kept = new Set<string>();
  const dropped: HistoryRow[] = [];
  let at = nowMs;
  for (const row of [...rows].sort((a, b) => b.order - a.order)) {
    // A revision is no younger than what was kept after it, whatever the clock said then.
    at = Math.min(at, row.at);
    const age = nowMs - at;
    if (age < HOUR_MS || (row.reason !== 'edit' && age < DAY_MS)) continue;
    const slot = age < DAY_MS ? `hour ${Math.floor(at / HOUR_MS)}` : `day ${Math.floor(at / DAY_MS)}`;
    if (kept.has(slot)) dropped.push(row);
    else kept.add(slot);
  }
  return dropped;
}
