/**
 * When to ask for a drain, and what to say of the sync: one pure step, `nextSync`, from a state and an event to the next
 * state and its effects. The shell (`sync-driver.ts`) only brings the events and carries out the effects, so the
 * simulation runs these very steps.
 */
import type { SyncNews } from '#core/channels.ts';
import type { SyncError } from '#core/errors.ts';
import { heldForMs } from '#core/pacing.ts';
import type { StoreSummary } from '#store/store.ts';
import { changeInMs, deriveSyncState, type Shown, showNext } from './sync-state.ts';

/** Commits that come close together go out together. */
const COMMIT_DELAY_MS = 200;
/** While a drain runs, its commits are read at this pace: its end, which is read in any case, is often near. */
const READ_PACE_MS = 1000;
/** What could not be read, because the worker died over it, is read again after this. */
const READ_AGAIN_MS = 2000;
/** A visible page also looks for news of other devices this often. */
export const PULL_EVERY_MS = 60_000;
/** A state that depends on the time (stuck) is looked at again this often. */
const WATCH_EVERY_MS = 10_000;
/** Events so far apart mean that the machine slept, or the page. A hidden tab's timers come once a minute. */
const SLEPT_MS = 90_000;
/** A wall clock that goes back by less is corrected by its network time; by more, it was set. */
const SET_BACK_MS = 1000;
/** What the drains themselves ask for comes no faster than this after the last one. */
const AGAIN_AFTER_MS = 1000;
/** The longest that the news of a drain can make us wait: for a paced change, after a failure, and where the server named a time. */
const LONGEST_PACE_MS = 10_000;
const LONGEST_BACKOFF_MS = 60_000;
const LONGEST_RETRY_AFTER_MS = 60 * 60_000;
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

export type SyncEvent = { readonly at: Moment } & (
  | { readonly type: 'started'; readonly joined: boolean }
  /** What `read` asked for; null where it could not be read. */
  | { readonly type: 'read'; readonly summary: StoreSummary | null }
  /** Something was committed, here or elsewhere. */
  | { readonly type: 'committed' }
  | { readonly type: 'news'; readonly news: SyncNews }
  /** The drain that was asked for has died with the worker of this page. */
  | { readonly type: 'lost' }
  | { readonly type: 'network'; readonly online: boolean }
  | { readonly type: 'seen'; readonly visible: boolean }
  | { readonly type: 'switched'; readonly on: boolean }
  | ({ readonly type: 'wished' } & Wish)
  /** The page may be gone in a moment: what it has must be asked for now, whatever is under way. */
  | { readonly type: 'leaving' }
  /** The timer of `wakeInMs`. */
  | { readonly type: 'woken' }
);

/** `ask`: have a drain run. `read`: read the store's summary, and answer with `read`. */
export type SyncEffect = ({ readonly type: 'ask' } & Wish) | { readonly type: 'read' };

