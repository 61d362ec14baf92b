/** How soon a worker that hangs is noticed, and how not to take a busy machine for one. */

export interface PulseTimes {
  /** An answer later than this is looked into, so often. */
  readonly beatMs: number;
  /** A worker answers a beat in a few ms unless it hangs, or computes for this long without a pause. */
  readonly patienceMs: number;
  /** A page that was itself held up sees first the time that has passed, and then the answers. */
  readonly graceMs: number;
  /** The longest patience. */
  readonly maxMs: number;
}

export interface Pulse {
  /**
   * Asks `ping` again and again until the returned function is called; calls `onSilent` once if an answer stays out. Each
   * silence in a row is waited for twice as long, at most `maxMs`: work that really takes so long must get done at last.
   */
  watch(ping: () => Promise<unknown>, onSilent: () => void): () => void;
  /** What was watched has been answered. */
  reset(): void;
}

export function createPulse({ beatMs, patienceMs: firstMs, graceMs, maxMs }: PulseTimes): Pulse {
  let patienceMs = firstMs;
  return {
    watch(ping, onSilent) {
      let timer: ReturnType<typeof setTimeout>;
      let stopped = false;
      const beat = async (): Promise<void> => {
        timer = setTimeout(() => {
          timer = setTimeout(() => {
            patienceMs = Math.min(maxMs, patienceMs * 2);
            onSilent();
          }, graceMs);
        }, patienceMs);
        await ping();
        if (stopped) return;
        clearTimeout(timer);
        timer = setTimeout(() => void beat(), beatMs);
      };
      timer = setTimeout(() => void beat(), beatMs);
      return () => {
        stopped = true;
        clearTimeout(timer);
      };
    },
    reset() {
      patienceMs = firstMs;
    },
  };
}
