/** What a restore would do, without doing it: every record compared with the row that is there. */
import type { BackupRecord } from '#backup/format/record.ts';
import type { PlanCounts, PlannedEntity, RestoreChoice, RestorePlan } from '#core/backups.ts';
import type { Ledger } from '#core/entity.ts';
import type { KeyPair } from '#core/entity-key.ts';
import type { KvError } from '#core/errors.ts';
import type { Json } from '#core/json.ts';
import type { Present } from '#core/restoring.ts';
import { ok, type Result } from '#core/result.ts';
import { cutText } from '#core/text.ts';
import { planRecord, type RecordPlan, type RestoreWay } from './plan-record.ts';

/** Rows that are read in one transaction. */
const BATCH = 100;
/** Entities that are named; the others are counted. */
const MAX_NAMED = 1000;
/** Of a field's text. */
const MAX_SHOWN = 400;

export interface DryRunOptions {
  readonly ledger: Ledger;
  readonly deviceId: string;
  readonly choice: RestoreChoice;
  readonly readPresent: (keys: readonly KeyPair[]) => Promise<Result<readonly (Present | null)[], KvError>>;
  /** Told how many records have been looked at. */
  readonly onRead?: (done: number) => void;
}

/** What is decided about a record: one that the person has not chosen is passed over. */
export function wayOf({ way, only }: RestoreChoice, ledger: Ledger): (record: BackupRecord) => RestoreWay {
  return ({ kind, id, fields }) => {
    if (!only || (kind === only[0] && id === only[1])) return way;
    const parent = ledger.get(kind)?.parent;
    return parent?.kind === only[0] && fields[parent.field] === only[1] ? way : 'skip';
  };
}

export async function dryRun(
  records: AsyncIterable<BackupRecord>,
  { ledger, deviceId, choice, readPresent, onRead }: DryRunOptions,
): Promise<Result<RestorePlan, KvError>> {
  const counts = new Map<string, PlanCounts>();
  const entities: PlannedEntity[] = [];
  let total = 0;
  const decide = wayOf(choice, ledger);

  const look = async (batch: readonly BackupRecord[]): Promise<Result<void, KvError>> => {
    const found = await readPresent(batch.map(({ kind, id }) => [kind, id]));
    if (!found.ok) return found;
    for (const [at, record] of batch.entries()) {
      const { kind } = record;
      const declaration = ledger.get(kind);
      const { skipNewer } = choice;
      const present = found.value[at] ?? null;
      const plan = planRecord({ record, present, declaration, way: decide(record), skipNewer, deviceId });
      counts.set(kind, counted(counts.get(kind) ?? NONE, plan));
      const named = nameOf(record, plan, ledger);
      if (!named) continue;
      total += 1;
      if (entities.length < MAX_NAMED) entities.push(named);
    }
    return ok(undefined);
  };

  let batch: BackupRecord[] = [];
  let done = 0;
  for await (const record of records) {
    onRead?.(done++);
    if (decide(record) === 'skip') continue;
    batch.push(record);
    if (batch.length < BATCH) continue;
    const looked = await look(batch);
    if (!looked.ok) return looked;
    batch = [];
  }
  const looked = await look(batch);
  return looked.ok ? ok({ counts: Object.fromEntries(counts), entities, total }) : looked;
}

const NONE: PlanCounts = { added: 0, revived: 0, changed: 0, same: 0, newerHere: 0, leftOut: 0 };

function counted(before: PlanCounts, { type }: RecordPlan): PlanCounts {
  const name = type === 'newer-here' ? 'newerHere' : type === 'left-out' ? 'leftOut' : type === 'copied' ? 'added' : type;
  return { ...before, [name]: before[name] + 1 };
}

/** What is said of one record; null where nothing would become of it. */
function nameOf({ kind, id, fields }: BackupRecord, plan: RecordPlan, ledger: Ledger): PlannedEntity | null {
  if (plan.type === 'same' || plan.type === 'left-out' || plan.type === 'copied') return null;
  const declaration = ledger.get(kind);
  const title = declaration?.title(fields) ?? kind;
  if (plan.type !== 'changed') return { kind, id, title, type: plan.type, changes: [] };
  const changes = plan.changes.map(({ field, before, after }) => ({ field, before: textOf(before), after: textOf(after) }));
  return { kind, id, title, type: 'changed', changes };
}

const textOf = (value: Json): string =>
  value === null ? '' : cutText(typeof value === 'string' ? value : JSON.stringify(value), MAX_SHOWN);
