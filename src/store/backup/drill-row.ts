/** What is known of the restores that were tried: kept with the workspace, so that it is known after a restart. */
import { type DrillReport, type Drills, hasHeld, NO_DRILLS } from '#core/drills.ts';
import type { BackupError, KvError } from '#core/errors.ts';
import type { Kv } from '#core/ports.ts';
import { ok, type Result } from '#core/result.ts';
import type { MetaRow } from '#store/schema/meta-rows.ts';
import type { WorkspaceTables } from '#store/schema/schema.ts';

const ROW = { get: 'meta', key: 'drills' } as const;

const drillsOf = (row: MetaRow | undefined): Drills => (row?.key === 'drills' ? row.drills : NO_DRILLS);

export async function readDrills(kv: Kv<WorkspaceTables>): Promise<Result<Drills, KvError>> {
  const found = await kv.read({ row: ROW });
  return found.ok ? ok(drillsOf(found.value.row)) : found;
}

/** Notes what a try has found, or why it did not end. */
export const noteDrill = (
  kv: Kv<WorkspaceTables>,
  result: Result<DrillReport, BackupError>,
  nowMs: number,
): Promise<Result<void, KvError>> =>
  kv.transact(
    { row: ROW },
    ({ row }) => {
      const before = drillsOf(row);
      const drills: Drills = result.ok
        ? { last: result.value, heldAt: hasHeld(result.value) ? result.value.at : before.heldAt, failure: null }
        : { ...before, failure: { error: result.error, at: nowMs } };
      return { writes: [{ put: 'meta', row: { key: 'drills', drills } }], value: undefined };
    },
    'relaxed',
  );
