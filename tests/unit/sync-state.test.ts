/** The watchdog: what turns the sync state red, and what does not. */
import { describe, expect, test } from 'vitest';
import { deriveSyncState, OVERDUE_AFTER_MS, SILENT_AFTER_MS, STUCK_AFTER_MS, type SyncFacts } from '#app/sync-state.ts';
import type { StoreSummary } from '#store/store.ts';
import { quietSummary } from '#support/quiet-summary.ts';

const NOW = 1_790_000_000_000;
const LONG = STUCK_AFTER_MS + 1000;

const quiet = quietSummary(NOW);

const derive = (facts: Partial<SyncFacts> = {}, summary: Partial<StoreSummary> = {}) =>
  deriveSyncState({
    summary: { ...quiet, changes: summary.pending ?? 0, ...summary },
    error: null,
    retryAt: null,
    online: true,
    enabled: true,
    insecure: false,
    known: true,
    answered: true,
    fresh: true,
    now: NOW,
    watchedSince: NOW - 10 * LONG,
    progressAt: null,
    awaitedSince: null,
    ...facts,
  });

const network = { type: 'Network', reason: 'TypeError' } as const;

test('deletions that wait for the person are said in every tab, also offline', () => {
  const heldDeletions = { count: 60, since: NOW - LONG };
  const stuck = { type: 'stuck', pending: 0, since: NOW - LONG, reason: { type: 'DeletionsHeld', count: 60 } };
  expect(derive({}, { heldDeletions })).toEqual(stuck);
  expect(derive({ online: false }, { heldDeletions })).toEqual(stuck);
});

describe('changes that wait', () => {
  test('are red when they have waited for long, with their age', () => {
    expect(derive({}, { pending: 1, oldestPendingAt: NOW - LONG })).toEqual({
      type: 'stuck',
      pending: 1,
      since: NOW - LONG,
      reason: null,
    });
    expect(derive({}, { pending: 1, oldestPendingAt: NOW - STUCK_AFTER_MS }).type).toBe('syncing');
  });

  test('are red at once where the server has just failed, however short this page has been open', () => {
    const open = { watchedSince: NOW - 1000 };
    const old = { pending: 1, oldestPendingAt: NOW - LONG };
    expect(derive({ ...open, error: network }, old)).toMatchObject({ type: 'stuck', reason: network });
    expect(derive({ ...open }, old).type).toBe('syncing');
  });

  test('are not red while this page was asleep or offline: they had no chance', () => {
    const old = { pending: 1, oldestPendingAt: NOW - 60 * 86_400_000 };
    expect(derive({ watchedSince: NOW - 1000 }, old).type).toBe('syncing');
    expect(derive({ online: false }, old)).toEqual({ type: 'offline', pending: 1 });
  });

  test('are not red while the queue moves, but some time the oldest must have its turn', () => {
    const old = { pending: 5000, oldestPendingAt: NOW - LONG };
    expect(derive({ progressAt: NOW - 1000 }, old).type).toBe('syncing');
    expect(derive({}, { ...old, lastPushedAt: NOW - 1000 }).type).toBe('syncing');
    expect(derive({ error: network, progressAt: NOW - 1000 }, old).type).toBe('waiting');
    const watchedSince = NOW - 2 * OVERDUE_AFTER_MS;
    const overdue = { ...old, oldestPendingAt: NOW - OVERDUE_AFTER_MS - 1000 };
    expect(derive({ watchedSince, progressAt: NOW - 1000 }, overdue).type).toBe('stuck');
  });

  test.each([{ type: 'UpdateRequired' }, { type: 'ServerFull' }, { type: 'Rejected', status: 400, reason: 'x' }] as const)(
    'are red at once where only the person can help: $type',
    (error) => {
      expect(derive({ error }, { pending: 1, oldestPendingAt: NOW })).toMatchObject({ type: 'stuck', reason: error });
    },
  );
});

describe('a sync that was asked for', () => {
  test('and of which nothing is received is red, whether or not anything waits', () => {
    const awaitedSince = NOW - SILENT_AFTER_MS - 1000;
    const silent = { type: 'stuck', since: awaitedSince, reason: { type: 'SyncSilent' } };
    expect(derive({ awaitedSince })).toMatchObject(silent);
    expect(derive({ awaitedSince })).toMatchObject(silent);
    expect(derive({ awaitedSince: NOW - 1000 }).type).toBe('synced');
  });

  test('is not red while it moves, or where the page has only just woken', () => {
    const awaitedSince = NOW - SILENT_AFTER_MS - 1000;
    expect(derive({ awaitedSince, progressAt: NOW - 1000 }).type).toBe('synced');
    expect(derive({ awaitedSince, watchedSince: NOW - 1000 }).type).toBe('synced');
  });
});

describe('what waits for the person', () => {
  test('quarantine is red with its count and the age of the refusal, however old', () => {
    const refused = { pending: 2, awaitingPerson: 2, quarantined: 2, oldestQuarantinedAt: NOW - 10 * LONG };
    expect(derive({}, refused)).toEqual({
      type: 'stuck',
      pending: 2,
      since: NOW - 10 * LONG,
      reason: { type: 'Quarantined', count: 2 },
    });
  });

  test('files that follow leave it synced, and are counted', () => {
    const files = { waiting: 2, bytes: 9, refused: 1 };
    expect(derive({}, { files })).toEqual({ type: 'synced', at: NOW, toDecide: 0, files });
  });

  test('conflicts to decide leave it synced, and are counted', () => {
    expect(derive({}, { openConflicts: 2 })).toEqual({ type: 'synced', at: NOW, toDecide: 2 });
  });

  test('being signed out comes before everything else, and "off" before that', () => {
    const old = { pending: 1, oldestPendingAt: NOW - LONG };
    expect(derive({ error: { type: 'SignedOut' } }, old)).toEqual({ type: 'signed-out', pending: 1 });
    expect(derive({ error: { type: 'AccountDeleted' } }, old)).toEqual({ type: 'account-deleted', pending: 1 });
    expect(derive({ enabled: false, error: { type: 'SignedOut' } }, old)).toEqual({ type: 'off', pending: 1 });
  });
});
