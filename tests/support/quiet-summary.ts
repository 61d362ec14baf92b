import type { FilesHeldUp, StoreSummary } from '#store/store.ts';

/** A workspace in which nothing waits: it was saved and synced at `now`, and has sent nothing of its own. */
export const quietSummary = (now: number): StoreSummary => ({
  localSeq: 1,
  pending: 0,
  changes: 0,
  awaitingPerson: 0,
  quarantined: 0,
  dueAt: null,
  oldestPendingAt: null,
  oldestQuarantinedAt: null,
  lastSavedAt: now,
  lastSyncedAt: now,
  lastPushedAt: null,
  openConflicts: 0,
  damaged: 0,
  withheld: 0,
  heldDeletions: { count: 0, since: 0 },
  files: { waiting: 0, bytes: 0, refused: 0 },
  cursor: 1,
  bytes: 1,
  failure: null,
});

/** A server that has just refused all files for the second time. */
export const heldUpFiles = (now: number): FilesHeldUp => ({
  error: { type: 'ServerError', status: 503, retryAfterMs: null },
  since: now,
  attempts: 2,
  retryAt: now,
});
