/**
 * Three-way merge of two bodies: one pure function. See `merge3`.
 */
import { isSuspectStamp, rankStamp, type Stamp, ZERO_STAMP } from './clock.ts';
import { BINNED_AT, type Body, type EntityDeclaration, type MergeRule, ruleFor } from './entity.ts';
import { canonicalJson, equalJson, type Json } from './json.ts';
import { equalSets, isJsonObject, isStringSet, memberOf, mergeMaps, mergeSets, type ValueVersions } from './merge-collections.ts';
import { mergeText } from './merge-text.ts';

/** One side of a merge. */
export interface MergeSide {
  readonly body: Body;
  readonly deviceId: string;
  /** When the server took this side, or null where it has not yet. Used to rank stamps of devices with a wrong clock. */
  readonly acceptedAt: number | null;
}

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
 * A field that only one side changed is that side's, with its stamp. An absent field compares as its initial value, but
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
    outcomes.push(...(merged.outcomes ?? []));
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

/** One version of one field: as it is, as it compares, and when it was written. */
interface Version {
  readonly name: 'mine' | 'theirs';
  readonly value: Json | undefined;
  readonly view: Json | undefined;
  readonly stamp: Stamp | undefined;
}

function mergeField(field: string, input: MergeInput): FieldMerge {
  const { declaration } = input;
  const initial = declaration?.fields[field]?.initial ?? (field === BINNED_AT ? null : undefined);
  const view = (body: Body): Json | undefined => memberOf(body.fields, field) ?? initial;
  const [older, newer] = rankSides(field, input, view);
  const base = view(input.base ?? NOTHING);
  const versions = { base, older: older.view, newer: newer.view };
  const rule = fittingRule(ruleFor(declaration, field), versions);

  if (field === BINNED_AT) {
    const lifted = liftFromBin(input, older, newer);
    if (lifted) return lifted;
  }
  const same = (a: Json | undefined, b: Json | undefined): boolean =>
    rule === 'set' && isStringSet(a) && isStringSet(b) ? equalSets(a, b) : equalJson(a, b);
  if (same(older.view, newer.view) && !(rule === 'counter' && older.stamp !== newer.stamp && !same(base, newer.view))) {
    // One side may lack the field and read as its initial value: what is written stays written.
    const taken = newer.value === undefined ? older : newer;
    return { value: taken.value, stamp: newer.stamp ?? older.stamp };
  }
  if (same(base, older.view)) return { value: newer.value, stamp: newer.stamp };
  if (same(base, newer.view)) return { value: older.value, stamp: older.stamp };
  return decideField(field, input, rule, versions, older, newer);
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
  const lost: { readonly kept: Json; readonly lost: Json }[] = [];
  const value = mergeByRule(rule, versions, input.base !== null, lost);
  if (lost.length === 0) return { value, stamp: newer.stamp, outcomes: [{ field, type: 'both' }] };
  if (mustAsk(field, input, rule)) {
    const [mine, theirs] = newer.name === 'mine' ? [newer, older] : [older, newer];
    const conflict = { field, base: versions.base ?? null, mine: mine.view ?? null, theirs: theirs.view ?? null };
    return { value: mine.value, stamp: mine.stamp, conflict };
  }
  const stands = rule === 'value' ? newer.value : value;
  return {
    value: stands,
    stamp: newer.stamp,
    outcomes: lost.map((parts) => ({ field, type: 'newer', ...parts, winner: newer.name })),
  };
}

/** The merged value; what the newer side replaced is added to `lost`. */
function mergeByRule(
  rule: MergeRule,
  { base, older, newer }: ValueVersions,
  hasBase: boolean,
  lost: { readonly kept: Json; readonly lost: Json }[],
): Json | undefined {
  if (rule === 'set' && isStringSet(older) && isStringSet(newer)) return mergeSets(isStringSet(base) ? base : [], older, newer);
  if (rule === 'counter' && typeof older === 'number' && typeof newer === 'number') {
    return older + newer - (typeof base === 'number' ? base : 0);
  }
  if (rule === 'map' || rule === 'list') {
    const merged = mergeMaps({ base, older, newer }, rule === 'list');
    if (merged.overlap) lost.push(merged.overlap);
    return merged.value;
  }
  if (rule === 'text' && typeof older === 'string' && typeof newer === 'string') {
    if (hasBase && typeof base === 'string') {
      const merged = mergeText({ base, older, newer });
      lost.push(...merged.overlaps);
      return merged.text;
    }
    if (newer.includes(older)) return newer;
    if (older.includes(newer)) return older;
  }
  lost.push({ kept: newer ?? null, lost: older ?? null });
  return newer;
}

