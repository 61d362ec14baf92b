import type { Clock } from '#core/ports.ts';
import type { Actor, Scheduler } from './scheduler.ts';

/** Wall time at the start of every run: 2026-03-01 08:00 UTC. */
export const START_MS = Date.UTC(2026, 2, 1, 8);

/** One device's wall clock over the world's time: it may be wrong, and it may jump. Timers do not care. */
export interface DeviceClock {
  for(actor: Actor): Clock;
  now(): number;
  jump(byMs: number): void;
}

export function createDeviceClock(scheduler: Scheduler, skewMs: number): DeviceClock {
  let offset = START_MS + skewMs;
  const now = (): number => Math.floor(scheduler.now() + offset);
  return {
    now,
    for: (actor) => ({ now, setTimer: (ms, fire) => scheduler.timer(actor, ms, fire, 'timer') }),
    jump(byMs) {
      offset += byMs;
    },
  };
}
