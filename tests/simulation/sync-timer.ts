/**
 * When a page asks for a drain: as `createSyncDriver` of the app does, which itself hangs on the DOM. After commits,
 * regularly while the person looks, and when the last drain said that it is time.
 */
import type { SyncNews } from '#core/channels.ts';
import { heldForMs } from '#core/pacing.ts';
import type { Clock } from '#core/ports.ts';

const COMMIT_DELAY_MS = 200;
const PULL_EVERY_MS = 60_000;

export interface SyncTimer {
  drain(options?: { readonly force?: boolean; readonly delayMs?: number }): void;
  /** The person looks at the page again. */
  show(): void;
  onNews(news: SyncNews): void;
  onCommit(): void;
}

export interface SyncTimerOptions {
  readonly clock: Clock;
  readonly requestDrain: (force: boolean) => void;
  readonly hasPending: () => boolean;
  readonly dueAt: () => number;
  readonly isVisible: () => boolean;
}

export function createSyncTimer({ clock, requestDrain, hasPending, dueAt, isVisible }: SyncTimerOptions): SyncTimer {
  let failed = false;
  let running = false;
  let courierKnows = false;
  let committedMeanwhile = false;
  let timer: { readonly at: number; readonly force: boolean; readonly cancel: () => void } | null = null;

  const drain: SyncTimer['drain'] = ({ force = false, delayMs = 0 } = {}) => {
    const at = clock.now() + delayMs;
    if (timer && timer.at <= at && (timer.force || !force)) return;
    timer?.cancel();
    const together = force || (timer?.force ?? false);
    const cancel = clock.setTimer(delayMs, () => {
      timer = null;
      courierKnows = true;
      requestDrain(together);
    });
    timer = { at, force: together, cancel };
  };

  let looking = false;
  const look = (): void => {
    looking = isVisible();
    if (!looking) return;
    drain();
    clock.setTimer(PULL_EVERY_MS, look);
  };

  const askForCommitted = (): void => {
    committedMeanwhile ||= running;
    if (!hasPending() || running || failed) return;
    drain({ delayMs: Math.max(COMMIT_DELAY_MS, courierKnows ? heldForMs(dueAt(), clock.now()) : 0) });
  };

  return {
    drain,
    show() {
      if (!looking) look();
    },
    onNews(news) {
      running = news.type === 'sync-started';
      if (news.type !== 'sync-ended') return;
      failed = news.error !== null;
      if (news.nextDueAt === null) courierKnows = false;
      const next = news.retryAt ?? news.nextDueAt;
      // A machine whose person has left sleeps.
      if (next !== null && isVisible()) drain({ delayMs: Math.max(100, next - clock.now()) });
      if (!committedMeanwhile) return;
      committedMeanwhile = false;
      askForCommitted();
    },
    onCommit: askForCommitted,
  };
}