export interface DriverState {
  readonly enabled: boolean;
  readonly insecure: boolean;
  /** Since when the browser says that there is no network; null where it says nothing of that kind. */
  readonly offlineSince: number | null;
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

/** One step. Pure: the same state and event always give the same. */
export function nextSync(
  state: DriverState,
  event: SyncEvent,
): { readonly state: DriverState; readonly effects: readonly SyncEffect[] } {
  const { at } = event;
  const { state: taken, effects } = sendDue(take(readDue(giveUpWaiting(noteTime(state, at), at), at), event), at);
  const read: readonly SyncEffect[] = taken.reading === 'yes' && state.reading === 'no' ? [{ type: 'read' }] : [];
  // A reading has ended during which something happened: the next begins at once.
  const again: readonly SyncEffect[] = event.type === 'read' && taken.reading === 'yes' ? [{ type: 'read' }] : [];
  return { state: show(taken, at), effects: [...read, ...again, ...effects] };
}

/** In how many ms the state wants the event `woken`; null where it waits for nothing. */
export function wakeInMs(state: DriverState, at: Moment): number | null {
  const { plan, shown } = state;
  const times: number[] = [];
  const change = changeInMs(shown, at.steady);
  if (change !== null) times.push(change);
  if (state.readAt !== null) times.push(state.readAt - at.steady);
  if (mayAsk(state)) {
    if (plan) times.push(plan.at - at.steady);
    const busy = busyUntil(state);
    if (busy !== null && leftOver(state)) times.push(busy - at.steady);
    if (mayPull(state)) times.push(state.pullAt - at.steady);
    if ((state.summary?.pending ?? 0) > 0 || state.awaitedSince !== null || state.error !== null) times.push(WATCH_EVERY_MS);
  }
  return times.length === 0 ? null : Math.max(0, Math.min(...times));
}

/** Before the start nobody knows whether the person has switched sync off. */
const mayAsk = ({ started, enabled, insecure }: DriverState): boolean => started && enabled && !insecure;
/** A fresh account is entered at its first real save: there is nothing to ask the server before. */
const isKnown = ({ joined, summary }: DriverState): boolean =>
  joined || summary?.lastSyncedAt != null || (summary?.pending ?? 0) > 0;
/** After a failure the retry decides, however often the page is looked at. */
const mayPull = (state: DriverState): boolean => state.visible && state.error === null && isKnown(state);

/** Until when a drain is taken to be under way; null where none is. */
const busyUntil = ({ asked, runningSince }: DriverState): number | null =>
  asked || runningSince !== null ? Math.max(asked?.at ?? 0, runningSince ?? 0) + ASKED_FOR_MS : null;
/** Whether the end of a drain would have had something to follow. */
const leftOver = ({ again, committed, error, summary }: DriverState): boolean =>
  again !== null || committed || error !== null || (summary?.pending ?? 0) > 0;

/** The end of a drain that never came: its context died, or the news was lost. What it left is asked for again. */
function giveUpWaiting(state: DriverState, { steady }: Moment): DriverState {
  const until = busyUntil(state);
  return until === null || steady < until ? state : askAgain(state, steady);
}

function askAgain(state: DriverState, steady: number): DriverState {
  const next: DriverState = { ...state, asked: null, again: null, runningSince: null };
  return leftOver(state) ? plan(next, steady, state.again?.force ?? false) : next;
}

/**
 * A clock that was set back makes no age negative, and what waited while the machine slept had no chance. What was read before
 * a long silence says nothing about now, for a frozen page learns of no commit; and a clock that was set hides how long it was.
 */
function noteTime(state: DriverState, at: Moment): DriverState {
  const { wall } = at;
  const passed = { wall: wall - state.receivedAt.wall, steady: at.steady - state.receivedAt.steady };
  const isSilent = Math.max(passed.wall, passed.steady) > SLEPT_MS;
  const isUnread = state.started && (isSilent || passed.wall < -SET_BACK_MS);
  const received: DriverState = { ...(isUnread ? startReading({ ...state, fresh: false }) : state), receivedAt: at };
  if (passed.wall < 0) {
    const back = (ms: number | null): number | null => (ms === null ? null : Math.min(ms, wall));
    return { ...received, watchedSince: wall, progressAt: back(state.progressAt), awaitedSince: back(state.awaitedSince) };
  }
  const isWatching = state.awaitedSince !== null || (state.summary?.pending ?? 0) > 0;
  return isSilent && isWatching ? { ...received, watchedSince: wall } : received;
}

function take(state: DriverState, event: SyncEvent): DriverState {
  const { at } = event;
  switch (event.type) {
    case 'started':
      return startReading({ ...state, started: true, joined: event.joined });
    case 'read':
      return takeSummary(state, event.summary, at);
    case 'committed':
      return readCommit({ ...state, committed: true, fresh: false }, at);
    case 'news':
      return takeNews(state, event.news, at);
    case 'lost':
      return askAgain(state, Math.max(at.steady, state.lastAskAt + AGAIN_AFTER_MS));
    case 'network': {
      if (!event.online) return { ...state, offlineSince: at.steady };
      // What failed without a network says nothing about now.
      const next = { ...state, offlineSince: null, watchedSince: at.wall, error: null, retryAt: null, answered: false };
      return isKnown(next) ? plan(next, at.steady, true) : next;
    }
    case 'seen': {
      const next = { ...state, visible: event.visible };
      return mayPull(next) ? plan(lookLater(next, at), at.steady, false) : next;
    }
    case 'switched': {
      if (event.on === state.enabled) return state;
      // What waited because the person wished it is not late, and an earlier failure says nothing about now.
      const next = {
        ...state,
        enabled: event.on,
        watchedSince: at.wall,
        awaitedSince: null,
        error: null,
        retryAt: null,
        answered: false,
        asked: null,
        again: null,
        plan: null,
      };
      return event.on ? plan(next, at.steady, true) : next;
    }
    case 'wished':
      return plan(state, at.steady, event.force);
    case 'leaving':
      return { ...plan(state, at.steady, true), asked: null };
    case 'woken':
      return mayPull(state) && at.steady >= state.pullAt ? plan(lookLater(state, at), at.steady, false) : state;
  }
}

const lookLater = (state: DriverState, { steady }: Moment): DriverState => ({ ...state, pullAt: steady + PULL_EVERY_MS });

/** Adds a reason to ask: the earliest time counts, and one that wants everything sent. */
function plan(state: DriverState, at: number, force: boolean): DriverState {
  if (!state.enabled) return state;
  const { plan: known } = state;
  return { ...state, plan: { at: Math.min(at, known?.at ?? at), force: force || (known?.force ?? false) } };
}

const startReading = (state: DriverState): DriverState => ({
  ...state,
  reading: state.reading === 'no' ? 'yes' : 'again',
  readAt: null,
});

/** What a drain commits is read with its end: a summary for each of its commits would say the same. */
const readCommit = (state: DriverState, { steady }: Moment): DriverState =>
  state.runningSince === null ? startReading(state) : { ...state, readAt: state.readAt ?? steady + READ_PACE_MS };

const readDue = (state: DriverState, { steady }: Moment): DriverState =>
  state.readAt !== null && steady >= state.readAt ? startReading(state) : state;

function takeSummary(state: DriverState, summary: StoreSummary | null, at: Moment): DriverState {
  const isAgain = state.reading === 'again';
  // Commits that wait to be read are not in it.
  const isLast = !isAgain && state.readAt === null;
  const moved = summary !== null && state.summary !== null && hasMoved(state.summary, summary);
  const booted = state.booted || (state.started && (summary !== null || state.joined));
  const next: DriverState = {
    ...state,
    booted,
    summary: summary ?? state.summary,
    reading: isAgain ? 'yes' : 'no',
    readAt: summary === null && !isAgain ? (state.readAt ?? at.steady + READ_AGAIN_MS) : state.readAt,
    fresh: state.fresh || (isLast && summary !== null),
    progressAt: moved ? at.wall : state.progressAt,
  };
  // The first numbers say whether there is anything to ask for.
  if (booted && !state.booted && isKnown(next)) return plan(next, at.steady, true);
  return next.committed ? askForCommitted({ ...next, committed: !isLast }, at) : next;
}

/**
 * What is still being edited is not asked for before it may go: such a drain would only pull. But the courier must have
 * learned of it, and at once: the tab may close in the next moment, and only what the courier knows of is sent when the
 * network is back.
 */
function askForCommitted(state: DriverState, { wall, steady }: Moment): DriverState {
  const { summary, courierKnows } = state;
  // The end of a drain looks again. After a failure its timer decides; a commit does not shorten the backoff.
  if (busyUntil(state) !== null) return { ...state, committed: true };
  if (!summary || summary.pending === 0 || state.error !== null) return state;
  const waitMs = courierKnows ? Math.max(COMMIT_DELAY_MS, heldForMs(summary.dueAt ?? 0, wall)) : 0;
  return plan(state, steady + waitMs, false);
}

function takeNews(state: DriverState, news: SyncNews, at: Moment): DriverState {
  if (news.type === 'sync-started') {
    return { ...state, begun: news.run ?? '', runningSince: at.steady, awaitedSince: state.awaitedSince ?? at.wall };
  }
  const { error, retryAt, nextDueAt } = news;
  const answered = state.begun === (news.run ?? '') && (news.answered ?? error === null);
  const ended: DriverState = {
    ...startReading(state),
    error,
    retryAt,
    answered,
    begun: null,
    // The server was asked since and has answered, whatever the browser says of its network.
    offlineSince: answered && (state.runningSince ?? -1) > (state.offlineSince ?? 0) ? null : state.offlineSince,
    courierKnows: nextDueAt === null ? false : state.courierKnows,
    awaitedSince: null,
    runningSince: null,
    asked: null,
    again: null,
    plan: error === null || state.plan?.force ? state.plan : null,
  };
  const { again } = state;
  const waitMs = waitAfter(news, at);
  const soonest = Math.max(at.steady + (waitMs ?? 0), state.lastAskAt + AGAIN_AFTER_MS);
  const planned = waitMs === null ? ended : plan(ended, soonest, false);
  // A pull, or a commit, that came meanwhile is served by the retry after a failure.
  if (!again || (error !== null && !again.force)) return planned;
  return plan(planned, Math.max(at.steady, state.lastAskAt + AGAIN_AFTER_MS), again.force);
}

/** How long a drain that has ended asks us to wait before the next; null where it has left nothing to come back for. */
function waitAfter({ error, retryAt, nextDueAt }: SyncNews & { readonly type: 'sync-ended' }, { wall }: Moment): number | null {
  if (error === null) return nextDueAt === null ? null : clamp(nextDueAt - wall, 0, LONGEST_PACE_MS);
  const isTimeNamed = 'retryAfterMs' in error && error.retryAfterMs !== null;
  const longest = isTimeNamed ? LONGEST_RETRY_AFTER_MS : LONGEST_BACKOFF_MS;
  return clamp((retryAt ?? wall + longest) - wall, 0, longest);
}

const clamp = (ms: number, min: number, max: number): number => Math.min(Math.max(ms, min), max);

/** Asks for what is due. While a drain is under way a further reason waits for its end, unless it wants more. */
function sendDue(state: DriverState, at: Moment): { readonly state: DriverState; readonly effects: readonly SyncEffect[] } {
  const { plan: due, asked } = state;
  if (!due || due.at > at.steady || !mayAsk(state)) return { state, effects: [] };
  const { force } = due;
  if (asked && (asked.force || !force)) {
    return { state: { ...state, plan: null, again: { force: force || (state.again?.force ?? false) } }, effects: [] };
  }
  const sent: DriverState = {
    ...lookLater(state, at),
    plan: null,
    asked: { at: at.steady, force },
    lastAskAt: at.steady,
    awaitedSince: state.awaitedSince ?? at.wall,
    courierKnows: true,
  };
  return { state: sent, effects: [{ type: 'ask', force }] };
}

function show(state: DriverState, at: Moment): DriverState {
  const derived = deriveSyncState({ ...state, online: state.offlineSince === null, known: isKnown(state), now: at.wall });
  return { ...state, shown: showNext(state.shown, derived, at.steady) };
}

/** Whether anything went to the server or came from it between two readings. */
const hasMoved = (before: StoreSummary, after: StoreSummary): boolean =>
  before.cursor !== after.cursor || before.lastPushedAt !== after.lastPushedAt || before.lastSyncedAt !== after.lastSyncedAt;
