import type { BackupRecord } from '#backup/format/record.ts';
import type { Ledger } from '#core/entity.ts';
import type { Present, RestoreItem } from '#core/restoring.ts';
import { planRecord, type RestoreWay } from './plan-record.ts';

export interface ItemOptions {
  readonly ledger: Ledger;
  readonly deviceId: string;
  /** What the person has decided about a record. */
  readonly wayOf: (record: BackupRecord) => RestoreWay;
  readonly skipNewer: boolean;
}

/** A record as what writes a restore takes it: with the plan for whatever row it meets. */
export function restoreItem(record: BackupRecord, { ledger, deviceId, wayOf, skipNewer }: ItemOptions): RestoreItem {
  const { kind, id, fields } = record;
  const declaration = ledger.get(kind);
  const way = wayOf(record);
  return {
    kind,
    id,
    // What is left out brings no parent back.
    fields: way === 'skip' ? {} : fields,
    plan(present: Present | null) {
      const planned = planRecord({ record, present, declaration, way, skipNewer, deviceId });
      if (planned.type === 'changed') return planned;
      return planned.type === 'added' || planned.type === 'revived' ? { ...planned, fresh: [] } : null;
    },
  };
}
