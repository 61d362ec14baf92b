/** What a restore would do, without doing it: every record compared with the row that is there. */
import type { BackupRecord } from '#backup/format/record.ts';
import { batchesOf, inBatches } from '#core/batches.ts';
import { parentNamed } from '#core/entity.ts';
import { type KeyPair, keyText, pairText } from '#core/entity-key.ts';
import type { KvError } from '#core/errors.ts';
import type { Json } from '#core/json.ts';
import type { PlanCounts, PlannedEntity, PlanQuery, RestorePlan } from '#core/restores.ts';
import type { Present } from '#core/restoring.ts';
import { ok, type Result } from '#core/result.ts';
import { cutText } from '#core/text.ts';
import type { RestoredRecord } from './copies.ts';
import type { RecordPlan } from './plan-record.ts';
import { type ItemOptions, planRestored } from './restore-items.ts';

/** Rows that are read in one transaction. */
const BATCH = 100;
/** Of a field's text. */
const MAX_SHOWN = 20_000;

export interface DryRunOptions extends ItemOptions {
  readonly query: PlanQuery;
  /** Whether a record is shown at all. */
  readonly isAsked: (record: BackupRecord) => boolean;
  readonly readPresent: (keys: readonly KeyPair[]) => Promise<Result<readonly (Present | null)[], KvError>>;
  /** Called with how many records have been looked at. */
  readonly onRead: (done: number) => void;
}

export async function dryRun(
  records: AsyncIterable<RestoredRecord>,
  options: DryRunOptions,
): Promise<Result<Omit<RestorePlan, 'keys' | 'damaged'>, KvError>> {
  const { ledger, query, isAsked, readPresent, onRead } = options;
  const counts = new Map<string, PlanCounts>();
  const entities: PlannedEntity[] = [];
  const fits = matcher(query);
  const above = new Map<string, KeyPair>();
  const written = new Set<string>();
  let found = 0;
  const name = (record: BackupRecord, title: string, entity: () => PlannedEntity): void => {
    if (!fits(record, title)) return;
    found += 1;
    if (entities.length < query.limit) entities.push(entity());
  };

  const look = async (batch: readonly RestoredRecord[]): Promise<Result<void, KvError>> => {
    const rows = await readPresent(batch.map(({ record: { kind, id } }) => [kind, id]));
    if (!rows.ok) return rows;
    for (const [at, restored] of batch.entries()) {
      const { kind } = restored.record;
      const plan = planRestored(restored, rows.value[at] ?? null, options);
      // Nobody looks for what the app keeps for itself and has here.
      if (plan.type === 'left-out' && plan.why === 'not-words') continue;
      counts.set(kind, counted(counts.get(kind) ?? NONE, plan, restored));
      if (plan.type === 'same') continue;
      const title = ledger.get(kind)?.title(restored.record.fields) ?? kind;
      name(restored.record, title, () => named(restored, title, plan));
      if (!('body' in plan)) continue;
      const parent = parentNamed(ledger.get(kind), plan.body.fields);
      if (parent) above.set(pairText(parent), parent);
      if (ledger.get(kind)?.document) written.add(keyText(restored.record));
    }
    return ok(undefined);
  };

  /** What was deleted and is not restored itself comes back with a child that is: as much as is left of it. */
  const lookAbove = async (): Promise<Result<void, KvError>> => {
    const keys = [...above.values()].filter((key) => !written.has(pairText(key)));
    for (const some of inBatches(keys, BATCH)) {
      const rows = await readPresent(some);
      if (!rows.ok) return rows;
      for (const [nth, [kind, id]] of some.entries()) {
        if (!rows.value[nth]?.deleted) continue;
        const before = counts.get(kind) ?? NONE;
        counts.set(kind, { ...before, revived: before.revived + 1 });
        const title = ledger.get(kind)?.title({}) ?? kind;
        name({ kind, id, v: 1, fields: {}, stamps: {} }, title, () => ({
          kind,
          id,
          title,
          type: 'revived',
          why: null,
          changes: [],
        }));
      }
    }
    return ok(undefined);
  };

  const shown = async function* (): AsyncGenerator<RestoredRecord> {
    let done = 0;
    for await (const restored of records) {
      onRead(done++);
      if (restored.copyOf || isAsked(restored.record)) yield restored;
    }
  };
  for await (const batch of batchesOf(shown(), BATCH)) {
    const looked = await look(batch);
    if (!looked.ok) return looked;
  }
  const parents = await lookAbove();
  return parents.ok ? ok({ counts: Object.fromEntries(counts), entities, found }) : parents;
}

const NONE: PlanCounts = { added: 0, copied: 0, revived: 0, changed: 0, same: 0, newerHere: 0, leftOut: 0 };

const NAMES = {
  added: 'added',
  revived: 'revived',
  changed: 'changed',
  same: 'same',
  'newer-here': 'newerHere',
  kept: 'newerHere',
  'left-out': 'leftOut',
} as const satisfies { readonly [T in RecordPlan['type']]: keyof PlanCounts };

function counted(before: PlanCounts, { type }: RecordPlan, { copyOf }: RestoredRecord): PlanCounts {
  const name = copyOf && (type === 'added' || type === 'revived') ? 'copied' : NAMES[type];
  return { ...before, [name]: before[name] + 1 };
}

/** What is said of one record. */
function named(
  { record: { kind, id }, copyOf }: RestoredRecord,
  title: string,
  plan: Exclude<RecordPlan, { readonly type: 'same' }>,
): PlannedEntity {
  // Choices are made about what is in the backup.
  const [, source] = copyOf ?? [kind, id];
  const one = { kind, id: source, title, why: null, changes: [] };
  switch (plan.type) {
    case 'left-out':
      return { ...one, type: plan.type, why: plan.why };
    case 'changed': {
      const changes = plan.changes.map(({ field, before, after }) => ({ field, before: textOf(before), after: textOf(after) }));
      return { ...one, type: plan.type, changes };
    }
    case 'added':
    case 'revived':
      return { ...one, type: copyOf ? 'copied' : plan.type };
    default:
      return { ...one, type: plan.type };
  }
}

/** Whether all words are in the title or the texts of a record, whatever their case. */
function matcher({ words }: PlanQuery): (record: BackupRecord, title: string) => boolean {
  const wanted = words.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  return (record, title) => {
    if (wanted.length === 0) return true;
    const texts = Object.values(record.fields).filter((value) => typeof value === 'string');
    const text = [title, ...texts].join('\n').toLocaleLowerCase();
    return wanted.every((word) => text.includes(word));
  };
}

const textOf = (value: Json): string =>
  value === null ? '' : cutText(typeof value === 'string' ? value : JSON.stringify(value), MAX_SHOWN);
