/** When live mirrors are written: some seconds after a change, and never so often that little else is done. */
import type { Clock } from '#core/ports.ts';

/** After the last change of a run of them, and after the first of them at most. */
const QUIET_MS = 5000;
const MOST_MS = 30_000;
/** Of so many parts of the time, writing mirrors takes one. */
const SHARE = 10;

export interface MirrorTimer {
  /** Something has changed. */
  changed(): void;
  stop(): void;
}

export function createMirrorTimer(clock: Clock, write: () => Promise<void>): MirrorTimer {
  let firstAt: number | null = null;
  let notBefore = 0;
  let isWriting = false;
  let cancel: (() => void) | null = null;

  const fire = async (): Promise<void> => {
    isWriting = true;
    firstAt = null;
    const from = clock.now();
    await write().catch(() => {});
    isWriting = false;
    const tookMs = Math.max(0, clock.now() - from);
    notBefore = clock.now() + tookMs * (SHARE - 1);
    if (firstAt !== null) arm();
  };
  const arm = (): void => {
    if (firstAt === null || isWriting) return;
    const now = clock.now();
    const at = Math.max(Math.min(firstAt + MOST_MS, now + QUIET_MS), notBefore);
    cancel?.();
    // A clock that was set back keeps nothing waiting for longer.
    cancel = clock.setTimer(Math.min(Math.max(0, at - now), MOST_MS * SHARE), () => void fire());
  };
  return {
    changed() {
      firstAt ??= clock.now();
      arm();
    },
    stop() {
      cancel?.();
      cancel = null;
    },
  };
}
