/**
 * When to drain: after commits, at boot, when the network is back, when the page is shown, on a poke of the server, and
 * by an own timer after a failure. Who drains is the service worker; where none answers, this tab's store worker.
 */
import type { SyncNews } from '#core/channels.ts';
import type { SyncError } from '#core/errors.ts';
import { heldForMs } from '#core/pacing.ts';
import type { StoreSummary } from '#store/store.ts';
import type { SyncState } from './app.ts';
import { createSource, type Observable } from './observable.ts';
import { deriveSyncState } from './sync-state.ts';

/** Commits that come close together go out together. */
const COMMIT_DELAY_MS = 200;
/** A visible page also looks for news of other devices this often. */
const PULL_EVERY_MS = 60_000;
/** A state that depends on the time (stuck) is looked at again this often. */
const WATCH_EVERY_MS = 10_000;
/** A watch that comes so late means that the machine slept. A hidden tab's timers come once a minute. */
const SLEPT_MS = 90_000;
const SETTLE_MS = 500;
const MAX_SETTLE_MS = 3000;

export interface SyncDriverOptions {
  readonly requestDrain: (force: boolean) => Promise<boolean>;
  readonly drainHere: (force: boolean) => Promise<void>;
  readonly readSummary: () => Promise<StoreSummary | null>;
}

export interface SyncDriver {
  readonly state: Observable<SyncState>;
  readonly summary: Observable<StoreSummary | null>;
  /** Drains soon; `force` sends paced changes, too. */
  drain(options?: { readonly force?: boolean; readonly delayMs?: number }): void;
  /**
   * Drains at once, paced changes too, and resolves when no tab has anything left to ask of the courier: after half a second,
   * or three where the drain takes long. What could not be sent stays for the next drain.
   */
  settle(): Promise<void>;
  onNews(news: SyncNews): void;
  /** The person's switch. On, everything that waits goes out at once; off, nothing is asked for. */
  setEnabled(enabled: boolean): void;
  /** Something was committed, here or elsewhere. */
  onCommit(): void;
  /** `joined`: the account exists elsewhere, so there may be something to pull although nothing was ever synced here. */
  start(options: { readonly joined: boolean }): void;
}

