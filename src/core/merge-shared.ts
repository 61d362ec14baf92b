import { diffSequences, growthOf, type Hunk, type WorkMeter } from './merge-diff.ts';
import { isBlank } from './merge-pieces.ts';

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
  const isGone = createGoneTest(otherChanges);
  const isInserted = createInsertedTest(side, diffSequences(side, other, meter), otherChanges);
  const advanced: string[] = [];
  let at = 0;
  for (const change of diffSequences(base, side, meter)) {
    for (; at < change.start; at++) advanced.push(base[at] as string);
    const [gone, inserted] = [isGone(change), isInserted(change)];
    if (!gone || !inserted) continue;
    for (let from = change.sideStart; from < change.sideEnd; from++) advanced.push(side[from] as string);
    at = change.end;
  }
  for (; at < base.length; at++) advanced.push(base[at] as string);
  return advanced;
}

// Both tests are asked for changes in their order only and walk along with them: searching anew for each of 10,000
// changes would be quadratic.

/** Whether what a change removed is removed on the other side, too. */
function createGoneTest(otherChanges: readonly Hunk[]): (change: Hunk) => boolean {
  let next = 0;
  return ({ start, end }) => {
    if (start === end) return true;
    while ((otherChanges[next]?.end ?? end) < end) next++;
    const other = otherChanges[next];
    return other !== undefined && other.start <= start;
  };
}

/**
 * Whether what a change inserted stands on the other side, and was inserted there, too. The second half matters: items
 * that the other side has from the base would be counted twice, and then each side would seem to have removed one. It
 * is not asked of blanks: which of two stems from the base is chance.
 */
function createInsertedTest(
  side: readonly string[],
  between: readonly Hunk[],
  otherChanges: readonly Hunk[],
): (change: Hunk) => boolean {
  let [passed, shift, next] = [0, 0, 0];
  return ({ sideStart, sideEnd }) => {
    for (let hunk = between[passed]; hunk && hunk.end <= sideStart; hunk = between[++passed]) shift += growthOf(hunk);
    if ((between[passed]?.start ?? sideEnd) < sideEnd) return false;
    for (let at = sideStart; at < sideEnd; at++) {
      const otherAt = at + shift;
      while ((otherChanges[next]?.sideEnd ?? Infinity) <= otherAt) next++;
      if (!isBlank(side[at] as string) && (otherChanges[next]?.sideStart ?? Infinity) > otherAt) return false;
    }
    return true;
  };
}
