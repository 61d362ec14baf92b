/**
 * When to ask for a drain, and what to say of the sync: one pure step, `nextSync`, from a state and an event to the next
 * state and its effects. The shell (`sync-driver.ts`) only brings the events and carries out the effects, so the
 * simulation runs these very steps.
 */
import type { SyncNews } from '#core/channels.ts';
import { heldForMs } from '#core/pacing.ts';
import type { StoreSummary } from '#store/store.ts';
import { AGAIN_AFTER_MS, takeNews } from './drain-news.ts';
import {
  busyUntil,
  type DriverState,
  isKnown,
  leftOver,
  lookLater,
  type Moment,
  mayAsk,
  mayPull,
  plan,
  show,
  startReading,
  type Wish,
} from './driver-state.ts';
import { changeInMs } from './sync-state.ts';

/** Commits that come close together go out together. */
const COMMIT_DELAY_MS = 200;
/** While a drain runs, its commits are read at this pace: its end, which is read in any case, is often near. */
const READ_PACE_MS = 1000;
/** What could not be read, because the worker died over it, is read again after this. */
const READ_AGAIN_MS = 2000;
/** A state that depends on the time (stuck) is looked at again this often. */
const WATCH_EVERY_MS = 10_000;
/** Events so far apart mean that the machine slept, or the page. A hidden tab's timers come once a minute. */
const SLEPT_MS = 90_000;
/** A wall clock that goes back by less is corrected by its network time; by more, it was set. */
const SET_BACK_MS = 1000;
export type SyncEvent = { readonly at: Moment } & (
  | { readonly type: 'started'; readonly joined: boolean }
  /** What `read` asked for; null where it could not be read. */
  | { readonly type: 'read'; readonly summary: StoreSummary | null }
  /** Something was committed, here or elsewhere. */
  | { readonly type: 'committed' }
  /** A file has come to the server, or does not go there now. */
  | { readonly type: 'files-moved' }
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
  const received: DriverState = {
    ...(isUnread ? startReading({ ...state, fresh: false }) : state),
    returnedAt: isSilent ? at.steady : state.returnedAt,
    receivedAt: at,
  };
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
    // Files follow the words: what waits of those is as it was.
    case 'files-moved':
      return readCommit(state, at);
    case 'news':
      return takeNews(state, event.news, at);
    case 'lost':
      return askAgain(state, Math.max(at.steady, state.lastAskAt + AGAIN_AFTER_MS));
    case 'network': {
      if (!event.online) return { ...state, offlineSince: at.steady };
      // What failed without a network says nothing about now.
      const next: DriverState = {
        ...state,
        offlineSince: null,
        returnedAt: at.steady,
        watchedSince: at.wall,
        error: null,
        retryAt: null,
        answered: false,
      };
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

/** Whether anything went to the server or came from it between two readings. */
const hasMoved = (before: StoreSummary, after: StoreSummary): boolean =>
  before.cursor !== after.cursor || before.lastPushedAt !== after.lastPushedAt || before.lastSyncedAt !== after.lastSyncedAt;
