import { diffSequences, type Hunk, type WorkMeter } from './diff.ts';
import { isBlank, isSpoken, splitWords, textOf } from './pieces.ts';

const wordsIn = (item: string): readonly string[] => splitWords(textOf(item)).filter(isSpoken);

/**
 * The base, moved on by the changes that both sides hold already. A base can be older than what the sides have really in
 * common (a reconcile after the server was restored, a merge repeated after a kill); merged over it, a shared insertion
 * would be there twice. Gives `base` itself where nothing is shared. Runs of fewer than `minSpoken` words are chance.
 */
export function advanceBase(
  base: readonly string[],
  older: readonly string[],
  newer: readonly string[],
  minSpoken: number,
  meter: WorkMeter,
): readonly string[] {
  if (!haveNewItemInCommon(base, older, newer, meter)) return base;
  const advanced = applyShared(base, newer, older, minSpoken, meter);
  return applyShared(advanced, older, newer, minSpoken, meter);
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
  return newer.some((item) => added.has(item) && isSpoken(item));
}

/** `base` with those changes of `side` that `other` made, too; of an insertion also a part. */
function applyShared(
  base: readonly string[],
  side: readonly string[],
  other: readonly string[],
  minSpoken: number,
  meter: WorkMeter,
): readonly string[] {
  const otherChanges = diffSequences(base, other, meter);
  const isGone = markItems(base.length, otherChanges, ({ start, end }) => [start, end]);
  const isShared = findSharedItems(side, other, otherChanges, meter);
  const advanced: string[] = [];
  const copy = (from: readonly string[], start: number, end: number): void => {
    for (let at = start; at < end; at++) advanced.push(from[at] as string);
  };
  let at = 0;
  for (const { start, end, sideStart, sideEnd } of diffSequences(base, side, meter)) {
    copy(base, at, start);
    at = end;
    const isSameChange =
      isWhole(isShared, sideStart, sideEnd) &&
      isWhole(isGone, start, end) &&
      !isEditedBy(base.slice(start, end), side.slice(sideStart, sideEnd), writtenFor(start, end, other, otherChanges), meter);
    if (isSameChange) {
      copy(side, sideStart, sideEnd);
      continue;
    }
    copy(base, start, end);
    // Of a change that replaced items, what is shared in part may itself be the new form of one of them.
    if (end > start) continue;
    for (const run of findRuns(isShared, sideStart, sideEnd)) {
      if (side.slice(...run).filter(isSpoken).length >= minSpoken) copy(side, ...run);
    }
  }
  copy(base, at, base.length);
  return advanced;
}

/** What the changes that touch `base[start, end)` wrote instead of it. */
const writtenFor = (start: number, end: number, side: readonly string[], changes: readonly Hunk[]): readonly string[] =>
  changes
    .filter((hunk) => hunk.start < end && start < hunk.end)
    .flatMap(({ sideStart, sideEnd }) => side.slice(sideStart, sideEnd));

/**
 * Whether the other side has written more for the removed items than what both share, with a word of them in it: then it
 * has edited one of them, which is not the same as removing it.
 */
function isEditedBy(
  removed: readonly string[],
  shared: readonly string[],
  written: readonly string[],
  meter: WorkMeter,
): boolean {
  const both = new Set(shared);
  const more = written.filter((item) => !both.has(item));
  if (removed.length === 0 || more.length === 0) return false;
  meter.spent += removed.length + more.length;
  const kept = new Set(shared.flatMap(wordsIn));
  const words = new Set(more.flatMap(wordsIn));
  return removed.flatMap(wordsIn).some((word) => words.has(word) && !kept.has(word));
}

/**
 * Which items of `side` are in `other` and were inserted there. The second half matters: items that the other side has
 * from the base would be counted twice, and then each side would seem to have removed one. It is not asked of blanks:
 * which of two stems from the base is chance.
 */
function findSharedItems(
  side: readonly string[],
  other: readonly string[],
  otherChanges: readonly Hunk[],
  meter: WorkMeter,
): readonly boolean[] {
  const isInserted = markItems(other.length, otherChanges, ({ sideStart, sideEnd }) => [sideStart, sideEnd]);
  const shared: boolean[] = new Array<boolean>(side.length).fill(false);
  let [at, otherAt] = [0, 0];
  const end: Hunk = { start: side.length, end: side.length, sideStart: other.length, sideEnd: other.length };
  for (const hunk of [...diffSequences(side, other, meter), end]) {
    for (; at < hunk.start; at++, otherAt++) shared[at] = isInserted[otherAt] === true || isBlank(side[at] as string);
    [at, otherAt] = [hunk.end, hunk.sideEnd];
  }
  return shared;
}

function markItems(
  length: number,
  hunks: readonly Hunk[],
  rangeOf: (hunk: Hunk) => readonly [number, number],
): readonly boolean[] {
  const marks = new Array<boolean>(length).fill(false);
  for (const hunk of hunks) marks.fill(true, ...rangeOf(hunk));
  return marks;
}

function isWhole(marks: readonly boolean[], start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (!marks[at]) return false;
  return true;
}

/** The marked stretches between `start` and `end`. */
function findRuns(marks: readonly boolean[], start: number, end: number): readonly (readonly [number, number])[] {
  const runs: (readonly [number, number])[] = [];
  for (let at = start; at < end; at++) {
    if (!marks[at]) continue;
    const from = at;
    while (at < end && marks[at]) at++;
    runs.push([from, at]);
  }
  return runs;
}

/**
 * What two insertions at one point share: the runs of equal items that hold so many spoken ones. Shorter runs are chance:
 * two sentences may both end in "is small."
 */
export function findSharedRuns(
  older: readonly string[],
  newer: readonly string[],
  minSpoken: number,
  meter: WorkMeter,
): readonly string[] {
  const shared: string[] = [];
  let at = 0;
  for (const { start, end } of [...diffSequences(older, newer, meter), { start: older.length, end: older.length }]) {
    const run = older.slice(at, start);
    if (run.filter(isSpoken).length >= minSpoken) for (const item of run) shared.push(item);
    at = end;
  }
  return shared;
}
