import { diffSequences, growthOf, type Hunk, type WorkMeter } from './merge-diff.ts';
import { isSpoken } from './merge-pieces.ts';

/**
 * The base, moved on by the changes that both sides hold already. A base can be older than what the sides have really in
 * common (a reconcile after the server was restored, a merge repeated after a kill); merged over it, a shared insertion
 * would stand twice. Gives `base` itself where nothing is shared.
 */
export function advanceBase(
  base: readonly string[],
  older: readonly string[],
  newer: readonly string[],
  meter: WorkMeter,
): readonly string[] {
  if (!haveNewItemInCommon(base, older, newer, meter)) return base;
  return applyShared(applyShared(base, newer, older, meter), older, newer, meter);
}

/** Cheap and nearly always false: what two people write apart seldom shares a new line, or a new word. */
function haveNewItemInCommon(
  base: readonly string[],
  older: readonly string[],
  newer: readonly string[],
  meter: WorkMeter,
): boolean {
  meter.spent += base.length + older.length + newer.length;
  const known = new Set(base);
  const added = new Set(older.filter((item) => !known.has(item)));
  return newer.some((item) => added.has(item));
}

/** `base` with those changes of `side` that `other` made as well. */
function applyShared(
  base: readonly string[],
  side: readonly string[],
  other: readonly string[],
  meter: WorkMeter,
): readonly string[] {
  const otherChanges = diffSequences(base, other, meter);
  const between = diffSequences(side, other, meter);
  const advanced: string[] = [];
  let at = 0;
  for (const change of diffSequences(base, side, meter)) {
    for (; at < change.start; at++) advanced.push(base[at] as string);
    if (!isGone(change, otherChanges) || !isInserted(change, side, between, otherChanges)) continue;
    for (let from = change.sideStart; from < change.sideEnd; from++) advanced.push(side[from] as string);
    at = change.end;
  }
  for (; at < base.length; at++) advanced.push(base[at] as string);
  return advanced;
}

/** Whether what the change removed is removed on the other side, too. */
const isGone = ({ start, end }: Hunk, otherChanges: readonly Hunk[]): boolean =>
  start === end || otherChanges.some((other) => other.start <= start && end <= other.end);

/**
 * Whether what the change inserted stands on the other side, and was inserted there, too. The second half matters: items
 * that the other side has from the base would be counted twice, and then each side would seem to have removed one. It
 * is not asked of blank lines: which of two stems from the base is chance.
 */
function isInserted(
  { sideStart, sideEnd }: Hunk,
  side: readonly string[],
  between: readonly Hunk[],
  otherChanges: readonly Hunk[],
): boolean {
  if (between.some(({ start, end }) => start < sideEnd && sideStart < end)) return false;
  const shift = between.reduce((sum, hunk) => (hunk.end <= sideStart ? sum + growthOf(hunk) : sum), 0);
  for (let at = sideStart; at < sideEnd; at++) {
    if (!isSpoken(side[at] as string)) continue;
    if (!otherChanges.some((other) => other.sideStart <= at + shift && at + shift < other.sideEnd)) return false;
  }
  return true;
}
