import type { Clock } from '#core/ports.ts';
import type { Storage } from '#server/storage/storage.ts';

/** Deleted entities whose bodies are erased in one transaction: some tens of milliseconds at most. */
const STEP = 100;
const BETWEEN_STEPS_MS = 200;
const BETWEEN_SWEEPS_MS = 60_000;

const DAY_MS = 24 * 60 * 60_000;

/**
 * Erases on the server what was deleted `keepDays` ago, in small steps with pauses between them. Gives the function that
 * ends it. `onError` is called with what was thrown; the next sweep tries again.
 */
export function startEraser({
  storage,
  clock,
  keepDays,
  onError,
}: {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly keepDays: number;
  readonly onError: (error: unknown) => void;
}): () => void {
  let cancel: (() => void) | undefined;
  let ended = false;
  let erased = 0;

  async function step(): Promise<number> {
    const done = await storage.eraseDeleted(clock.now() - keepDays * DAY_MS, STEP);
    if (done.ok && done.value > 0) {
      erased += done.value;
      return BETWEEN_STEPS_MS;
    }
    // The write-ahead log still holds what was erased, until it is emptied. Where somebody reads, the next sweep does it.
    if (erased > 0 && (await storage.emptyLog())) erased = 0;
    return BETWEEN_SWEEPS_MS;
  }

  function run(): void {
    step()
      .catch((error: unknown) => {
        onError(error);
        return BETWEEN_SWEEPS_MS;
      })
      .then((wait) => {
        if (!ended) cancel = clock.setTimer(wait, run);
      })
      .catch(onError);
  }

  cancel = clock.setTimer(BETWEEN_STEPS_MS, run);
  return () => {
    ended = true;
    cancel?.();
  };
}
