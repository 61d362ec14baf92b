import type { HoldfastError, SyncError } from '#core/errors.ts';
import type { StoreSummary } from '#store/store.ts';
import type { SyncState } from './app.ts';

/** With a page open and the server reachable, changes that have waited this long without any progress are a fault that a person must know of. */
export const STUCK_AFTER_MS = 120_000;
/** Changes that have waited this long are one although others pass. */
export const OVERDUE_AFTER_MS = 15 * 60_000;
/** A drain that was asked for, and of which nothing was received and nothing seen for so long: longer than most requests over a slow way. */
export const SILENT_AFTER_MS = 180_000;
/** A word stays for at least this long, and "Synced" comes when it has been true for so long. */
export const WORD_MS = 1000;

export interface SyncFacts {
  readonly summary: StoreSummary | null;
  /** The error of the last drain, null after one that succeeded. */
  readonly error: SyncError | null;
  readonly retryAt: number | null;
  readonly online: boolean;
  readonly enabled: boolean;
  /** This browser gives no locks at this address (plain http): nothing is ever sent. */
  readonly insecure: boolean;
  /** Whether there is anything to ask the server for. */
  readonly known: boolean;
  /** The last drain that this page knows of ended with the server's answer. False until one has. */
  readonly answered: boolean;
  /** `summary` was read after the last change that this page knows of. */
  readonly fresh: boolean;
  readonly now: number;
  /** Since when this page has been awake and online. What waited before that had no chance. */
  readonly watchedSince: number;
  /** When something last moved between this device and the server; null where nothing has since the page opened. */
  readonly progressAt: number | null;
  /** When a drain was asked for that has not ended; null where none is awaited. */
  readonly awaitedSince: number | null;
}

/** What the status bar says of the sync: one pure decision over what is known. */
export function deriveSyncState(facts: SyncFacts): SyncState {
  const { summary, error, retryAt, online, enabled, insecure, known, answered, fresh } = facts;
  const pending = summary?.changes ?? 0;
  if (insecure) return { type: 'insecure', pending };
  if (!enabled) return { type: 'off', pending };
  if (error?.type === 'AccountDeleted') return { type: 'account-deleted', pending };
  if (error?.type === 'SignedOut' || error?.type === 'Forbidden') return { type: 'signed-out', pending };
  // The person can answer without a network, too.
  const held = summary?.heldDeletions;
  if (held && held.count > 0)
    return { type: 'stuck', pending, since: held.since, reason: { type: 'DeletionsHeld', count: held.count } };
  if (!online) return { type: 'offline', pending };
  const fault = findFault(facts);
  if (fault) return { type: 'stuck', pending, ...fault };
  // A failure holds until the server has answered again, also while it is tried again.
  if (error !== null) return pending > 0 ? { type: 'waiting', pending, reason: error, retryAt } : { type: 'offline', pending };
  if (!known) return { type: 'unasked' };
  // What no person counts (layout, device settings) is to be there, too.
  if (answered && fresh && summary?.pending === 0)
    return {
      type: 'synced',
      at: summary.lastSyncedAt,
      toDecide: summary.openConflicts,
      ...(summary.files.waiting > 0 && { files: summary.files }),
    };
  return { type: 'syncing', pending };
}

/** What is not repaired by itself: red, with the reason and the age. Null where there is no such thing. */
function findFault(facts: SyncFacts): { readonly since: number; readonly reason: HoldfastError | null } | null {
  const { summary, error, now, awaitedSince } = facts;
  const pending = summary?.pending ?? 0;
  const oldest = summary?.oldestPendingAt ?? null;
  const mustAct = error?.type === 'UpdateRequired' || error?.type === 'ServerFull' || error?.type === 'Rejected';
  if (oldest !== null && waitsTooLong(oldest, facts)) return { since: oldest, reason: error };
  if (pending > 0 && mustAct) return { since: oldest ?? now, reason: error };
  const quarantined = summary?.quarantined ?? 0;
  if (quarantined > 0) return { since: summary?.oldestQuarantinedAt ?? now, reason: { type: 'Quarantined', count: quarantined } };
  if (awaitedSince !== null && now - latest(awaitedSince, facts) > SILENT_AFTER_MS)
    return { since: awaitedSince, reason: { type: 'SyncSilent' } };
  return null;
}

/** The newest of what counts as a sign of life, and of `at`. */
const latest = (at: number, { summary, watchedSince, progressAt }: SyncFacts): number =>
  Math.max(at, watchedSince, progressAt ?? 0, summary?.lastPushedAt ?? 0);

/**
 * A long queue that moves is no fault, and neither is what could not move while this page slept or was offline. But where
 * the server has just failed us, the age that the changes had before counts: it is bad news at once.
 */
function waitsTooLong(oldest: number, facts: SyncFacts): boolean {
  const { summary, error, now, watchedSince, progressAt } = facts;
  if (now - latest(oldest, facts) > STUCK_AFTER_MS) return true;
  if (now - Math.max(oldest, watchedSince) > OVERDUE_AFTER_MS) return true;
  return error !== null && now - Math.max(oldest, progressAt ?? 0, summary?.lastPushedAt ?? 0) > STUCK_AFTER_MS;
}

/** A state on the screen and the one that is to come. Times are of the steady clock, in ms. */
export interface Shown {
  readonly state: SyncState;
  readonly since: number;
  /** The type that the facts give now, and since when they have given it. */
  readonly facts: SyncState['type'];
  readonly factsSince: number;
}

/** These show at once: something is wrong, or needs the person. */
const URGENT: ReadonlySet<SyncState['type']> = new Set([
  'offline',
  'waiting',
  'signed-out',
  'account-deleted',
  'stuck',
  'off',
  'insecure',
]);

/**
 * What is shown next: a word stays for a second, but errors come at once, and "Synced" goes at once when it is no longer
 * true. So that it does not come and go while somebody types, it comes when it has been true for a second.
 */
export function showNext(shown: Shown, state: SyncState, steadyMs: number): Shown {
  const factsSince = state.type === shown.facts ? shown.factsSince : steadyMs;
  const next = { ...shown, facts: state.type, factsSince };
  if (state.type === shown.state.type) return { ...next, state };
  return changeInMs(next, steadyMs) === 0 ? { ...next, state, since: steadyMs } : next;
}

/** In how many ms the word that the facts give may be shown; 0 where it may now, null where it is shown. */
export function changeInMs({ state, since, facts, factsSince }: Shown, steadyMs: number): number | null {
  if (facts === state.type) return null;
  if (facts === 'synced') return Math.max(0, Math.max(since, factsSince) + WORD_MS - steadyMs);
  if (URGENT.has(facts) || state.type === 'synced' || state.type === 'unasked') return 0;
  return Math.max(0, since + WORD_MS - steadyMs);
}
