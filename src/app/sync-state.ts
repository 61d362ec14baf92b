import type { SyncError } from '#core/errors.ts';
import type { StoreSummary } from '#store/store.ts';
import type { SyncState } from './app.ts';

/** With a page open and the server reachable, changes that have waited this long are a fault that a person must hear of. */
export const STUCK_AFTER_MS = 120_000;

export interface SyncFacts {
  readonly summary: StoreSummary | null;
  /** The error of the last drain, null after one that succeeded. */
  readonly error: SyncError | null;
  readonly retryAt: number | null;
  readonly running: boolean;
  readonly online: boolean;
  readonly enabled: boolean;
  readonly now: number;
}

/** What the status bar says of the sync: one pure decision over what is known. */
export function deriveSyncState({ summary, error, retryAt, running, online, enabled, now }: SyncFacts): SyncState {
  const pending = summary?.pending ?? 0;
  if (!enabled) return { type: 'off', pending };
  if (error?.type === 'SignedOut' || error?.type === 'Forbidden') return { type: 'signed-out', pending };
  if (!online) return { type: 'offline', pending };
  const since = summary?.oldestPendingAt ?? null;
  const waitedLong = since !== null && now - since > STUCK_AFTER_MS;
  const mustAct = error?.type === 'UpdateRequired' || error?.type === 'ServerFull' || error?.type === 'Rejected';
  if (pending > 0 && (waitedLong || mustAct)) return { type: 'stuck', pending, since: since ?? now, reason: error };
  if (error?.type === 'DeletionsHeld') return { type: 'stuck', pending, since: summary?.failure?.since ?? now, reason: error };
  const quarantined = summary?.quarantined ?? 0;
  if (quarantined > 0)
    return { type: 'stuck', pending, since: since ?? now, reason: { type: 'Quarantined', count: quarantined } };
  if (running) return { type: 'syncing', pending };
  if (pending > 0) return { type: 'waiting', pending, reason: error, retryAt };
  if (error !== null) return { type: 'offline', pending };
  return { type: 'synced', at: summary?.lastSyncedAt ?? null, toDecide: summary?.openConflicts ?? 0 };
}
