import { growthOf, type Hunk } from './diff.ts';

/** A stretch of the base in which one side's changes overlap or touch the other's, or in which only one side changed. */
export interface Region {
  readonly start: number;
  readonly end: number;
  readonly older: readonly Hunk[];
  readonly newer: readonly Hunk[];
  /** How far the sides have moved against the base before this region. */
  readonly olderShift: number;
  readonly newerShift: number;
}

/** Groups the changes of both sides: those that overlap or touch are in one region. */
export function findRegions(older: readonly Hunk[], newer: readonly Hunk[]): readonly Region[] {
  const regions: Region[] = [];
  let [o, n, olderShift, newerShift] = [0, 0, 0, 0];
  while (o < older.length || n < newer.length) {
    const start = Math.min(older[o]?.start ?? Infinity, newer[n]?.start ?? Infinity);
    const [firstOlder, firstNewer] = [o, n];
    let end = start;
    for (let grown = true; grown; ) {
      grown = false;
      for (let hunk = older[o]; hunk && hunk.start <= end; hunk = older[++o]) {
        end = Math.max(end, hunk.end);
        grown = true;
      }
      for (let hunk = newer[n]; hunk && hunk.start <= end; hunk = newer[++n]) {
        end = Math.max(end, hunk.end);
        grown = true;
      }
    }
    const region = { start, end, older: older.slice(firstOlder, o), newer: newer.slice(firstNewer, n), olderShift, newerShift };
    regions.push(region);
    olderShift += growth(region.older);
    newerShift += growth(region.newer);
  }
  return regions;
}

/** By how many items the changes make a side longer than the base. */
export const growth = (hunks: readonly Hunk[]): number => hunks.reduce((sum, hunk) => sum + growthOf(hunk), 0);

/** Whether a change of one side shares a base item with a change of the other, or inserts between two that it changed. */
export function overlaps({ older, newer }: Region): boolean {
  let [o, n] = [0, 0];
  for (;;) {
    const a = older[o];
    const b = newer[n];
    if (!a || !b) return false;
    if (a.start < b.end && b.start < a.end) return true;
    if (a.end < b.end || (a.end === b.end && a.start < b.start)) o++;
    else n++;
  }
}