/** The declared rule, if all versions have its shape; otherwise (another app, a damaged import) they are plain values. */
function fittingRule(rule: MergeRule, { base, older, newer }: ValueVersions): MergeRule {
  const fits = {
    value: () => true,
    text: (value: Json | undefined) => typeof value === 'string',
    set: isStringSet,
    counter: (value: Json | undefined) => typeof value === 'number',
    map: isJsonObject,
    list: isJsonObject,
  }[rule];
  return fits(older) && fits(newer) && (base === undefined || fits(base)) ? rule : 'value';
}

/** Whether the person decides. The bin is never worth a question, and secrets are not shown in one. */
function mustAsk(field: string, { mine, theirs, declaration, policy }: MergeInput, rule: MergeRule): boolean {
  if (field === BINNED_AT || declaration?.fields[field]?.secret) return false;
  if (policy === 'ask') return true;
  return (
    rule === 'text' && [mine, theirs].some((side) => isSuspectStamp(stampOf(side.body, field) ?? ZERO_STAMP, side.acceptedAt))
  );
}

/** A content edit beats the bin: what one side binned and the other went on working at, lives. */
function liftFromBin({ base, mine, theirs }: MergeInput, older: Version, newer: Version): FieldMerge | undefined {
  const before = base ?? NOTHING;
  if (typeof memberOf(before.fields, BINNED_AT) === 'number') return undefined;
  const binned = [older, newer].filter((side) => typeof side.view === 'number');
  if (binned.length !== 1) return undefined;
  const [bin] = binned as [Version];
  const alive = bin === older ? newer : older;
  const aliveBody = alive.name === 'mine' ? mine.body : theirs.body;
  if (!hasNewContent(before, aliveBody)) return undefined;
  return {
    value: null,
    stamp: newer.stamp ?? older.stamp,
    outcomes: [{ field: BINNED_AT, type: 'newer', kept: null, lost: bin.view ?? null, winner: alive.name }],
  };
}

function hasNewContent(before: Body, after: Body): boolean {
  return fieldNames(before, after).some(
    (field) => field !== BINNED_AT && !equalJson(memberOf(before.fields, field), memberOf(after.fields, field)),
  );
}

/**
 * The two sides of a field, the earlier written first. The same on every device: by ranked stamp, then by device, and
 * for two writes of one device that carry the same stamp by the values themselves.
 */
function rankSides(
  field: string,
  { mine, theirs }: MergeInput,
  view: (body: Body) => Json | undefined,
): readonly [Version, Version] {
  const version = (name: 'mine' | 'theirs', { body }: MergeSide): Version => ({
    name,
    value: memberOf(body.fields, field),
    view: view(body),
    stamp: stampOf(body, field),
  });
  const rank = ({ body, deviceId, acceptedAt }: MergeSide): readonly string[] => [
    rankStamp(stampOf(body, field) ?? ZERO_STAMP, acceptedAt),
    deviceId,
    canonicalJson(memberOf(body.fields, field) ?? null),
    stampOf(body, field) ?? '',
  ];
  const [left, right] = [rank(mine), rank(theirs)];
  const differing = left.findIndex((part, at) => part !== right[at]);
  const mineIsNewer = differing >= 0 && (left[differing] as string) > (right[differing] as string);
  const sides = [version('theirs', theirs), version('mine', mine)] as const;
  return mineIsNewer ? sides : [sides[1], sides[0]];
}

const stampOf = (body: Body, field: string): Stamp | undefined =>
  Object.hasOwn(body.stamps, field) ? body.stamps[field] : undefined;

/** All fields that any of the bodies has or had, sorted, so that a result lists them alike on every device. */
function fieldNames(...bodies: readonly Body[]): readonly string[] {
  const names = bodies.flatMap(({ fields, stamps }) => [...Object.keys(fields), ...Object.keys(stamps)]);
  return [...new Set(names)].sort();
}

function equalBodies(a: Body, b: Body): boolean {
  return equalJson(a.fields, b.fields) && equalJson(a.stamps, b.stamps);
}
