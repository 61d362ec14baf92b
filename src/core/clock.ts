/**
 * A hybrid logical clock (Kulkarni et al. 2014). A stamp is text that sorts as it was made:
 * `<ms, base 36, 9 digits>-<counter, base 36, 4 digits>-<tag of the device, 8 hex digits>`.
 * Time is an argument: this file never asks the world for it.
 */
import type { DeviceId, IdOf } from './ids.ts';

export type Stamp = IdOf<'stamp'>;

/** How far a received stamp may push the local clock ahead of wall time. Later stamps rank, but do not pull us along. */
export const MAX_DRIFT_MS = 5 * 60_000;

export const ZERO_STAMP: Stamp = '000000000-0000-00000000';

const MS_DIGITS = 9;
const COUNTER_DIGITS = 4;
const MAX_COUNTER = 36 ** COUNTER_DIGITS - 1;
const STAMP = /^[0-9a-z]{9}-[0-9a-z]{4}-[0-9a-f]{8}$/;

export interface StampParts {
  readonly ms: number;
  readonly counter: number;
  readonly tag: string;
}

export function isStamp(text: string): boolean {
  return STAMP.test(text);
}

/** What a device knows of the server's time. */
export interface ServerTime {
  /** The server's time when it was last received, ms. */
  readonly atMs: number;
  /** Server time minus the device's then, ms; 0 where the two were no further apart than `MAX_DRIFT_MS`. */
  readonly skewMs: number;
}

/** More than time zones differ by, and less than a day: the date is what is most often set wrong. */
const FAR_BEHIND_MS = 23 * 3_600_000;
/** A server that names a time outside of 2025 to 2100 has no clock. */
export const isPlausible = (serverMs: number): boolean => serverMs >= 1_735_689_600_000 && serverMs <= 4_102_444_800_000;
/** Below this a far skew is taken for the same: answers are late by seconds. */
const SAME_SKEW_MS = 60_000;

/** What is known after an answer that names the server's time. The same object where that changes nothing worth writing down. */
export function hearServer(before: ServerTime | undefined, serverMs: number, nowMs: number): ServerTime | undefined {
  if (!isPlausible(serverMs)) return before;
  const skew = Math.round(serverMs - nowMs);
  const skewMs = Math.abs(skew) > MAX_DRIFT_MS ? skew : 0;
  const isRecent = before !== undefined && serverMs >= before.atMs && serverMs - before.atMs < MAX_DRIFT_MS;
  const isSame = before !== undefined && (skewMs === 0) === (before.skewMs === 0);
  return isRecent && isSame && Math.abs(skewMs - before.skewMs) < SAME_SKEW_MS ? before : { atMs: serverMs, skewMs };
}

/**
 * The time as well as this device knows it, ms: its own clock, corrected by what the server said. A clock may be set at any
 * moment, which makes that correction worthless: seen by the time having gone back behind the server's last word, or by a
 * clock that was far behind and has caught up by itself.
 */
export function presentMs(nowMs: number, server: ServerTime | undefined): number {
  if (!server) return nowMs;
  const { atMs, skewMs } = server;
  if (nowMs + skewMs < atMs - MAX_DRIFT_MS) return Math.max(nowMs, atMs);
  const wasSetRight = skewMs > FAR_BEHIND_MS && nowMs >= atMs;
  return wasSetRight ? nowMs : nowMs + skewMs;
}

/** A clock that goes back by less is being kept right. */
const SET_BACK_MS = 60_000;

/**
 * When it was, as well as this device knows it, ms, that its clock said `thenMs`; now it says `nowMs`. Where that is earlier the clock
 * was set back since, and how far it is wrong now says nothing of then.
 */
export function pastMs(thenMs: number, nowMs: number, server: ServerTime | undefined): number {
  return thenMs - nowMs > SET_BACK_MS ? thenMs : thenMs + presentMs(nowMs, server) - nowMs;
}

/** Splits a stamp. The caller has checked it with `isStamp`. */
export function parseStamp(stamp: Stamp): StampParts {
  return {
    ms: Number.parseInt(stamp.slice(0, MS_DIGITS), 36),
    counter: Number.parseInt(stamp.slice(MS_DIGITS + 1, MS_DIGITS + 1 + COUNTER_DIGITS), 36),
    tag: stamp.slice(-8),
  };
}