export function createSyncDriver({ requestDrain, drainHere, readSummary }: SyncDriverOptions): SyncDriver {
  const summary = createSource<StoreSummary | null>(null);
  let error: SyncError | null = null;
  let retryAt: number | null = null;
  let running = false;
  let watchedSince = Date.now();
  let watchedAt = Date.now();
  let progressAt: number | null = null;
  let awaitedSince: number | null = null;
  let enabled = true;
  let reading: Promise<void> | null = null;
  let readAgain = false;
  /** The courier has been asked since it last left nothing behind: it keeps a slip, and the browser will wake it. */
  let courierKnows = false;
  /** Something was committed while a drain ran: that may have looked for the last time before. */
  let committedMeanwhile = false;
  let timer: { readonly at: number; readonly force: boolean; readonly id: ReturnType<typeof setTimeout> } | null = null;

  const derive = (): SyncState =>
    deriveSyncState({
      summary: summary.value,
      error,
      retryAt,
      running,
      online: navigator.onLine,
      enabled,
      now: Date.now(),
      watchedSince,
      progressAt,
      awaitedSince,
    });
  const state = createSource<SyncState>(derive());
  /** Most news change nothing that anybody sees, and each key brings some. */
  const update = (): void => {
    const next = derive();
    if (JSON.stringify(next) !== JSON.stringify(state.value)) state.set(next);
  };

  const refresh = async (): Promise<void> => {
    if (reading !== null) {
      readAgain = true;
      return reading;
    }
    reading = (async () => {
      do {
        readAgain = false;
        const next = await readSummary();
        if (next) {
          if (summary.value && hasMoved(summary.value, next)) progressAt = Date.now();
          summary.set(next);
        }
      } while (readAgain);
      reading = null;
      update();
    })();
    return reading;
  };

  const run = async (force: boolean): Promise<void> => {
    awaitedSince ??= Date.now();
    courierKnows = true;
    if (!(await requestDrain(force))) await drainHere(force);
  };

  const drain: SyncDriver['drain'] = ({ force = false, delayMs = 0 } = {}) => {
    if (!enabled) return;
    const at = Date.now() + delayMs;
    if (timer && timer.at <= at && (timer.force || !force)) return;
    if (timer) clearTimeout(timer.id);
    const together = force || (timer?.force ?? false);
    timer = {
      at,
      force: together,
      id: setTimeout(() => {
        timer = null;
        if (enabled) void run(together);
      }, delayMs),
    };
  };

  const askForCommitted = (): void => {
    void refresh().then(() => {
      committedMeanwhile ||= running;
      // After a failure the timer decides; a commit does not shorten the backoff.
      if (!summary.value || summary.value.pending === 0 || running || error !== null) return;
      // What is still being edited is not asked for before it may go: such a drain would only pull. But the courier must
      // have heard of it: the tab may close, and only what it knows of is sent when the network is back.
      const heldMs = courierKnows ? heldForMs(summary.value.dueAt ?? 0, Date.now()) : 0;
      drain({ delayMs: Math.max(COMMIT_DELAY_MS, heldMs) });
    });
  };

  return {
    state,
    summary,
    drain,
    async settle() {
      drain({ force: true });
      const end = Date.now() + MAX_SETTLE_MS;
      // Other tabs hear of the last commit, too, and each asks for a drain.
      do await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
      while (running && Date.now() < end);
    },
    onNews(news) {
      running = news.type === 'sync-started';
      awaitedSince = running ? (awaitedSince ?? Date.now()) : null;
      if (news.type === 'sync-ended') {
        ({ error, retryAt } = news);
        if (news.nextDueAt === null) courierKnows = false;
        const next = retryAt ?? news.nextDueAt;
        if (next !== null) drain({ delayMs: Math.max(100, next - Date.now()) });
      }
      update();
      if (!running && committedMeanwhile) {
        committedMeanwhile = false;
        askForCommitted();
      } else void refresh();
    },
    setEnabled(next) {
      if (next === enabled) return;
      enabled = next;
      // What waited by the person's word is not late, and a failure of before says nothing about now.
      watchedSince = Date.now();
      awaitedSince = null;
      error = null;
      update();
      if (enabled) drain({ force: true });
    },
    onCommit: askForCommitted,
    start({ joined }) {
      // A fresh account is entered at its first real save: there is nothing to ask the server before.
      const isKnown = (): boolean => joined || summary.value?.lastSyncedAt != null || (summary.value?.pending ?? 0) > 0;
      void refresh().then(() => {
        if (isKnown()) drain({ force: true });
      });
      addEventListener('online', () => {
        // What failed without a network says nothing about now.
        watchedSince = Date.now();
        error = null;
        update();
        if (isKnown()) drain({ force: true });
      });
      addEventListener('offline', update);
      document.addEventListener('visibilitychange', () => {
        if (document.visibilityState === 'visible' && isKnown()) drain();
      });
      setInterval(() => {
        if (document.visibilityState === 'visible' && isKnown()) drain();
      }, PULL_EVERY_MS);
      setInterval(() => {
        const now = Date.now();
        if (now - watchedAt > SLEPT_MS) watchedSince = now;
        watchedAt = now;
        if (state.value.type !== 'synced' || awaitedSince !== null) update();
      }, WATCH_EVERY_MS);
    },
  };
}

/** Whether anything went to the server or came from it between two readings. */
const hasMoved = (before: StoreSummary, after: StoreSummary): boolean =>
  before.cursor !== after.cursor || before.lastPushedAt !== after.lastPushedAt || before.lastSyncedAt !== after.lastSyncedAt;
