import type { FastifyRateLimitStore } from '@fastify/rate-limit';

interface Window {
  readonly startedAt: number;
  count: number;
}

/** Addresses or names counted at a time; the one not seen for longest is forgotten first. */
const MAX_KEYS = 5000;

/**
 * Counts requests in windows that begin with the first one, by the time since this process started: the store that comes
 * with the plugin goes by the wall clock, and one that is set back by an hour locks everybody out for an hour.
 */
export class RateWindows implements FastifyRateLimitStore {
  readonly #windows = new Map<string, Window>();

  incr(key: string, callback: (error: null, result: { current: number; ttl: number }) => void, timeWindow: number): void {
    const now = performance.now();
    const known = this.#windows.get(key);
    const window = known && now - known.startedAt < timeWindow ? known : { startedAt: now, count: 0 };
    window.count += 1;
    this.#windows.delete(key);
    this.#windows.set(key, window);
    for (const oldest of this.#windows.keys()) {
      if (this.#windows.size <= MAX_KEYS) break;
      this.#windows.delete(oldest);
    }
    callback(null, { current: window.count, ttl: timeWindow - (now - window.startedAt) });
  }

  /** Each rule counts for itself. */
  child(): RateWindows {
    return new RateWindows();
  }
}
