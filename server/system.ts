import { randomBytes, randomInt } from 'node:crypto';
import type { Clock, Random } from '#core/ports.ts';

/** The ports as the real world answers them. */
export const systemClock: Clock = {
  now: () => Date.now(),
  setTimer(ms, fire) {
    const timer = setTimeout(fire, ms);
    // A server that is closing must not wait for its own heartbeat.
    timer.unref();
    return () => clearTimeout(timer);
  },
};

const FRACTION_STEPS = 2 ** 47;

export const systemRandom: Random = {
  bytes: (length) => new Uint8Array(randomBytes(length)),
  fraction: () => randomInt(FRACTION_STEPS) / FRACTION_STEPS,
};
