import { diffIndices } from 'node-diff3';
import { type Anchor, findAnchors } from './anchors.ts';
import { isVisible, isWord } from './pieces.ts';

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
 * 4,000 Markdown lines took it 8.9 s. A step is one of its inner comparisons; a look-up among the anchors counts as ten.
 * The costliest input found, 200,000 lines in another order, took 3 s on two shared cores; 20,000 rewritten words 0.5 s.
 */
export const WORK_LIMIT = 50_000_000;

const LOOKUP_STEPS = 10;

/** [base start, base end, side start, side end] */
type Segment = readonly [number, number, number, number];

/**
 * The changes that lead from `base` to `side`, in order, each separated from the next by at least one equal item.
 *
 * Words first: of two equally long alignments one can keep a line break and the other a word, and a word that both sides
 * of a merge kept must not be lost for a line break. So words are aligned alone, then signs between those, then the
 * blanks and line breaks between these.
 *
 * Patience (Bram Cohen's diff): runs that occur once on both sides are anchors, and only what lies between two
 * anchors goes to node-diff3. A segment that the meter cannot pay for is given as one coarse change: true, only not
 * the smallest. The result depends on the arguments alone.
 */
export function diffSequences(base: readonly string[], side: readonly string[], meter: WorkMeter): readonly Hunk[] {
  const [left, right] = numberItems(base, side);
  const spend = (steps: number): boolean => {
    if (meter.spent + steps > meter.limit) return false;
    meter.spent += steps;
    return true;
  };
  const whole = trimCommonEnds(left, right, [0, left.length, 0, right.length]);
  if (!spend(whole[1] - whole[0] + whole[3] - whole[2])) return isEmpty(whole) ? [] : [toHunk(whole)];
  const ranks = [base, side].map((items) => items.map(rankItem));
  let segments: readonly Segment[] = [whole];
  for (const rank of [WORD, SIGN]) {
    segments = segments.flatMap((segment) => {
      const places = findRanked(ranks[0] as readonly number[], rank, segment[0], segment[1]);
      const sidePlaces = findRanked(ranks[1] as readonly number[], rank, segment[2], segment[3]);
      return splitAt(segment, pairItems(left, right, places, sidePlaces, segment, spend));
    });
  }
  return segments.flatMap((segment) => diffNumbers(left, right, segment, spend));
}

const [BLANK, SIGN, WORD] = [0, 1, 2];
const rankItem = (item: string): number => (isWord(item) ? WORD : isVisible(item) ? SIGN : BLANK);

function findRanked(ranks: readonly number[], rank: number, start: number, end: number): readonly number[] {
  const places: number[] = [];
  for (let at = start; at < end; at++) if ((ranks[at] as number) >= rank) places.push(at);
  return places;
}

/** The pairs of equal items at these places, counted from the segment's start, as an alignment of them alone finds them. */
function pairItems(
  left: readonly number[],
  right: readonly number[],
  places: readonly number[],
  sidePlaces: readonly number[],
  [start, end, sideStart, sideEnd]: Segment,
  spend: (steps: number) => boolean,
): readonly Anchor[] {
  if (places.length === 0 || sidePlaces.length === 0) return [];
  if (places.length === end - start && sidePlaces.length === sideEnd - sideStart) return [];
  const numbers = places.map((at) => left[at] as number);
  const sideNumbers = sidePlaces.map((at) => right[at] as number);
  const hunks = diffNumbers(numbers, sideNumbers, [0, numbers.length, 0, sideNumbers.length], spend);
  const pairs: Anchor[] = [];
  let [at, sideAt] = [0, 0];
  const last = { start: numbers.length, end: 0, sideStart: 0, sideEnd: 0 };
  for (const hunk of [...hunks, last]) {
    for (; at < hunk.start; at++, sideAt++)
      pairs.push([(places[at] as number) - start, (sidePlaces[sideAt] as number) - sideStart]);
    [at, sideAt] = [hunk.end, hunk.sideEnd];
  }
  return pairs;
}

