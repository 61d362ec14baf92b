/** One entity on its way from one workspace into another: a pure decision, made outside of any transaction. */
import type { EntityDeclaration, Fields } from '#core/entity.ts';
import { equalJson } from '#core/json.ts';
import { type ConflictPolicy, laterStamp, type MergeConflict, type MergeOutcome, merge3 } from '#core/merge/merge.ts';
import { foreignBase, type MergeBase } from '#store/schema/bring-base.ts';
import { bodyText } from '#store/schema/op.ts';
import { baseOf, bodyOf, EMPTY_BODY, estimateBytes, extendLineage, indexColumns, isReadOnly } from '#store/schema/rows.ts';
import { type BaseRow, type EntityRow, PURGED } from '#store/schema/schema.ts';
import { atVersion, contentOf } from '#store/sync/absorb.ts';

export interface BringInput {
  /** The row of the other workspace, under the ids that it has here (`readdress`). */
  readonly row: EntityRow;
  /** What the other workspace had of it when it was last synced there, where it was changed since. */
  readonly base: BaseRow | undefined;
  /** Names the state of `row` (`EntityRow.brought`). */
  readonly mark: string;
  /** The row here, if there is one. */
  readonly target: EntityRow | undefined;
  /** The fields of the state that `target.brought` names, where the other workspace still knows them. */
  readonly broughtFields: Fields | undefined;
  readonly declaration: EntityDeclaration | undefined;
  readonly policy: ConflictPolicy;
  /** Wall time in ms, for stamps that no server has accepted yet. */
  readonly nowMs: number;
}

export interface Brought {
  readonly row: EntityRow;
  /** Whether the content changed, or only the note that this state has been brought. */
  readonly changed: boolean;
  /** The row's base from now on; undefined where it stays as it is. */
  readonly base?: BaseRow;
  readonly outcomes: readonly MergeOutcome[];
  readonly conflicts: readonly MergeConflict[];
  /** A body that cannot be merged here, as it is over there: it is set aside, in sight. */
  readonly aside?: string;
}

const quiet = { outcomes: [], conflicts: [] } as const;

/** What becomes of the row here; null where there is nothing to do. */
export function bringRow(input: BringInput): Brought | null {
  const { row, target, mark } = input;
  if (target?.brought === mark) return null;
  const isUnsent = row.queued !== null || row.sent !== null;
  // A deletion that the other account's server knows says nothing about this account, which has no such entity.
  if (!target) return row.place === PURGED && !isUnsent ? null : firstCopy(input);
  const noted: Brought = { ...quiet, row: { ...target, brought: mark }, changed: false };
  if (bodyText(row) === bodyText(target)) return noted;
  if (isContained(row, target)) return noted;
  if (row.place === PURGED) return isAsItWas(input, target) ? bringDeletion(input, target) : noted;
  if (target.place === PURGED) return isAsItWas(input, row) ? noted : replace(input, target, row, row.v);
  if (isReadOnly(input.declaration, row) || isReadOnly(input.declaration, target)) {
    return { ...noted, aside: bodyText(row) ?? '' };
  }
  return mergeIn(input, target);
}

/** `theirs` contains `mine`: its lineage names the very version that `mine` is, with nothing changed since. */
const isContained = (mine: EntityRow, theirs: EntityRow): boolean =>
  mine.version !== null && mine.queued === null && mine.sent === null && theirs.lineage.includes(mine.version);

/** The entity is new here. No version of it is one of this account's: it is offered as new, with what a merge may need. */
function firstCopy({ row, base, mark }: BringInput): Brought {
  const unknown = { version: null, rev: 0, seq: 0, acceptedAt: null, queued: null, sent: null, localSeq: 0 } as const;
  const lineage = extendLineage(row.lineage, row.version);
  const copy: EntityRow = { ...row, ...unknown, lineage, brought: mark };
  return { ...quiet, row: copy, changed: true, ...(base ? { base: { ...base, id: row.id, foreign: true } } : {}) };
}

/** The base on which the two are merged: what was brought the last time, else what both are known to hold. */
function mergeBaseOf({ row, base, broughtFields }: BringInput, target: EntityRow): MergeBase {
  if (broughtFields) return { v: row.v, body: { fields: broughtFields, stamps: {} } };
  // The row goes on from the very version that is here.
  if (isContained(target, row)) return { v: target.v, body: bodyOf(target) };
  if (base && !base.foreign && [target.version, ...target.lineage].includes(base.version)) {
    return { v: base.v, body: bodyOf(base) };
  }
  return foreignBase(row.v, base, target);
}

