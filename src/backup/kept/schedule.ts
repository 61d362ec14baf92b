/** When the next backup is due. Pure: the time and what is known go in. */
import type { BackupFailure, BackupPace, PlaceState } from '#core/backup-places.ts';
import type { BackupInfo } from '#core/backups.ts';
import type { BackupError } from '#core/errors.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const paceMs = (pace: BackupPace): number => (pace === 'daily' ? DAY_MS : Number(pace) * MINUTE_MS);

/** After the first failure, and at most: twice as long after each. */
const RETRY_MS = MINUTE_MS;
const MAX_RETRY_MS = 60 * MINUTE_MS;

/** All of the newest backup of a place is read again after so long. */
const CHECK_MS = 7 * 24 * 60 * MINUTE_MS;

/**
 * When all parts of a backup were last read: the first one reads what it writes, later ones share it. A time to come, from before the clock was set back, does
 * not count. Null where there is none.
 */
export function lastCheckOf(backups: readonly BackupInfo[], nowMs: number): number | null {
  const times = [backups.at(-1)?.madeAt ?? 0, ...backups.map(({ checkedAt }) => checkedAt ?? 0)];
  return backups.length === 0 ? null : Math.max(0, ...times.filter((at) => at <= nowMs));
}

/** Whether all of the newest is to be read again. */
export const isCheckDue = (checkedAt: number | null, nowMs: number): boolean =>
  checkedAt !== null && (checkedAt > nowMs || nowMs - checkedAt >= CHECK_MS);

/** When one of them was last seen whole. */
export function lastVerifiedOf(backups: readonly BackupInfo[]): number | null {
  const whole = backups.flatMap(({ verifiedAt }) => verifiedAt ?? []);
  return whole.length === 0 ? null : Math.max(...whole);
}

/** One that was found damaged is no backup of what has changed since the one before it. */
export const isUndamaged = ({ damaged }: Pick<BackupInfo, 'damaged'>): boolean => damaged.length === 0;

/** What is known of a place with these backups of the workspace, of which the next one goes on from `last`. */
export const stateOf = (
  backups: readonly BackupInfo[],
  bytes: number,
  last: BackupInfo | null,
  nowMs: number,
  lackingFiles = 0,
): PlaceState => ({
  mirroredAt: backups.find(({ reason }) => reason === 'mirror')?.madeAt ?? null,
  backups: backups.length,
  bytes,
  last: last && { madeAt: last.madeAt, localSeq: last.localSeq, database: last.database },
  lastVerifiedAt: lastVerifiedOf(backups),
  checkedAt: lastCheckOf(backups, nowMs),
  lackingFiles,
});

export interface ScheduleFacts {
  readonly pace: BackupPace;
  /** Of the newest backup; null where there is none. */
  readonly last: { readonly madeAt: number; readonly localSeq: number; readonly database: number | null } | null;
  /** Of the workspace now. */
  readonly now: { readonly localSeq: number; readonly database: number | null };
  readonly failure: BackupFailure | null;
}

export interface Due {
  /** There is something to back up, and the time has come. */
  readonly isDue: boolean;
  /** When to look again, wall time in ms: behind `nowMs` where nothing is due. */
  readonly at: number;
}

/**
 * The backup that the next one goes on from: of this database the one that has seen most of it, whatever the clock said then; where there is
 * none, the newest. Null where there is no backup.
 */
export function newestOf<B extends { readonly madeAt: number; readonly localSeq: number; readonly database: number | null }>(
  backups: readonly B[],
  database: number | null,
): B | null {
  const own = backups.filter((one) => one.database === database).sort((a, b) => b.localSeq - a.localSeq || b.madeAt - a.madeAt);
  return own[0] ?? [...backups].sort((a, b) => b.madeAt - a.madeAt)[0] ?? null;
}

/** From when on it may be tried again. A time that no attempt could have set comes from before the clock was set back. */
export const retryOf = (failure: BackupFailure | null, nowMs: number): number =>
  failure && failure.retryAt <= nowMs + MAX_RETRY_MS ? failure.retryAt : 0;

/** A clock that was set back makes nothing wait longer than the pace. */
export function nextDue({ pace, last, now, failure }: ScheduleFacts, nowMs: number): Due {
  const every = paceMs(pace);
  const hasChanged = last ? last.localSeq !== now.localSeq || last.database !== now.database : now.localSeq > 0;
  const wanted = last && last.madeAt <= nowMs ? last.madeAt + every : nowMs;
  const at = Math.max(wanted, retryOf(failure, nowMs));
  if (!hasChanged) return { isDue: false, at: at > nowMs ? at : nowMs + every };
  return at <= nowMs ? { isDue: true, at: nowMs } : { isDue: false, at };
}

/** What is known after one more failed attempt. */
export function addFailure(before: BackupFailure | null, error: BackupError, nowMs: number): BackupFailure {
  const attempts = (before?.attempts ?? 0) + 1;
  const waitMs = Math.min(MAX_RETRY_MS, RETRY_MS * 2 ** Math.min(attempts - 1, 10));
  return { error, since: before?.since ?? nowMs, attempts, retryAt: nowMs + waitMs };
}
