/** How soon a worker that hangs is noticed, and how not to take a busy machine for one. */

/** An answer later than this is looked into. */
const FIRST_BEAT_MS = 250;
/** A worker answers a beat in a few ms unless it hangs, or computes for this long without a pause. */
const PATIENCE_MS = 700;
/** A page that was itself held up sees first the time that has passed, and then the answers. */
const GRACE_MS = 50;

export interface Pulse {
  /**
   * Asks `ping` again and again until the returned function is called; calls `onSilent` once if an answer stays out. Each
   * silence in a row is waited for twice as long, at most `maxMs`: work that really takes so long must get done at last.
   */
  watch(ping: () => Promise<unknown>, onSilent: () => void): () => void;
  /** A save has been answered. */
  reset(): void;
}

export function createPulse(maxMs: number): Pulse {
  let patienceMs = PATIENCE_MS;
  return {
    watch(ping, onSilent) {
      let timer: ReturnType<typeof setTimeout>;
      let stopped = false;
      const beat = async (): Promise<void> => {
        timer = setTimeout(() => {
          timer = setTimeout(() => {
            patienceMs = Math.min(maxMs, patienceMs * 2);
            onSilent();
          }, GRACE_MS);
        }, patienceMs);
        await ping();
        if (stopped) return;
        clearTimeout(timer);
        timer = setTimeout(() => void beat(), FIRST_BEAT_MS);
      };
      timer = setTimeout(() => void beat(), FIRST_BEAT_MS);
      return () => {
        stopped = true;
        clearTimeout(timer);
      };
    },
    reset() {
      patienceMs = PATIENCE_MS;
    },
  };
}
