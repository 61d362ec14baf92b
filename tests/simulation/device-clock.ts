import type { Clock } from '#core/ports.ts';
import type { Actor, Scheduler } from './scheduler.ts';

/** Wall time at the start of every run: 2026-03-01 08:00 UTC. */
export const START_MS = Date.UTC(2026, 2, 1, 8);

/** One device's wall clock over the world's time: it may be wrong, and it may jump. Timers do not care. */
export interface DeviceClock {
  for(actor: Actor): Clock;
  now(): number;
  jump(byMs: number): void;
  /** Whether it was right, to some seconds, from `fromMs` to `toMs` of the world's time. */
  wasRight(fromMs: number, toMs: number): boolean;
}

const NEARLY_RIGHT_MS = 3000;

export function createDeviceClock(scheduler: Scheduler, skewMs: number): DeviceClock {
  let offset = START_MS + skewMs;
  const errors: { readonly from: number; readonly ms: number }[] = [{ from: 0, ms: skewMs }];
  const now = (): number => Math.floor(scheduler.now() + offset);
  return {
    now,
    for: (actor) => ({ now, setTimer: (ms, fire) => scheduler.timer(actor, ms, fire, 'timer') }),
    wasRight: (fromMs, toMs) =>
      errors.every(({ from, ms }, index) => {
        const until = errors[index + 1]?.from ?? Number.POSITIVE_INFINITY;
        return Math.abs(ms) <= NEARLY_RIGHT_MS || from > toMs || until < fromMs;
      }),
    jump(byMs) {
      offset += byMs;
      errors.push({ from: scheduler.now(), ms: offset - START_MS });
    },
  };
}
