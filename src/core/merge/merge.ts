/**
 * Three-way merge of two bodies: one pure function. See `merge3`.
 */
import { isSuspectStamp, type Stamp, ZERO_STAMP } from '#core/clock.ts';
import { BINNED_AT, type Body, type EntityDeclaration, initialOf, type MergeRule, ruleFor } from '#core/entity.ts';
import { equalJson, type Json } from '#core/json.ts';
import { isLifted } from './bin.ts';
import { memberOf, orIfAbsent, type ValueVersions } from './collections.ts';
import { equalByRule, fittingRule, mergeByRule } from './rules.ts';
import { type MergeSide, rankVersions, stampOf, type Version } from './side.ts';

export type { MergeSide };

export type ConflictPolicy = 'newer' | 'ask';

/** What became of one field in a merge that was not a fast-forward. */
export type MergeOutcome =
  /** Both changes are in the result; nothing was lost. */
  | { readonly field: string; readonly type: 'both' }
  /**
   * One value won by its stamp. `lost` is the other, whole; for text the two sides of one overlapping hunk, for maps
   * and lists the members that overlapped. A value that was absent is null.
   */
  | {
      readonly field: string;
      readonly type: 'newer';
      readonly kept: Json;
      readonly lost: Json;
      readonly winner: 'mine' | 'theirs';
    };

/** A field that the policy leaves to the person. The result holds `mine` for it until they choose. */
export interface MergeConflict {
  readonly field: string;
  readonly base: Json;
  readonly mine: Json;
  readonly theirs: Json;
}

export interface MergeResult {
  readonly body: Body;
  /** Empty where one side had not changed anything (a fast-forward) or both hold the same. */
  readonly outcomes: readonly MergeOutcome[];
  readonly conflicts: readonly MergeConflict[];
}

export interface MergeInput {
  /** What both sides were built on; null where there is nothing in common. */
  readonly base: Body | null;
  readonly mine: MergeSide;
  readonly theirs: MergeSide;
  readonly declaration: EntityDeclaration | undefined;
  readonly policy: ConflictPolicy;
}

/** The later of two stamps. */
export const laterStamp = (a: Stamp, b: Stamp): Stamp => (a >= b ? a : b);

const NOTHING: Body = { fields: {}, stamps: {} };

/**
 * Merges what two devices made of one body. Pure and bounded in time. Under the policy `newer` the body is the same
 * whichever side is called mine; under `ask` a field in conflict stays as mine.
 *
 * No silent loss: what a side changed is in the body, in an outcome's `lost` or in a conflict. Exceptions: fields declared
 * secret are in neither of the two, their newer value wins silently.
 *
 * A field that only one side changed is that side's, with its stamp; a plain value that was changed and put back counts as
 * changed. An absent field compares as its initial value, but
 * is never written for it. Counters differ from the rest in one way: merging the result with one of its sides
 * again would add that side's difference again, so a base must never be older than what both sides have in common.
 */
export function merge3(input: MergeInput): MergeResult {
  const { base, mine, theirs, declaration } = input;
  if (base && equalBodies(base, mine.body)) return { body: theirs.body, outcomes: [], conflicts: [] };
  if (equalBodies(mine.body, theirs.body) || (base && equalBodies(base, theirs.body))) {
    return { body: mine.body, outcomes: [], conflicts: [] };
  }
  const fields: [string, Json][] = [];
  const stamps: [string, Stamp][] = [];
  const outcomes: MergeOutcome[] = [];
  const conflicts: MergeConflict[] = [];
  const before = base ?? NOTHING;
  for (const field of fieldNames(before, mine.body, theirs.body)) {
    const merged = mergeField(field, input);
    if (merged.value !== undefined) fields.push([field, merged.value]);
    if (merged.stamp !== undefined) stamps.push([field, merged.stamp]);
    if (declaration?.fields[field]?.secret) continue;
    for (const outcome of merged.outcomes ?? []) outcomes.push(outcome);
    if (merged.conflict) conflicts.push(merged.conflict);
  }
  return { body: { fields: Object.fromEntries(fields), stamps: Object.fromEntries(stamps) }, outcomes, conflicts };
}

interface FieldMerge {
  readonly value: Json | undefined;
  readonly stamp: Stamp | undefined;
  readonly outcomes?: readonly MergeOutcome[];
  readonly conflict?: MergeConflict;
}

