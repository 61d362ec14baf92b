import type { MergeRule } from '#core/entity.ts';
import { equalJson, type Json } from '#core/json.ts';
import { equalSets, isJsonObject, isStringSet, mergeMaps, mergeSets, type ValueVersions } from './collections.ts';
import { holdsText, mergeText } from './text.ts';

export interface RuleMerge {
  readonly value: Json | undefined;
  /** Where both sides changed the same: what wins (the newer side's), and what it replaced. */
  readonly overlaps: readonly { readonly kept: Json; readonly lost: Json }[];
}

/** The declared rule, if all versions have its shape; otherwise (another app, a damaged import) they are plain values. */
export function fittingRule(rule: MergeRule, { base, older, newer }: ValueVersions): MergeRule {
  const fits = SHAPES[rule];
  return fits(older) && fits(newer) && (base === undefined || fits(base)) ? rule : 'value';
}

/** Whether two versions of a field hold the same. The order of a set says nothing. */
export function equalByRule(rule: MergeRule, a: Json | undefined, b: Json | undefined): boolean {
  return rule === 'set' && isStringSet(a) && isStringSet(b) ? equalSets(a, b) : equalJson(a, b);
}

const SHAPES: { readonly [rule in MergeRule]: (value: Json | undefined) => boolean } = {
  value: () => true,
  text: (value) => typeof value === 'string',
  set: isStringSet,
  counter: Number.isFinite,
  map: isJsonObject,
  list: isJsonObject,
};

/** Merges a value that both sides changed, by a rule that fits all versions. Without a base, a text is not taken apart. */
export function mergeByRule(rule: MergeRule, { base, older, newer }: ValueVersions, hasBase: boolean): RuleMerge {
  if (rule === 'set' && isStringSet(older) && isStringSet(newer)) {
    return { value: mergeSets(isStringSet(base) ? base : [], older, newer), overlaps: [] };
  }
  if (rule === 'counter' && typeof older === 'number' && typeof newer === 'number') {
    return { value: older + newer - (typeof base === 'number' ? base : 0), overlaps: [] };
  }
  if (rule === 'map' || rule === 'list') {
    const { value, overlap } = mergeMaps({ base, older, newer }, rule === 'list');
    return { value, overlaps: overlap ? [overlap] : [] };
  }
  if (rule === 'text' && typeof older === 'string' && typeof newer === 'string') {
    if (hasBase && typeof base === 'string') {
      const { text, overlaps } = mergeText({ base, older, newer });
      return { value: text, overlaps };
    }
    if (holdsText(newer, older)) return { value: newer, overlaps: [] };
    if (holdsText(older, newer)) return { value: older, overlaps: [] };
  }
  return { value: newer, overlaps: [{ kept: newer ?? null, lost: older ?? null }] };
}
