import { diffIndices } from 'node-diff3';

/** One change between two sequences: `base[start, end)` became `side[sideStart, sideEnd)`. Never empty on both. */
export interface Hunk {
  readonly start: number;
  readonly end: number;
  readonly sideStart: number;
  readonly sideEnd: number;
}

/** By how many items a change makes the side longer than the base. */
export const growthOf = ({ start, end, sideStart, sideEnd }: Hunk): number => sideEnd - sideStart - (end - start);

/** Counts the work of one merge. Once `limit` is near, diffs get coarser instead of slower. */
export interface WorkMeter {
  spent: number;
  readonly limit: number;
}

/**
 * Steps that one text field may cost. node-diff3's longest common subsequence is worse than quadratic where lines repeat:
 * 4,000 Markdown lines took it 8.9 s. This many estimated steps stay well below a second on a slow laptop.
 */
export const WORK_LIMIT = 100_000_000;

/** Runs of this many items are looked for as anchors, shortest first: single lines, then a few words, then half a sentence. */
const WINDOWS = [1, 4, 16] as const;

/** [base start, base end, side start, side end] */
type Segment = readonly [number, number, number, number];

/**
 * The changes that lead from `base` to `side`, in order, each separated from the next by at least one equal item.
 *
 * Patience first (Bram Cohen's diff): runs that occur once on both sides are anchors, and only what lies between two
 * anchors goes to node-diff3. A segment that the meter cannot pay for is given as one coarse change: true, only not
 * the smallest. The result depends on the arguments alone.
 */
export function diffSequences(base: readonly string[], side: readonly string[], meter: WorkMeter): readonly Hunk[] {
  const hunks: Hunk[] = [];
  // A stack, not recursion: adversarial input would nest as deep as it is long. The last segment pushed comes first.
  const open: Segment[] = [[0, base.length, 0, side.length]];
  for (let next = open.pop(); next; next = open.pop()) {
    const segment = trimCommonEnds(base, side, next);
    const [start, end, sideStart, sideEnd] = segment;
    meter.spent += next[1] - next[0] + 1;
    if (start === end && sideStart === sideEnd) continue;
    if (start === end || sideStart === sideEnd) {
      hunks.push({ start, end, sideStart, sideEnd });
      continue;
    }
    const anchors = findAnchors(base, side, segment, meter);
    if (anchors.length > 0) open.push(...splitAt(segment, anchors).reverse());
    else hunks.push(...diffSegment(base, side, segment, meter));
  }
  return hunks;
}

function trimCommonEnds(base: readonly string[], side: readonly string[], segment: Segment): Segment {
  let [start, end, sideStart, sideEnd] = segment;
  while (start < end && sideStart < sideEnd && base[start] === side[sideStart]) {
    start++;
    sideStart++;
  }
  while (start < end && sideStart < sideEnd && base[end - 1] === side[sideEnd - 1]) {
    end--;
    sideEnd--;
  }
  return [start, end, sideStart, sideEnd];
}

type Anchor = readonly [number, number];

function findAnchors(base: readonly string[], side: readonly string[], segment: Segment, meter: WorkMeter): readonly Anchor[] {
  const [start, end, sideStart, sideEnd] = segment;
  for (const window of WINDOWS) {
    if (end - start < window || sideEnd - sideStart < window) return [];
    const cost = (end - start + sideEnd - sideStart) * window;
    if (meter.spent + cost > meter.limit) return [];
    meter.spent += cost;
    const inBase = findUnique(base, start, end, window);
    const inSide = findUnique(side, sideStart, sideEnd, window);
    const pairs: Anchor[] = [];
    for (const [run, at] of inBase) {
      const sideAt = inSide.get(run);
      if (at >= 0 && sideAt !== undefined && sideAt >= 0) pairs.push([at, sideAt]);
    }
    if (pairs.length > 0) return longestIncreasing(pairs.sort((a, b) => a[0] - b[0]));
  }
  return [];
}

/** Where each run of `window` items stands; -1 for a run that stands at two places. */
function findUnique(items: readonly string[], start: number, end: number, window: number): ReadonlyMap<string, number> {
  const places = new Map<string, number>();
  for (let at = start; at + window <= end; at++) {
    const run = window === 1 ? (items[at] as string) : items.slice(at, at + window).join('\u0000');
    places.set(run, places.has(run) ? -1 : at);
  }
  return places;
}

/** The longest chain of pairs that rises in both members; `pairs` rise in the first. Patience sorting, n log n. */
function longestIncreasing(pairs: readonly Anchor[]): readonly Anchor[] {
  const tails: number[] = [];
  const before: number[] = [];
  for (const [at, pair] of pairs.entries()) {
    let low = 0;
    let high = tails.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((pairs[tails[middle] as number] as Anchor)[1] < pair[1]) low = middle + 1;
      else high = middle;
    }
    before[at] = low > 0 ? (tails[low - 1] as number) : -1;
    tails[low] = at;
  }
  const chain: Anchor[] = [];
  for (let at = tails.at(-1) ?? -1; at >= 0; at = before[at] as number) chain.push(pairs[at] as Anchor);
  return chain.reverse();
}

function splitAt(segment: Segment, anchors: readonly Anchor[]): Segment[] {
  const parts: Segment[] = [];
  let [start, end, sideStart, sideEnd] = segment;
  for (const [at, sideAt] of anchors) {
    parts.push([start, at, sideStart, sideAt]);
    start = at + 1;
    sideStart = sideAt + 1;
  }
  parts.push([start, end, sideStart, sideEnd]);
  return parts;
}

function diffSegment(base: readonly string[], side: readonly string[], segment: Segment, meter: WorkMeter): readonly Hunk[] {
  const [start, end, sideStart, sideEnd] = segment;
  const left = base.slice(start, end);
  const right = side.slice(sideStart, sideEnd);
  const cost = estimateCost(left, right);
  if (meter.spent + cost > meter.limit) return [{ start, end, sideStart, sideEnd }];
  meter.spent += cost;
  return diffIndices(left, right).map(({ buffer1, buffer2 }) => ({
    start: start + buffer1[0],
    end: start + buffer1[0] + buffer1[1],
    sideStart: sideStart + buffer2[0],
    sideEnd: sideStart + buffer2[0] + buffer2[1],
  }));
}

/** An upper bound of node-diff3's inner steps: for each item, each equal item of the other side, each candidate so far. */
function estimateCost(left: readonly string[], right: readonly string[]): number {
  const counts = new Map<string, number>();
  for (const item of right) counts.set(item, (counts.get(item) ?? 0) + 1);
  const candidates = Math.min(left.length, right.length);
  let cost = left.length + right.length;
  for (const item of left) cost += (counts.get(item) ?? 0) * candidates;
  return cost;
}