function mergeField(field: string, input: MergeInput): FieldMerge {
  const { mine, theirs, declaration } = input;
  const initial = initialOf(declaration, field);
  const [older, newer] = rankVersions(field, mine, theirs, initial);
  if (field === BINNED_AT) {
    const lifted = liftFromBin(input, older, newer);
    if (lifted) return lifted;
  }
  const base = orIfAbsent(memberOf((input.base ?? NOTHING).fields, field), initial);
  const versions = { base, older: older.view, newer: newer.view };
  const rule = fittingRule(ruleFor(declaration, field), versions);
  const same = (a: Json | undefined, b: Json | undefined): boolean => equalByRule(rule, a, b);
  // Two counters that went from 5 to 6 apart make 7. Only the same write, known by its stamp, is the same step.
  const sameSteps = rule !== 'counter' || older.stamp === newer.stamp || same(base, newer.view);
  if (same(older.view, newer.view) && sameSteps) {
    // One side may lack the field and read as its initial value: what is written stays written. Sets may differ in order.
    const alike = equalJson(older.view, newer.view);
    const value = alike ? orIfAbsent(newer.value, older.value) : mergeByRule(rule, versions, true).value;
    return { value, stamp: newer.stamp ?? older.stamp };
  }
  if (same(base, older.view)) return { value: newer.value, stamp: newer.stamp };
  if (same(base, newer.view) && !isPutBack(field, input.base, rule, newer)) return { value: older.value, stamp: older.stamp };
  // An unknown kind has no initial values: null on one side and no value on the other are nothing to decide.
  if ((older.view ?? null) === null && (newer.view ?? null) === null) return { value: newer.value, stamp: newer.stamp };
  return decideField(field, input, rule, versions, older, newer);
}

/**
 * Whether a value that reads as before was written since: changed, and changed back. What was chosen last is the old value
 * then. Only of a plain value the stamp tells that: of a text, a set or a map it says that something was written, not what.
 */
function isPutBack(field: string, base: Body | null, rule: MergeRule, { stamp }: Version): boolean {
  return rule === 'value' && base !== null && stamp !== undefined && stamp > (stampOf(base, field) ?? ZERO_STAMP);
}

/** Both sides changed the field, differently. */
function decideField(
  field: string,
  input: MergeInput,
  rule: MergeRule,
  versions: ValueVersions,
  older: Version,
  newer: Version,
): FieldMerge {
  const { value, overlaps } = mergeByRule(rule, versions, input.base !== null);
  if (overlaps.length === 0) return { value, stamp: newer.stamp, outcomes: [{ field, type: 'both' }] };
  if (mustAsk(field, input, rule)) {
    const [mine, theirs] = newer.name === 'mine' ? [newer, older] : [older, newer];
    const conflict = { field, base: versions.base ?? null, mine: mine.view ?? null, theirs: theirs.view ?? null };
    return { value: mine.value, stamp: mine.stamp, conflict };
  }
  const outcomes = overlaps.map((overlap) => ({ field, type: 'newer', ...overlap, winner: newer.name }) as const);
  return { value: rule === 'value' ? newer.value : value, stamp: newer.stamp, outcomes };
}

/** Whether the person decides. The bin and what the app keeps for itself are never worth a question, and secrets are not shown in one. */
function mustAsk(field: string, { mine, theirs, declaration, policy }: MergeInput, rule: MergeRule): boolean {
  const declared = declaration?.fields[field];
  if (field === BINNED_AT || declared?.secret || declared?.bookkeeping) return false;
  if (policy === 'ask') return true;
  return (
    rule === 'text' &&
    [mine, theirs].some(({ body, acceptedAt }) => isSuspectStamp(stampOf(body, field) ?? ZERO_STAMP, acceptedAt))
  );
}

/** Whether a side has put a field back later than the other one has changed it. */
function isPutBackBy(side: Version['name'], field: string, { base, mine, theirs, declaration }: MergeInput): boolean {
  const initial = initialOf(declaration, field);
  const [older, newer] = rankVersions(field, mine, theirs, initial);
  const before = orIfAbsent(memberOf((base ?? NOTHING).fields, field), initial);
  const rule = fittingRule(ruleFor(declaration, field), { base: before, older: older.view, newer: newer.view });
  return newer.name === side && equalByRule(rule, before, newer.view) && isPutBack(field, base, rule, newer);
}

function liftFromBin(input: MergeInput, older: Version, newer: Version): FieldMerge | undefined {
  const { base, mine, theirs, declaration } = input;
  const before = base ?? NOTHING;
  const mineBinned = isLifted(before, mine.body, theirs.body, declaration, (field) => isPutBackBy('mine', field, input));
  const theirsBinned = isLifted(before, theirs.body, mine.body, declaration, (field) => isPutBackBy('theirs', field, input));
  if (!mineBinned && !theirsBinned) return undefined;
  const lost = (newer.name === 'mine') === mineBinned ? newer.view : older.view;
  const winner = mineBinned ? 'theirs' : 'mine';
  const stamp = newer.stamp ?? older.stamp;
  return { value: null, stamp, outcomes: [{ field: BINNED_AT, type: 'newer', kept: null, lost: lost ?? null, winner }] };
}

/** All fields that any of the bodies has or had, sorted, so that a result lists them alike on every device. */
function fieldNames(...bodies: readonly Body[]): readonly string[] {
  const names = bodies.flatMap(({ fields, stamps }) => [...Object.keys(fields), ...Object.keys(stamps)]);
  return [...new Set(names)].sort();
}

function equalBodies(a: Body, b: Body): boolean {
  return equalJson(a.fields, b.fields) && equalJson(a.stamps, b.stamps);
}
