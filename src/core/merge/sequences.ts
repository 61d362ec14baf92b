import { diffSequences, type WorkMeter } from './diff.ts';
import { isBlank, isSpoken, textOf } from './pieces.ts';
import { findRegions, growth, overlaps, type Region } from './regions.ts';
import { advanceBase, findSharedRuns } from './shared.ts';

/** The three versions of a sequence. `older` and `newer` are the two sides by the rank of their stamps. */
export interface Versions {
  readonly base: readonly string[];
  readonly older: readonly string[];
  readonly newer: readonly string[];
}

/** A stretch of the merged sequence: items that are kept, or a place where both sides changed the same and must be judged. */
export type Stretch = { readonly items: readonly string[] } | { readonly overlap: Versions };

/** What a kind of sequence needs to be merged. */
export interface Grain {
  readonly meter: WorkMeter;
  /**
   * So many equal items with a letter, at an end of what both sides inserted, are one insertion that both hold, and
   * occur once. Fewer are chance: two sentences may both end in "is small."
   */
  readonly sharedItems: number;
  /** What has to be between what the two sides wrote at one place, so that it does not run into each other. */
  readonly separate: (before: readonly string[], after: readonly string[]) => readonly string[];
  /** Whether of two insertions at one place the newer has to come before the older. */
  readonly goesFirst: (newer: readonly string[], older: readonly string[]) => boolean;
}

/** Taking off what is shared and merging the rest stops at this depth: each level diffs everything once more. */
const MAX_DEPTH = 6;

/**
 * Three-way merge of sequences. Keeps what either side changed alone; two insertions at the same point are both kept,
 * the older first; changes that only touch are both kept. What overlaps comes back as an `overlap` stretch. Every item
 * of both sides that is not in `base` is in some stretch.
 */
export function mergeSequences(versions: Versions, grain: Grain, depth = 0): readonly Stretch[] {
  const { base, older, newer } = versions;
  if (equalItems(older, newer) || equalItems(base, older)) return [{ items: newer }];
  if (equalItems(base, newer)) return [{ items: older }];
  if (base.length === 0) return mergeInsertions(versions, grain, depth);
  const advanced = depth === 0 ? advanceBase(base, older, newer, grain.sharedItems, grain.meter) : base;
  if (advanced !== base && !equalItems(advanced, base)) return mergeSequences({ base: advanced, older, newer }, grain, 1);

  const stretches: Stretch[] = [];
  let at = 0;
  for (const region of findRegions(diffSequences(base, older, grain.meter), diffSequences(base, newer, grain.meter))) {
    if (region.start > at) stretches.push({ items: base.slice(at, region.start) });
    for (const stretch of mergeRegion(region, versions, grain, depth)) stretches.push(stretch);
    at = region.end;
  }
  if (at < base.length) stretches.push({ items: base.slice(at) });
  return stretches;
}

function mergeRegion(region: Region, versions: Versions, grain: Grain, depth: number): readonly Stretch[] {
  const { start, end, olderShift, newerShift } = region;
  const slice: Versions = {
    base: versions.base.slice(start, end),
    older: versions.older.slice(start + olderShift, end + olderShift + growth(region.older)),
    newer: versions.newer.slice(start + newerShift, end + newerShift + growth(region.newer)),
  };
  if (region.newer.length === 0) return [{ items: slice.older }];
  if (region.older.length === 0 || equalItems(slice.older, slice.newer)) return [{ items: slice.newer }];
  if (start === end) return mergeInsertions(slice, grain, depth);
  const overlap = overlaps(region);
  const trimmed = trimCommon(slice);
  if (trimmed && (overlap || isShared(trimmed, grain))) return mergeTrimmed(trimmed, grain, depth);
  return overlap ? [{ overlap: slice }] : [{ items: composeTouching(region, versions, grain) }];
}

interface Trimmed {
  readonly head: readonly string[];
  readonly tail: readonly string[];
  readonly rest: Versions;
}

/** Takes off what both sides begin and end with; undefined where they have no such thing in common. */
function trimCommon({ base, older, newer }: Versions): Trimmed | undefined {
  const shorter = Math.min(older.length, newer.length);
  let head = 0;
  while (head < shorter && older[head] === newer[head]) head++;
  let tail = 0;
  while (tail < shorter - head && older[older.length - 1 - tail] === newer[newer.length - 1 - tail]) tail++;
  if (head === 0 && tail === 0) return undefined;
  let baseHead = 0;
  while (baseHead < Math.min(head, base.length) && base[baseHead] === older[baseHead]) baseHead++;
  let baseTail = 0;
  while (
    baseTail < Math.min(tail, base.length - baseHead) &&
    base[base.length - 1 - baseTail] === older[older.length - 1 - baseTail]
  )
    baseTail++;
  return {
    head: older.slice(0, head),
    tail: older.slice(older.length - tail),
    rest: {
      base: base.slice(baseHead, base.length - baseTail),
      older: older.slice(head, older.length - tail),
      newer: newer.slice(head, newer.length - tail),
    },
  };
}

