/** Compares what a restore into an empty workspace has made with the backup that it is from, and with what is stored now: entity by entity. */
import type { BackupRecord } from '#backup/format/record.ts';
import { take } from '#backup/kept/failure.ts';
import { planRecord } from '#backup/restore/plan-record.ts';
import { batchesOf } from '#core/batches.ts';
import type { DrillFault, DrillReport, LostEntity } from '#core/drills.ts';
import type { Ledger } from '#core/entity.ts';
import type { KeyPair } from '#core/entity-key.ts';
import type { KvError } from '#core/errors.ts';
import { equalJson } from '#core/json.ts';
import type { LiveRow, Present } from '#core/restoring.ts';
import type { Result } from '#core/result.ts';

/** Rows that are read in one transaction. */
const BATCH = 100;
/** Entities that are named; the others are counted. */
export const MAX_LOST = 100;

export interface DrillComparison {
  readonly ledger: Ledger;
  /** Of the device that made the backup. */
  readonly deviceId: string;
  /** What the restore has made, in the order of the keys. */
  readonly restored: (keys: readonly KeyPair[]) => Promise<Result<readonly (Present | null)[], KvError>>;
  /** What is stored now. */
  readonly live: (keys: readonly KeyPair[]) => Promise<Result<readonly (LiveRow | null)[], KvError>>;
  /** Called after each batch, with how many records were in it. */
  readonly onBatch: (records: number) => Promise<void>;
}

export interface Compared extends Pick<DrillReport, 'held' | 'leftOut' | 'lost' | 'entities' | 'changedSince'> {
  /** Records that no restore is to bring back. */
  readonly aside: number;
}

/** Throws a `Failure` where rows cannot be read. */
export async function compareDrill(records: AsyncIterable<BackupRecord>, given: DrillComparison): Promise<Compared> {
  const { ledger, deviceId, restored, live, onBatch } = given;
  const entities: LostEntity[] = [];
  let [held, leftOut, lost, changed, aside] = [0, 0, 0, 0, 0];

  const compareOne = (record: BackupRecord, made: Present | null, now: LiveRow | null): void => {
    const { kind, id, fields } = record;
    const declaration = ledger.get(kind);
    const planning = { record, declaration, skipNewer: false, deviceId } as const;
    const expected = planRecord({ ...planning, present: null, way: 'merge' });
    if (expected.type !== 'added') {
      if (declaration?.news) aside += 1;
      else leftOut += 1;
      return;
    }
    const isAsHere = now !== null && planRecord({ ...planning, present: now, way: 'overwrite' }).type === 'same';
    // What the app keeps for itself, such as tabs, is never compared by a restore where it is there.
    if (!isAsHere && !declaration?.wordless && !now?.isUnchanged) changed += 1;
    const isBack = made !== null && made.v === expected.v && equalJson(made.fields, expected.body.fields);
    const fault = ((): DrillFault | null => {
      if (made === null || made.deleted) return 'missing';
      if (!isBack || !equalJson(made.stamps, expected.body.stamps)) return 'different';
      return now?.isUnchanged && !isAsHere && !declaration?.wordless ? 'not-as-here' : null;
    })();
    if (fault === null) {
      held += 1;
      return;
    }
    lost += 1;
    if (entities.length < MAX_LOST) entities.push({ kind, id, title: declaration?.title(fields) ?? kind, fault });
  };

  const compareBatch = async (batch: readonly BackupRecord[]): Promise<void> => {
    const keys = batch.map(({ kind, id }) => [kind, id] as const);
    const made = take(await restored(keys));
    const now = take(await live(keys));
    for (const [at, record] of batch.entries()) compareOne(record, made[at] ?? null, now[at] ?? null);
    await onBatch(batch.length);
  };

  for await (const batch of batchesOf(records, BATCH)) await compareBatch(batch);
  return { held, leftOut, lost, entities, changedSince: changed, aside };
}
