/** What a page knows of its sync, and the questions and moves that all steps of the driver (`sync-steps.ts`) share. */
import type { SyncError } from '#core/errors.ts';
import type { StoreSummary } from '#store/store.ts';
import { deriveSyncState, type Shown, showNext } from './sync-state.ts';

/** A visible page also looks for news of other devices this often. */
export const PULL_EVERY_MS = 60_000;
/** A drain whose end is not received for so long may have died with its context: the next reason asks again. */
export const ASKED_FOR_MS = 30_000;

/** Two clocks, in ms: the wall's, which may jump, and one that only goes on, which all waiting is measured by. */
export interface Moment {
  readonly wall: number;
  readonly steady: number;
}

export interface Wish {
  /** Paced changes, too. */
  readonly force: boolean;
}

export interface DriverState {
  readonly enabled: boolean;
  readonly insecure: boolean;
  /** Since when the browser says that there is no network; null where it says nothing of that kind. */
  readonly offlineSince: number | null;
  /** When the page began, its network came back, or the machine awoke. */
  readonly returnedAt: number;
  readonly visible: boolean;
  readonly started: boolean;
  /** The first question after the start has been put, or need not be. */
  readonly booted: boolean;
  readonly joined: boolean;
  readonly summary: StoreSummary | null;
  /** `again`: something happened since the present reading began. */
  readonly reading: 'no' | 'yes' | 'again';
  /** When the commits that came while a drain runs are read, if its end does not arrive before. Steady time. */
  readonly readAt: number | null;
  readonly fresh: boolean;
  readonly error: SyncError | null;
  readonly retryAt: number | null;
  readonly answered: boolean;
  /** The drain whose begin was last received since this page was opened: its answers are of this run. */
  readonly begun: string | null;
  readonly watchedSince: number;
  /** When the last event came. */
  readonly receivedAt: Moment;
  readonly progressAt: number | null;
  readonly awaitedSince: number | null;
  /** Since when a drain has been running, whoever asked for it. This and all times below are steady time. */
  readonly runningSince: number | null;
  /** The drain that was asked for and whose end was not received. */
  readonly asked: (Wish & { readonly at: number }) | null;
  /** Wished while a drain was under way: asked for at its end. */
  readonly again: Wish | null;
  readonly plan: (Wish & { readonly at: number }) | null;
  readonly pullAt: number;
  readonly lastAskAt: number;
  /** The courier has been asked since it last left nothing behind: it keeps a sync tag, and the browser will wake it. */
  readonly courierKnows: boolean;
  /** Something was committed that has not been looked at yet. */
  readonly committed: boolean;
  readonly shown: Shown;
}

export interface Surroundings {
  readonly online: boolean;
  readonly visible: boolean;
  /** This browser gives no locks at this address. */
  readonly insecure: boolean;
}

export function startState({ online, visible, insecure }: Surroundings, at: Moment): DriverState {
  const unasked = { type: 'unasked' } as const;
  return show(
    {
      enabled: true,
      insecure,
      offlineSince: online ? null : at.steady,
      returnedAt: at.steady,
      visible,
      started: false,
      booted: false,
      joined: false,
      summary: null,
      reading: 'no',
      readAt: null,
      fresh: false,
      error: null,
      retryAt: null,
      answered: false,
      begun: null,
      watchedSince: at.wall,
      receivedAt: at,
      progressAt: null,
      awaitedSince: null,
      runningSince: null,
      asked: null,
      again: null,
      plan: null,
      pullAt: at.steady + PULL_EVERY_MS,
      lastAskAt: -Infinity,
      courierKnows: false,
      committed: false,
      shown: { state: unasked, since: at.steady, facts: 'unasked', factsSince: at.steady },
    },
    at,
  );
}

/** Before the start nobody knows whether the person has switched sync off. */
export const mayAsk = ({ started, enabled, insecure }: DriverState): boolean => started && enabled && !insecure;
/** A fresh account is entered at its first real save: there is nothing to ask the server before. */
export const isKnown = ({ joined, summary }: DriverState): boolean =>
  joined || summary?.lastSyncedAt != null || (summary?.pending ?? 0) > 0;
/** After a failure the retry decides, however often the page is looked at. */
export const mayPull = (state: DriverState): boolean => state.visible && state.error === null && isKnown(state);

/** Until when a drain is taken to be under way; null where none is. */
export const busyUntil = ({ asked, runningSince }: DriverState): number | null =>
  asked || runningSince !== null ? Math.max(asked?.at ?? 0, runningSince ?? 0) + ASKED_FOR_MS : null;

/** Whether the end of a drain would have had something to follow. */
export const leftOver = ({ again, committed, error, summary }: DriverState): boolean =>
  again !== null || committed || error !== null || (summary?.pending ?? 0) > 0;

/** The next look for news of other devices is a whole pause away. */
export const lookLater = (state: DriverState, { steady }: Moment): DriverState => ({ ...state, pullAt: steady + PULL_EVERY_MS });

/** Adds a reason to ask: the earliest time counts, and one that wants everything sent. */
export function plan(state: DriverState, at: number, force: boolean): DriverState {
  if (!state.enabled) return state;
  const { plan: known } = state;
  return { ...state, plan: { at: Math.min(at, known?.at ?? at), force: force || (known?.force ?? false) } };
}

/** The store is to be read: at once, or again when the present reading has ended. */
export const startReading = (state: DriverState): DriverState => ({
  ...state,
  reading: state.reading === 'no' ? 'yes' : 'again',
  readAt: null,
});

/** The state with what the status bar is to say of it. */
export function show(state: DriverState, at: Moment): DriverState {
  const derived = deriveSyncState({ ...state, online: state.offlineSince === null, known: isKnown(state), now: at.wall });
  return { ...state, shown: showNext(state.shown, derived, at.steady) };
}
