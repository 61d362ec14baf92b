/** Which backups stay. Pure: what is known of them goes in, what may be removed comes out. */
import type { Counts } from '#core/backups.ts';
import type { EntityDeclaration, Ledger } from '#core/entity.ts';

/** The newest so many stay, and the newest of each of so many days and weeks. */
const NEWEST = 10;
const DAYS = 14;
const WEEKS = 8;
const DAY_MS = 24 * 3_600_000;
const WEEK_MS = 7 * DAY_MS;
/** The first day of 1970 was a Thursday: weeks begin on Mondays. */
const MONDAY_MS = 3 * DAY_MS;

/** Below this number a kind may lose more than half without a question. */
const FEW = 10;

/** What is known of a backup in its place. */
export interface KeptState {
  readonly id: string;
  /** Wall time in ms. */
  readonly madeAt: number;
  /** All of it was there when it was last read: when it was made, or in a later check. */
  readonly isWhole: boolean;
  /** Much was gone from the workspace when it was made, and the person has not said that this is meant. */
  readonly isShrunken: boolean;
  /** Somebody uses it, or it was made to be kept. */
  readonly isPinned: boolean;
  /** It takes the place of the mirror before it, and of nothing else. */
  readonly isMirror: boolean;
}

/**
 * The ids of those that may be removed. Takes them newest first, in the order in which they were made (`newestFirst`). As long as the newest is a shrunken one, such take the place of each other alone. `offsetMinutes` is that of
 * `Date.getTimezoneOffset`: days are those of the person.
 */
export function planRemoval(all: readonly KeptState[], offsetMinutes: number): readonly string[] {
  const newestFirst = all.filter(({ isMirror }) => !isMirror);
  const rotating = newestFirst[0]?.isShrunken ? newestFirst.filter(({ isShrunken }) => isShrunken) : newestFirst;
  const stays = stayIn(rotating, offsetMinutes);
  const whole = newestFirst.filter(({ isWhole }) => isWhole);
  const lastWhole = [whole[0]?.id, whole.find(({ isShrunken }) => !isShrunken)?.id];
  const mirrors = all.filter(({ isMirror }) => isMirror);
  const lastMirrors = [mirrors[0]?.id, mirrors.find(({ isWhole, isShrunken }) => isWhole && !isShrunken)?.id];
  const removed = [
    ...rotating.filter(({ id }) => !stays.has(id) && !lastWhole.includes(id)),
    ...mirrors.filter(({ id }) => !lastMirrors.includes(id)),
  ];
  return removed.filter(({ isPinned }) => !isPinned).map(({ id }) => id);
}

/** By counting back from the newest: where nothing was backed up for a month, nothing ages meanwhile. */
function stayIn(newestFirst: readonly KeptState[], offsetMinutes: number): ReadonlySet<string> {
  const localMs = (one: KeptState): number => one.madeAt - offsetMinutes * 60_000;
  const newestOfEach = (lengthMs: number, shiftMs: number, most: number): readonly string[] => {
    const found = new Map<number, string>();
    for (const one of newestFirst) {
      const slot = Math.floor((localMs(one) + shiftMs) / lengthMs);
      if (!found.has(slot)) found.set(slot, one.id);
    }
    return [...found.values()].slice(0, most);
  };
  return new Set([
    ...newestFirst.slice(0, NEWEST).map(({ id }) => id),
    ...newestOfEach(DAY_MS, 0, DAYS),
    ...newestOfEach(WEEK_MS, MONDAY_MS, WEEKS),
  ]);
}

/** Whether a person would miss what is gone of a kind: their documents and what is in them, and what this app does not know. */
const isMissed = (declaration: EntityDeclaration | undefined): boolean =>
  !declaration || declaration.document !== undefined || declaration.parent !== undefined;

/** More than half of a kind is gone, of which there were at least ten; or all documents. What is in the bin is not gone. */
export function isShrunken(before: Counts, now: Counts, ledger: Ledger): boolean {
  const total = (counts: Counts, kind: string): number => {
    const found = Object.hasOwn(counts, kind) ? counts[kind] : undefined;
    return found ? found.live + found.binned : 0;
  };
  const kinds = Object.keys(before).filter((kind) => isMissed(ledger.get(kind)));
  const isHalved = kinds.some((kind) => total(before, kind) >= FEW && total(now, kind) * 2 < total(before, kind));
  const sum = (counts: Counts): number => kinds.reduce((all, kind) => all + total(counts, kind), 0);
  return isHalved || (sum(before) > 0 && sum(now) === 0);
}