export function formatStamp({ ms, counter, tag }: StampParts): Stamp {
  const time = Math.max(0, Math.floor(ms)).toString(36).padStart(MS_DIGITS, '0');
  return `${time}-${counter.toString(36).padStart(COUNTER_DIGITS, '0')}-${tag}`;
}

/** The tag that a device's stamps end in: the last eight hex digits of its id (its random part). */
export function stampTag(deviceId: DeviceId): string {
  return deviceId.slice(-8);
}

/**
 * The next stamp of this device: later than `last`, and not earlier than wall time. A `last` that cannot be, because it was
 * made while the clock was ahead, is to be ranked first (`rankStamp`): it would date all later stamps ahead.
 */
export function tick(last: Stamp, nowMs: number, tag: string): Stamp {
  const before = parseStamp(last);
  // A fraction would pass for later here and be cut off in the stamp.
  if (Math.floor(nowMs) > before.ms) return formatStamp({ ms: nowMs, counter: 0, tag });
  if (before.counter < MAX_COUNTER) return formatStamp({ ms: before.ms, counter: before.counter + 1, tag });
  return formatStamp({ ms: before.ms + 1, counter: 0, tag });
}

/**
/**
 * The stamp of a change that replaces what `replaced` stamped: later than it and later than `last`, as both rank now. What was
 * stamped while this or another device's clock was ahead keeps its own changes suspect, and none made after them.
 */
export function tickAfter(last: Stamp, replaced: readonly Stamp[], nowMs: number, tag: string): Stamp {
  const ranked = [last, ...replaced].map((stamp) => rankStamp(stamp, nowMs)).sort();
  return tick(ranked.at(-1) ?? last, nowMs, tag);
}

/**
 * The stamp of what was typed at `typedMs` and is written only now. A clock that others have pushed ahead of wall time says
 * how far ahead this device's time is; typing is as far ahead. One that was further ahead than others can push it was this
 * device's own, set wrong for a while, and says nothing. `seen` is the newest stamp that the typing was built on: it is
 * later than that, as it ranks now, whatever the time.
 */
export function tickTyped(last: Stamp, typedMs: number, nowMs: number, tag: string, seen: Stamp): Stamp {
  const aheadMs = Math.max(0, parseStamp(rankStamp(last, nowMs)).ms - Math.floor(nowMs));
  const typed = formatStamp({ ms: Math.min(typedMs, nowMs) + aheadMs, counter: 0, tag });
  const before = rankStamp(seen, nowMs);
  return typed > before ? typed : tick(before, 0, tag);
}

/**
 * The clock after seeing `remote`: never earlier than `last`, and never more than `MAX_DRIFT_MS` ahead of wall time
 * because of what another device claims.
 */
export function receive(last: Stamp, remote: Stamp, nowMs: number): Stamp {
  if (remote <= last) return last;
  const { ms, counter, tag } = parseStamp(remote);
  const bound = nowMs + MAX_DRIFT_MS;
  const bounded = ms <= bound ? formatStamp({ ms, counter, tag }) : formatStamp({ ms: bound, counter: 0, tag });
  return bounded > last ? bounded : last;
}

/**
 * The stamp to compare by: one that claims to be later than its acceptance by the server plus `MAX_DRIFT_MS` ranks as
 * the time of acceptance. Without an acceptance time it ranks as it is.
 */
export function rankStamp(stamp: Stamp, acceptedAtMs: number | null): Stamp {
  if (acceptedAtMs === null) return stamp;
  const { ms, counter, tag } = parseStamp(stamp);
  return ms > acceptedAtMs + MAX_DRIFT_MS ? formatStamp({ ms: acceptedAtMs, counter, tag }) : stamp;
}

/** Whether `rankStamp` had to correct the stamp: its device's clock is not to be trusted. */
export function isSuspectStamp(stamp: Stamp, acceptedAtMs: number | null): boolean {
  return acceptedAtMs !== null && parseStamp(stamp).ms > acceptedAtMs + MAX_DRIFT_MS;
}
