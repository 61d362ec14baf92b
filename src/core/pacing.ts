/** No hold is longer than this; one that seems to be was written before the clock was set back, and holds nothing. */
const MAX_HOLD_MS = 10_000;

/** How long a change that is held until `holdUntil` may not be sent yet, in ms; 0 where it is free to go. */
export const heldForMs = (holdUntil: number, nowMs: number): number => leftMs(holdUntil, nowMs, MAX_HOLD_MS);

/** How long it is until `until`, in ms; 0 from then on. A wait longer than `mostMs` was set by a clock that was set back since, and is over. */
export function leftMs(until: number, nowMs: number, mostMs: number): number {
  const ms = until - nowMs;
  return ms > 0 && ms <= mostMs ? ms : 0;
}

/**
 * Whether `ms` have passed since `sinceMs`, by a wall clock that may have been set back in between: what seems to have happened
 * later than now happened under another clock, and holds nothing up.
 */
export const hasPassed = (ms: number, sinceMs: number, nowMs: number): boolean => nowMs < sinceMs || nowMs - sinceMs >= ms;