/** Whether `survivor` is what a deletion was decided over: a change that it has not seen beats it. */
function isAsItWas({ base, broughtFields, row, target }: BringInput, survivor: EntityRow): boolean {
  if (survivor === target && isContained(target, row)) return true;
  const known = survivor === target ? base : undefined;
  const seen = broughtFields ? { fields: broughtFields, stamps: {} } : foreignBase(row.v, known, survivor).body;
  return equalJson(contentOf(seen), contentOf(survivor));
}

function bringDeletion({ row, mark, declaration }: BringInput, target: EntityRow): Brought {
  const { lastUpdated, deviceId } = row;
  const columns = indexColumns(declaration, { id: target.id, ...EMPTY_BODY, lastUpdated }, true);
  const gone: EntityRow = { ...target, ...EMPTY_BODY, lastUpdated, deviceId, bytes: 0, brought: mark, ...columns };
  return { ...quiet, row: gone, changed: true, ...builtOn(target) };
}

function mergeIn(input: BringInput, target: EntityRow): Brought {
  const { row, declaration, policy, nowMs } = input;
  const ancestor = mergeBaseOf(input, target);
  const v = Math.max(row.v, target.v, ancestor.v);
  const merged = merge3({
    base: atVersion(declaration, ancestor.v, v, ancestor.body),
    mine: {
      body: atVersion(declaration, target.v, v, target),
      deviceId: target.deviceId,
      acceptedAt: target.acceptedAt ?? nowMs,
    },
    theirs: { body: atVersion(declaration, row.v, v, row), deviceId: row.deviceId, acceptedAt: row.acceptedAt ?? nowMs },
    declaration,
    policy,
  });
  const { outcomes, conflicts } = merged;
  const same = equalJson(merged.body.fields, target.fields) && equalJson(merged.body.stamps, target.stamps);
  if (same) return { row: { ...target, brought: input.mark }, changed: false, outcomes, conflicts };
  return { ...replace(input, target, merged.body, v), outcomes, conflicts };
}

/** The row here with another content. */
function replace(
  { row, mark, declaration }: BringInput,
  target: EntityRow,
  { fields, stamps }: Pick<EntityRow, 'fields' | 'stamps'>,
  v: number,
): Brought {
  const lastUpdated = laterStamp(row.lastUpdated, target.lastUpdated);
  const next: EntityRow = {
    ...target,
    v,
    fields,
    stamps,
    lastUpdated,
    deviceId: row.deviceId,
    // What is contained in both is contained in this.
    lineage: extendLineage(row.lineage, row.version, ...target.lineage),
    bytes: estimateBytes(fields) + estimateBytes(stamps),
    brought: mark,
    ...indexColumns(declaration, { id: target.id, fields, stamps, lastUpdated }, false),
  };
  return { ...quiet, row: next, changed: true, ...builtOn(target) };
}

/** What the change is built on, where it is the first since the last sync. */
const builtOn = (target: EntityRow): { readonly base?: BaseRow } =>
  target.queued === null && target.sent === null && target.version !== null ? { base: baseOf(target, target.version) } : {};

/**
 * The row under the ids of the device that it is brought to; null where it does not come along. `own` are the ids that this
 * device has or had in the other account: what another device left there stays with that.
 */
export function readdress(
  declaration: EntityDeclaration | undefined,
  row: EntityRow,
  own: readonly string[],
  into: string,
): EntityRow | null {
  // What is unknown here may belong to every device, so it comes along.
  const scope = declaration?.scope ?? 'synced';
  if (scope === 'private') return null;
  const isOwn = own.includes(row.id) || own.includes(row.deviceId);
  if (scope === 'device' && !(declaration?.comesAlong && isOwn)) return null;
  const renamed = namingFields(declaration).filter((field) => own.some((id) => id === row.fields[field]));
  const fields = { ...row.fields, ...Object.fromEntries(renamed.map((field) => [field, into])) };
  return { ...row, fields, id: scope === 'device' && own.includes(row.id) ? into : row.id };
}

/** The fields that name a device. */
export const namingFields = (declaration: EntityDeclaration | undefined): readonly string[] =>
  Object.entries(declaration?.fields ?? {}).flatMap(([name, field]) => (field.namesDevice ? [name] : []));
