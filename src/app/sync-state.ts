import type { HoldfastError, SyncError } from '#core/errors.ts';
import type { StoreSummary } from '#store/store.ts';
import type { SyncState } from './app.ts';

/** With a page open and the server reachable, changes that have waited this long without any progress are a fault that a person must hear of. */
export const STUCK_AFTER_MS = 120_000;
/** Changes that have waited this long are one although others pass. */
export const OVERDUE_AFTER_MS = 15 * 60_000;
/** A drain that was asked for, and of which nothing was heard and nothing seen for so long: longer than its slowest honest request. */
export const SILENT_AFTER_MS = 180_000;

export interface SyncFacts {
  readonly summary: StoreSummary | null;
  /** The error of the last drain, null after one that succeeded. */
  readonly error: SyncError | null;
  readonly retryAt: number | null;
  readonly running: boolean;
  readonly online: boolean;
  readonly enabled: boolean;
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
  const { summary, error, retryAt, running, online, enabled } = facts;
  const pending = summary?.pending ?? 0;
  if (!enabled) return { type: 'off', pending };
  if (error?.type === 'SignedOut' || error?.type === 'Forbidden') return { type: 'signed-out', pending };
  // The person can answer without a network, too.
  const held = summary?.heldDeletions;
  if (held && held.count > 0)
    return { type: 'stuck', pending, since: held.since, reason: { type: 'DeletionsHeld', count: held.count } };
  if (!online) return { type: 'offline', pending };
  const fault = findFault(facts);
  if (fault) return { type: 'stuck', pending, ...fault };
  if (running) return { type: 'syncing', pending };
  if (pending > 0) return { type: 'waiting', pending, reason: error, retryAt };
  if (error !== null) return { type: 'offline', pending };
  return { type: 'synced', at: summary?.lastSyncedAt ?? null, toDecide: summary?.openConflicts ?? 0 };
}

/** What does not mend by itself: red, with the reason and the age. Null where there is no such thing. */
function findFault(facts: SyncFacts): { readonly since: number; readonly reason: HoldfastError | null } | null {
  const { summary, error, now, awaitedSince } = facts;
  const pending = summary?.pending ?? 0;
  const oldest = summary?.oldestPendingAt ?? null;
  const mustAct = error?.type === 'UpdateRequired' || error?.type === 'ServerFull' || error?.type === 'Rejected';
  if (oldest !== null && waitsTooLong(oldest, facts)) return { since: oldest, reason: error };
  if (pending > 0 && mustAct) return { since: oldest ?? now, reason: error };
  const quarantined = summary?.quarantined ?? 0;
  if (quarantined > 0) return { since: summary?.oldestParkedAt ?? now, reason: { type: 'Quarantined', count: quarantined } };
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
