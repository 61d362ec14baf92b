/**
 * The page's part in the sync: when to ask for a drain, and what to say of it. What is decided is decided in
 * `sync-steps.ts`; here the decisions meet the world. Who drains is the service worker; where none answers, this tab's
 * store worker.
 */
import type { SyncNews } from '#core/channels.ts';
import type { SteadyClock } from '#core/ports.ts';
import type { StoreSummary } from '#store/store.ts';
import type { SyncState } from './app.ts';
import { type Moment, type Surroundings, startState, type Wish } from './driver-state.ts';
import { createSource, type Observable } from './observable.ts';
import { nextSync, type SyncEvent, wakeInMs } from './sync-steps.ts';

const SETTLE_MS = 500;
const MAX_SETTLE_MS = 3000;

export interface SyncDriverOptions {
  readonly clock: SteadyClock;
  readonly surroundings: Surroundings;
  readonly requestDrain: (force: boolean) => Promise<boolean>;
  /** Drains in this tab's own worker. Gives false where that has died in it. */
  readonly drainHere: (force: boolean) => Promise<boolean>;
  readonly readSummary: () => Promise<StoreSummary | null>;
}

export interface SyncDriver {
  readonly state: Observable<SyncState>;
  readonly summary: Observable<StoreSummary | null>;
  /** Drains soon; `force` sends paced changes, too. */
  drain(options?: Partial<Wish>): void;
  /** The page may be gone in a moment: asks at once, for everything, whatever is under way. */
  leave(): void;
  /**
   * Drains at once, paced changes too, and resolves when no tab has anything left to ask of the courier: after half a second,
   * or three where the drain takes long. What could not be sent stays for the next drain.
   */
  whenIdle(): Promise<void>;
  onNews(news: SyncNews): void;
  /** The browser's word on the network. */
  onNetwork(online: boolean): void;
  /** The person looks at the page, or no longer does. */
  onSeen(visible: boolean): void;
  /** The person's switch. On, everything that waits goes out at once; off, nothing is asked for. */
  setEnabled(enabled: boolean): void;
  /** Something was committed, here or elsewhere. */
  onCommit(): void;
  /** A file has come to the server, or does not go there now: its numbers are read again. */
  onFilesMoved(): void;
  /** `joined`: the account exists elsewhere, so there may be something to pull although nothing was ever synced here. */
  start(options: { readonly joined: boolean }): void;
}

/** Each member of a union without its time, which the driver adds. */
type Untimed<E> = E extends { readonly at: Moment } ? Omit<E, 'at'> : never;

export function createSyncDriver(options: SyncDriverOptions): SyncDriver {
  const { clock, surroundings, requestDrain, drainHere, readSummary } = options;
  const moment = (): Moment => ({ wall: clock.now(), steady: clock.steady() });
  let now = startState(surroundings, moment());
  let cancelTimer: (() => void) | null = null;
  const state = createSource<SyncState>(now.shown.state);
  const summary = createSource<StoreSummary | null>(null);

  const send = (event: Untimed<SyncEvent>): void => {
    const at = moment();
    const step = nextSync(now, { ...event, at });
    now = step.state;
    for (const effect of step.effects) {
      if (effect.type === 'ask') void ask(effect.force);
      else void readSummary().then((read) => send({ type: 'read', summary: read }));
    }
    cancelTimer?.();
    const ms = wakeInMs(now, at);
    cancelTimer = ms === null ? null : clock.setTimer(ms, () => send({ type: 'woken' }));
    // Most events change nothing that anybody sees, and each key brings some.
    if (event.type === 'read') summary.set(now.summary);
    const { shown } = now;
    if (JSON.stringify(shown.state) !== JSON.stringify(state.value)) state.set(shown.state);
  };

  const ask = async (force: boolean): Promise<void> => {
    if (!(await requestDrain(force)) && !(await drainHere(force))) send({ type: 'lost' });
  };

  return {
    state,
    summary,
    drain: ({ force = false } = {}) => send({ type: 'wished', force }),
    leave: () => send({ type: 'leaving' }),
    async whenIdle() {
      send({ type: 'leaving' });
      const end = clock.steady() + MAX_SETTLE_MS;
      // Other tabs learn of the last commit, too, and each asks for a drain.
      do await new Promise<void>((resolve) => clock.setTimer(SETTLE_MS, resolve));
      while (now.runningSince !== null && clock.steady() < end);
    },
    onNews: (news) => send({ type: 'news', news }),
    onNetwork: (online) => send({ type: 'network', online }),
    onSeen: (visible) => send({ type: 'seen', visible }),
    setEnabled: (on) => send({ type: 'switched', on }),
    onCommit: () => send({ type: 'committed' }),
    onFilesMoved: () => send({ type: 'files-moved' }),
    start: ({ joined }) => send({ type: 'started', joined }),
  };
}
