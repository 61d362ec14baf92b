/** Where a workspace stands with the server, after an answer of it. */
import type { PushResult } from '#core/protocol.ts';
import { furtherSeen } from '#core/seen.ts';
import type { AnswerPosition, SyncPosition } from '#core/sync-store.ts';
import type { StoreContext } from './context.ts';
import type { SyncRow } from './schema.ts';

export type Applied = Extract<PushResult, { type: 'applied' }>;

/** What the sync steps are told of the row. */
export const positionOf = ({ epoch, cursor, seen, reconciling, failure }: SyncRow): SyncPosition => {
  return { epoch, cursor, seen, reconciling, attempts: failure?.attempts ?? 0 };
};

/** The sync row after an answer: the highest position ever seen, the epoch where none was known, the clock's skew. */
export const afterAnswer = (context: StoreContext, sync: SyncRow, { epoch, seen, now }: AnswerPosition): SyncRow => ({
  ...sync,
  epoch: sync.epoch ?? epoch,
  seen: furtherSeen(sync.seen, seen),
  skewMs: now - context.clock.now(),
});

/** The sync row after a push. Where its ops are exactly what the log gained, this device has seen all of it. */
export const afterPush = (context: StoreContext, sync: SyncRow, applied: readonly Applied[]): SyncRow => {
  const nowMs = context.clock.now();
  const gained = applied.filter(({ seq }) => seq > sync.cursor).length;
  const alone = gained > 0 && sync.seen?.seq === sync.cursor + gained && applied.every(({ seq }) => seq <= sync.cursor + gained);
  return { ...sync, lastPushedAt: nowMs, ...(alone ? { cursor: sync.cursor + gained, lastSyncedAt: nowMs } : {}) };
};