/**
 * Whether both sides hold the same change already (they merged it earlier, from each other): what they have in common
 * is long enough, or without it one side has changed nothing.
 */
function isShared({ head, tail, rest }: Trimmed, { sharedItems }: Grain): boolean {
  if (equalItems(rest.base, rest.older) || equalItems(rest.base, rest.newer)) return true;
  return countSpoken(head) >= sharedItems || countSpoken(tail) >= sharedItems;
}

const countSpoken = (items: readonly string[]): number => items.filter(isSpoken).length;

function mergeTrimmed({ head, tail, rest }: Trimmed, grain: Grain, depth: number): readonly Stretch[] {
  const middle = depth < MAX_DEPTH ? mergeSequences(rest, grain, depth + 1) : [{ overlap: rest }];
  return [{ items: head }, ...middle, { items: tail }];
}

/**
 * The changes of a region side by side in the order of the base. They touch, but share nothing. What is in
 * a change already is not written again behind it.
 */
function composeTouching(region: Region, { base, older, newer }: Versions, grain: Grain): readonly string[] {
  const changes = [
    ...region.older.map((hunk) => ({ hunk, side: older })),
    ...region.newer.map((hunk) => ({ hunk, side: newer })),
  ];
  // An insertion (start = end) comes after a change that ends there and before one that starts there.
  changes.sort((a, b) => a.hunk.start - b.hunk.start || a.hunk.end - b.hunk.end);
  const parts: (readonly string[])[] = [];
  let at = region.start;
  let before: readonly string[] = [];
  for (const { hunk, side } of changes) {
    const between = base.slice(at, hunk.start);
    const written = side.slice(hunk.sideStart, hunk.sideEnd);
    at = hunk.end;
    if (hunk.start === hunk.end && between.length === 0 && holdsPieces(before, written)) continue;
    if (between.length > 0) parts.push(between);
    else if (before.length > 0 && written.length > 0) parts.push(grain.separate(before, written));
    parts.push(written);
    before = written;
  }
  parts.push(base.slice(at, region.end));
  return parts.flat();
}

/** Whether all of `part` but white space is in `whole` in the same order; of white space, whether there is some already. */
function holdsPieces(whole: readonly string[], part: readonly string[]): boolean {
  const pieces = part.filter((item) => !isBlank(item));
  if (pieces.length > 0) return containsInOrder(whole, pieces);
  const last = whole.at(-1);
  return part.length > 0 && last !== undefined && isBlank(last);
}

/**
 * Both sides inserted at one point: both are kept, the older first, unless one already holds the other. A word that was
 * typed further ("sm", "small") is one word in two states, not two: an overlap.
 */
function mergeInsertions(versions: Versions, grain: Grain, depth: number): readonly Stretch[] {
  const { older, newer } = versions;
  grain.meter.spent += older.length + newer.length;
  if (containsInOrder(newer, older)) return [{ items: newer }];
  if (containsInOrder(older, newer)) return [{ items: older }];
  if (isTypedFurther(older, newer) || isTypedFurther(newer, older)) return [{ overlap: versions }];
  const shared = depth < MAX_DEPTH ? findSharedRuns(older, newer, grain.sharedItems, grain.meter) : [];
  if (shared.length > 0) return mergeSequences({ base: shared, older, newer }, grain, depth + 1);
  const [first, second] = grain.goesFirst(newer, older) ? [newer, older] : [older, newer];
  return [{ items: first }, { items: grain.separate(first, second) }, { items: second }];
}

function isTypedFurther(before: readonly string[], after: readonly string[]): boolean {
  const last = before.length - 1;
  const [from, to] = [before[last], after[last]];
  if (from === undefined || to === undefined || !isSpoken(from) || !textOf(to).startsWith(textOf(from))) return false;
  return before.every((item, at) => at === last || item === after[at]);
}

/** Whether all items of `part` are in `whole`, in their order. */
export function containsInOrder(whole: readonly string[], part: readonly string[]): boolean {
  let found = 0;
  for (const item of whole) if (found < part.length && item === part[found]) found++;
  return found === part.length;
}

function equalItems(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, at) => item === b[at]);
}
