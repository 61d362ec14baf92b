/**
 * What a restore would make of one record, as a pure function: the plan that a person is shown is made by it, and the restore itself
 * plans each entity once more when it writes it, on the row that is there then.
 */
import type { BackupRecord } from '#backup/format/record.ts';
import { type Stamp, ZERO_STAMP } from '#core/clock.ts';
import { type Body, type EntityDeclaration, initialOf, migrateBody } from '#core/entity.ts';
import { equalJson, type Json } from '#core/json.ts';
import { laterStamp, merge3 } from '#core/merge/merge.ts';
import type { LeftOut, RestoreWay } from '#core/restores.ts';
import type { Present } from '#core/restoring.ts';

export interface FieldChange {
  readonly field: string;
  /** As it is here, and as it would be; null where it is absent. */
  readonly before: Json;
  readonly after: Json;
}

export type RecordPlan =
  /** What is here says the same. */
  | { readonly type: 'same' }
  /** What is here is newer in each field in which they differ: it stays as it is. */
  | { readonly type: 'newer-here' }
  | { readonly type: 'left-out'; readonly why: LeftOut }
  /** `added` was never here, `revived` was deleted permanently. */
  | { readonly type: 'added' | 'revived'; readonly v: number; readonly body: Body }
  /** `fresh` names fields whose value is older than what it replaces: they are stamped when they are written. */
  | {
      readonly type: 'changed';
      readonly v: number;
      readonly body: Body;
      readonly changes: readonly FieldChange[];
      readonly fresh: readonly string[];
    }
  /** What is here stays beside the copies, as it is. */
  | { readonly type: 'kept' };

export interface PlanInput {
  readonly record: BackupRecord;
  readonly present: Present | null;
  readonly declaration: EntityDeclaration | undefined;
  readonly way: RestoreWay;
  /** Whatever was changed here, or deleted, after the record's last change stays as it is. */
  readonly skipNewer: boolean;
  /** The device that restores. */
  readonly deviceId: string;
}

export function planRecord(input: PlanInput): RecordPlan {
  const { record, present, declaration, way, skipNewer, deviceId } = input;
  if (way === 'skip') return leftOut('chosen');
  if (record.raw !== undefined) return leftOut('unreadable');
  if (declaration && record.v > declaration.version) return leftOut('newer-app');
  if (declaration?.scope === 'private') return leftOut('chosen');
  if (declaration?.scope === 'device' && record.id !== deviceId && !declaration.comesAlong) return leftOut('other-device');
  if (declaration?.news || (declaration?.wordless && present)) return leftOut('not-words');
  const v = declaration?.version ?? record.v;
  const theirs = upToDate(declaration, record);
  if (!present) return { type: 'added', v, body: theirs };
  if (present.deleted)
    return skipNewer && isNewer(present, theirs) ? { type: 'newer-here' } : { type: 'revived', v, body: theirs };
  const mine = upToDate(declaration, present);
  const differing = differences(declaration, mine, theirs);
  if (differing.length === 0) return { type: 'same' };
  // Documents are copied (`copies.ts`); of what cannot be there twice, what is here stays.
  if (way === 'copy') return { type: 'kept' };
  if (present.readOnly) return leftOut('newer-app');
  if (skipNewer && isNewer(mine, theirs)) return { type: 'newer-here' };
  const body = way === 'overwrite' ? overwritten(mine, theirs, differing) : newerOf(declaration, mine, theirs, differing);
  const changes = differences(declaration, mine, body).map((field): FieldChange => {
    return { field, before: mine.fields[field] ?? null, after: body.fields[field] ?? null };
  });
  if (changes.length === 0) return { type: 'newer-here' };
  const fresh = changes.flatMap(({ field }) => (stampOf(body, field) > stampOf(mine, field) ? [] : [field]));
  return { type: 'changed', v, body, changes, fresh };
}

/** Whether a person would see a difference, which is more than the app's own bookkeeping. Not for what a newer app wrote. */
export function differsForPerson(declaration: EntityDeclaration | undefined, present: Present, record: BackupRecord): boolean {
  const differing = differences(declaration, upToDate(declaration, present), upToDate(declaration, record));
  return differing.some((field) => !declaration?.fields[field]?.bookkeeping);
}

function upToDate(declaration: EntityDeclaration | undefined, { v, fields, stamps }: Body & { readonly v: number }): Body {
  return declaration ? migrateBody(declaration, v, { fields, stamps }) : { fields, stamps };
}

const leftOut = (why: LeftOut): RecordPlan => ({ type: 'left-out', why });

const stampOf = ({ stamps }: Body, field: string): Stamp => stamps[field] ?? ZERO_STAMP;

const latest = ({ stamps }: Body): Stamp => Object.values(stamps).reduce(laterStamp, ZERO_STAMP);

const isNewer = (one: Body, other: Body): boolean => latest(one) > latest(other);

/** The fields of `theirs` whose value is another in `mine`. What only `mine` has stays, and so do secrets: a backup has none. */
function differences(declaration: EntityDeclaration | undefined, mine: Body, theirs: Body): readonly string[] {
  return Object.keys(theirs.fields).filter((field) => {
    const initial = initialOf(declaration, field);
    return !equalJson(mine.fields[field] ?? initial, theirs.fields[field] ?? initial);
  });
}

function overwritten(mine: Body, theirs: Body, differing: readonly string[]): Body {
  const pick = <T>(values: { readonly [field: string]: T }): { readonly [field: string]: T } =>
    Object.fromEntries(Object.entries(values).filter(([field]) => differing.includes(field)));
  return { fields: { ...mine.fields, ...pick(theirs.fields) }, stamps: { ...mine.stamps, ...pick(theirs.stamps) } };
}

/**
 * Of each field the newer side. What both were built on is not known: the older value is taken for it, so that what the newer side has
 * removed from a set stays removed, and no line of a text comes twice.
 */
function newerOf(declaration: EntityDeclaration | undefined, mine: Body, theirs: Body, differing: readonly string[]): Body {
  const older = differing.map((field) => [field, stampOf(theirs, field) > stampOf(mine, field) ? mine : theirs] as const);
  const base = {
    fields: { ...mine.fields, ...Object.fromEntries(older.flatMap(([field, side]) => entryOf(field, side.fields[field]))) },
    stamps: { ...mine.stamps, ...Object.fromEntries(older.flatMap(([field, side]) => entryOf(field, side.stamps[field]))) },
  };
  const side = { deviceId: '', acceptedAt: null };
  const { body } = merge3({
    base,
    mine: { ...side, body: mine },
    theirs: { ...side, body: overwritten(mine, theirs, differing) },
    declaration,
    policy: 'newer',
  });
  return body;
}

const entryOf = <T>(field: string, value: T | undefined): readonly (readonly [string, T])[] =>
  value === undefined ? [] : [[field, value]];