const isEmpty = ([start, end, sideStart, sideEnd]: Segment): boolean => start === end && sideStart === sideEnd;
const toHunk = ([start, end, sideStart, sideEnd]: Segment): Hunk => ({ start, end, sideStart, sideEnd });

/** The changes within a segment, whatever its items are. */
function diffNumbers(
  left: readonly number[],
  right: readonly number[],
  whole: Segment,
  spend: (steps: number) => boolean,
): readonly Hunk[] {
  const hunks: Hunk[] = [];
  // A stack, not recursion: adversarial input would nest as deep as it is long. The segment pushed last is the next one.
  const open: Segment[] = [whole];
  for (let next = open.pop(); next; next = open.pop()) {
    const segment = trimCommonEnds(left, right, next);
    const [start, end, sideStart, sideEnd] = segment;
    if (isEmpty(segment)) continue;
    if (start === end || sideStart === sideEnd) {
      hunks.push(toHunk(segment));
      continue;
    }
    const anchors = findAnchors(left.slice(start, end), right.slice(sideStart, sideEnd), (lookups) =>
      spend(lookups * LOOKUP_STEPS),
    );
    // No spread into `push`: the number of arguments is bounded (65,536 in WebKit), that of anchors is not.
    if (anchors.length > 0) for (const part of splitAt(segment, anchors).reverse()) open.push(part);
    else for (const hunk of diffSegment(left, right, segment, spend)) hunks.push(hunk);
  }
  return hunks;
}

/** Equal items get equal numbers: compared and looked up millions of times, numbers cost a tenth of texts. */
function numberItems(base: readonly string[], side: readonly string[]): readonly [readonly number[], readonly number[]] {
  const numbers = new Map<string, number>();
  const numberOf = (item: string): number => {
    const known = numbers.get(item);
    if (known !== undefined) return known;
    numbers.set(item, numbers.size);
    return numbers.size - 1;
  };
  return [base.map(numberOf), side.map(numberOf)];
}

function trimCommonEnds(base: readonly number[], side: readonly number[], segment: Segment): Segment {
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

/** The segments before, between and behind the anchors, which are counted from the segment's start. */
function splitAt(segment: Segment, anchors: readonly Anchor[]): Segment[] {
  const parts: Segment[] = [];
  const [first, end, sideFirst, sideEnd] = segment;
  let [start, sideStart] = [first, sideFirst];
  for (const [at, sideAt] of anchors) {
    parts.push([start, first + at, sideStart, sideFirst + sideAt]);
    start = first + at + 1;
    sideStart = sideFirst + sideAt + 1;
  }
  parts.push([start, end, sideStart, sideEnd]);
  return parts;
}

function diffSegment(
  base: readonly number[],
  side: readonly number[],
  [start, end, sideStart, sideEnd]: Segment,
  spend: (steps: number) => boolean,
): readonly Hunk[] {
  const left = base.slice(start, end);
  const right = side.slice(sideStart, sideEnd);
  if (!spend(estimateCost(left, right))) return [{ start, end, sideStart, sideEnd }];
  return diffIndices(left, right).map(({ buffer1, buffer2 }) => ({
    start: start + buffer1[0],
    end: start + buffer1[0] + buffer1[1],
    sideStart: sideStart + buffer2[0],
    sideEnd: sideStart + buffer2[0] + buffer2[1],
  }));
}

/** An upper bound of node-diff3's inner steps: for each item, each equal item of the other side, each candidate so far. */
function estimateCost(left: readonly number[], right: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const item of right) counts.set(item, (counts.get(item) ?? 0) + 1);
  const candidates = Math.min(left.length, right.length);
  let cost = left.length + right.length;
  for (const item of left) cost += (counts.get(item) ?? 0) * candidates;
  return cost;
}
