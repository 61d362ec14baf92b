/** What the begin or the end of a drain, whoever asked for it, says of the next. */
import type { SyncNews } from '#core/channels.ts';
import { type DriverState, type Moment, plan, startReading } from './driver-state.ts';

/** What the drains themselves ask for comes no faster than this after the last one. */
export const AGAIN_AFTER_MS = 1000;
/** The longest that the news of a drain can make us wait: for a paced change, after a failure, and where the server named a time. */
const LONGEST_PACE_MS = 10_000;
const LONGEST_BACKOFF_MS = 60_000;
const LONGEST_RETRY_AFTER_MS = 60 * 60_000;
/** A network that has just come back is often of no use for a moment: what fails then is tried again as soon as this. */
const SOONEST_RETRY_MS = 1000;

/** The state after the news. */
export function takeNews(state: DriverState, news: SyncNews, at: Moment): DriverState {
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
  const waitMs = waitAfter(news, at, state.returnedAt);
  const soonest = Math.max(at.steady + (waitMs ?? 0), state.lastAskAt + AGAIN_AFTER_MS);
  const planned = waitMs === null ? ended : plan(ended, soonest, false);
  // A pull, or a commit, that came meanwhile is served by the retry after a failure.
  if (!again || (error !== null && !again.force)) return planned;
  return plan(planned, Math.max(at.steady, state.lastAskAt + AGAIN_AFTER_MS), again.force);
}

/**
 * How long a drain that has ended asks us to wait before the next; null where it has left nothing to come back for. A network
 * that fails is not waited for longer than it has been back: the tries before its return say nothing of it.
 */
function waitAfter(
  news: SyncNews & { readonly type: 'sync-ended' },
  { wall, steady }: Moment,
  returnedAt: number,
): number | null {
  const { error, retryAt, nextDueAt } = news;
  if (error === null) return nextDueAt === null ? null : clamp(nextDueAt - wall, 0, LONGEST_PACE_MS);
  const isTimeNamed = 'retryAfterMs' in error && error.retryAfterMs !== null;
  const sinceReturn = error.type === 'Network' ? Math.max(SOONEST_RETRY_MS, steady - returnedAt) : Infinity;
  const longest = isTimeNamed ? LONGEST_RETRY_AFTER_MS : Math.min(LONGEST_BACKOFF_MS, sinceReturn);
  return clamp((retryAt ?? wall + longest) - wall, 0, longest);
}

const clamp = (ms: number, min: number, max: number): number => Math.min(Math.max(ms, min), max);
