import { equalJson, type Json } from '#core/json.ts';

/** A merged value, and what the newer side's change replaced where both changed the same part. */
export interface ValueMerge {
  readonly value: Json | undefined;
  /** Undefined where nothing overlapped. For maps and lists: only the members that overlapped. */
  readonly overlap?: { readonly kept: Json; readonly lost: Json };
}

export interface ValueVersions {
  readonly base: Json | undefined;
  readonly older: Json | undefined;
  readonly newer: Json | undefined;
}

export type JsonObject = { readonly [key: string]: Json };

export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A set's rule holds for arrays of unique strings only; anything else merges as a plain value. */
export function isStringSet(value: Json | undefined): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string') && new Set(value).size === value.length;
}

/** The same members, in whatever order. */
export function equalSets(a: readonly string[], b: readonly string[]): boolean {
  const members = new Set(a);
  return a.length === b.length && b.every((member) => members.has(member));
}

/** Members of the base that neither side removed, in the base's order; then what either side added, sorted. */
export function mergeSets(base: readonly string[], older: readonly string[], newer: readonly string[]): readonly string[] {
  const [before, left, right] = [new Set(base), new Set(older), new Set(newer)];
  const kept = base.filter((member) => left.has(member) && right.has(member));
  const added = new Set([...older, ...newer].filter((member) => !before.has(member)));
  return [...kept, ...[...added].sort()];
}

/**
 * Merges objects member by member; a member that both sides changed differently is the newer side's. With `nested`,
 * such a member is itself merged member by member first where all versions of it are objects (an item of a list that one side
 * moved and the other renamed).
 */
export function mergeMaps({ base, older, newer }: ValueVersions, nested: boolean): ValueMerge {
  const [before, left, right] = [asObject(base), asObject(older), asObject(newer)];
  const members: [string, Json][] = [];
  const kept: [string, Json][] = [];
  const lost: [string, Json][] = [];
  let overlapping = false;
  const take = (into: [string, Json][], key: string, value: Json | undefined): void => {
    if (value !== undefined) into.push([key, value]);
  };
  for (const key of new Set([...Object.keys(before), ...Object.keys(left), ...Object.keys(right)])) {
    const versions = { base: memberOf(before, key), older: memberOf(left, key), newer: memberOf(right, key) };
    const single = mergeUnlessBoth(versions);
    if (single) {
      take(members, key, single.value);
      continue;
    }
    const inner = nested && isJsonObject(versions.older) && isJsonObject(versions.newer) ? mergeMaps(versions, false) : undefined;
    take(members, key, inner ? inner.value : versions.newer);
    if (inner && !inner.overlap) continue;
    overlapping = true;
    take(kept, key, inner?.overlap ? inner.overlap.kept : versions.newer);
    take(lost, key, inner?.overlap ? inner.overlap.lost : versions.older);
  }
  const value = Object.fromEntries(members);
  return overlapping ? { value, overlap: { kept: Object.fromEntries(kept), lost: Object.fromEntries(lost) } } : { value };
}

/** The value where at most one side changed it, or both to the same; undefined where the rule has to decide. */
export function mergeUnlessBoth({ base, older, newer }: ValueVersions): { readonly value: Json | undefined } | undefined {
  if (equalJson(older, newer) || equalJson(base, older)) return { value: newer };
  return equalJson(base, newer) ? { value: older } : undefined;
}

const asObject = (value: Json | undefined): JsonObject => (isJsonObject(value) ? value : {});

/** `hasOwn`, because a member may be called `constructor` or `__proto__`. */
export function memberOf(object: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** The value, or `other` where there is none. Not `??`: null is a value. */
export const orIfAbsent = (value: Json | undefined, other: Json | undefined): Json | undefined =>
  value === undefined ? other : value;
