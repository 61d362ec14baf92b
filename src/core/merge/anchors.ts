/** A pair of equal items: one place in the base, one in the side. */
export type Anchor = readonly [number, number];

/** Runs of up to so many items are looked at: one line, or half a sentence of words. */
const LONGEST_RUN = 16;

/**
 * The anchors between two stretches of numbered items: starts of runs that occur exactly once in each of them. Single
 * items first; where none is unique, runs of two, four and so on. They rise on both sides. `spend` is asked before each
 * pass over the items, and may stop the search.
 */
export function findAnchors(
  base: readonly number[],
  side: readonly number[],
  spend: (lookups: number) => boolean,
): readonly Anchor[] {
  let runs = [base, side] as const;
  for (let length = 1; length <= LONGEST_RUN; length *= 2) {
    if (base.length < length || side.length < length || !spend(base.length + side.length)) return [];
    if (length > 1) runs = joinRuns(runs[0], runs[1], length / 2);
    const pairs = findUniquePairs(runs[0], runs[1]);
    if (pairs.length > 0) return longestRising(pairs);
  }
  return [];
}

/** Numbers for runs of twice the length, from the numbers of the runs that start `step` apart. */
function joinRuns(
  base: readonly number[],
  side: readonly number[],
  step: number,
): readonly [readonly number[], readonly number[]] {
  const numbers = new Map<number, number>();
  const join = (runs: readonly number[]): readonly number[] => {
    const joined: number[] = [];
    for (let at = 0; at + step < runs.length; at++) {
      // Two numbers below 2^26 in the 53 bits that a number holds exactly.
      const key = (runs[at] as number) * 2 ** 26 + (runs[at + step] as number);
      const known = numbers.get(key);
      if (known === undefined) numbers.set(key, numbers.size);
      joined.push(known ?? numbers.size - 1);
    }
    return joined;
  };
  return [join(base), join(side)];
}

function findUniquePairs(base: readonly number[], side: readonly number[]): readonly Anchor[] {
  const [inBase, inSide] = [findPlaces(base), findPlaces(side)];
  const pairs: Anchor[] = [];
  // A map gives its keys in the order of their first place: the pairs rise in the base.
  for (const [run, at] of inBase) {
    const sideAt = inSide.get(run) ?? -1;
    if (at >= 0 && sideAt >= 0) pairs.push([at, sideAt]);
  }
  return pairs;
}

/** Where each run is; -1 for a run that is at two places. */
function findPlaces(runs: readonly number[]): ReadonlyMap<number, number> {
  const places = new Map<number, number>();
  for (const [at, run] of runs.entries()) places.set(run, places.has(run) ? -1 : at);
  return places;
}

/** The longest chain of pairs that rises in both members; `pairs` rise in the first. Patience sorting, n log n. */
function longestRising(pairs: readonly Anchor[]): readonly Anchor[] {
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
