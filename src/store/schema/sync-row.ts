/** Where a workspace is with the server, after an answer of it. */
import { hearServer } from '#core/clock.ts';
import type { PushResult } from '#core/protocol.ts';
import { furtherSeen } from '#core/seen.ts';
import type { AnswerPosition, SyncPosition } from '#core/sync-store.ts';
import type { StoreContext } from './context.ts';
import type { CountersRow, SyncRow } from './meta-rows.ts';

export type Applied = Extract<PushResult, { type: 'applied' }>;

/** What the sync steps know of the row. */
export const positionOf = (row: SyncRow): SyncPosition => {
  const { epoch, cursor, since = cursor, seen, reconciling, damaged = [], failure } = row;
  const { attempts = 0, timeouts = 0 } = failure ?? {};
  return { epoch, cursor, since, seen, reconciling, damaged, attempts, timeouts };
};

/** The sync row when everything up to `reached` is here. Until that is all, it remembers where the cursor was before. */
export function afterPage({ since, ...sync }: SyncRow, reached: number, { seen }: AnswerPosition): SyncRow {
  const cursor = Math.max(sync.cursor, reached);
  return { ...sync, cursor, ...(cursor < (seen?.seq ?? 0) ? { since: since ?? sync.cursor } : {}) };
}

/** The sync row after an answer: the highest position ever seen, the epoch where none was known. */
export const afterAnswer = (sync: SyncRow, { epoch, seen }: AnswerPosition): SyncRow => ({
  ...sync,
  epoch: sync.epoch ?? epoch,
  seen: furtherSeen(sync.seen, seen),
});

/** The counters after an answer that was given at `serverMs` of the server's time. */
export function afterHearing({ clock }: Pick<StoreContext, 'clock'>, state: CountersRow, serverMs: number): CountersRow {
  const server = hearServer(state.server, serverMs, clock.now());
  return server === undefined || server === state.server ? state : { ...state, server };
}

/** The sync row after a push. Where its ops are exactly what the log gained, this device has seen all of it. */
export const afterPush = (context: StoreContext, sync: SyncRow, applied: readonly Applied[]): SyncRow => {
  const nowMs = context.clock.now();
  const gained = applied.filter(({ seq }) => seq > sync.cursor).length;
  const alone = gained > 0 && sync.seen?.seq === sync.cursor + gained && applied.every(({ seq }) => seq <= sync.cursor + gained);
  return { ...sync, lastPushedAt: nowMs, ...(alone ? { cursor: sync.cursor + gained, lastSyncedAt: nowMs } : {}) };
};
