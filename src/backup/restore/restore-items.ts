import type { Ledger } from '#core/entity.ts';
import type { Present, RestoreItem } from '#core/restoring.ts';
import type { RestoredRecord } from './copies.ts';
import { planRecord, type RecordPlan } from './plan-record.ts';
import type { WayOf } from './ways.ts';

export interface ItemOptions {
  readonly ledger: Ledger;
  readonly deviceId: string;
  /** What the person has decided about a record. */
  readonly wayOf: WayOf;
  readonly skipNewer: boolean;
}

/** What becomes of a record, or of its copy, where that row is. A copy that is there stays as it is by now. */
export function planRestored(
  { record, copyOf }: RestoredRecord,
  present: Present | null,
  { ledger, deviceId, wayOf, skipNewer }: ItemOptions,
): RecordPlan {
  if (copyOf && present && !present.deleted) return { type: 'same' };
  const way = copyOf ? 'merge' : wayOf(record);
  return planRecord({ record, present, declaration: ledger.get(record.kind), way, skipNewer: skipNewer && !copyOf, deviceId });
}

/** A record as what writes a restore takes it: with the plan for whatever row it meets. */
export function restoreItem(restored: RestoredRecord, options: ItemOptions): RestoreItem {
  const { kind, id, fields } = restored.record;
  return {
    kind,
    id,
    // What is left out brings no parent back.
    fields: !restored.copyOf && options.wayOf(restored.record) === 'skip' ? {} : fields,
    plan(present: Present | null) {
      const planned = planRestored(restored, present, options);
      if (planned.type === 'changed') return planned;
      return planned.type === 'added' || planned.type === 'revived' ? { ...planned, fresh: [] } : null;
    },
  };
}
