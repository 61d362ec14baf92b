/** When a page asks for a drain after commits: once so that the courier knows, then not before anything may go. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createSyncDriver } from '#app/sync-driver.ts';
import type { StoreSummary } from '#store/store.ts';
import { quietSummary } from '#support/quiet-summary.ts';

const NOW = 1_790_000_000_000;

beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A driver over a store that says this of itself, and the times at which it asked for a drain. */
function start(summary: Partial<StoreSummary>) {
  const drains: number[] = [];
  const driver = createSyncDriver({
    async requestDrain() {
      drains.push(Date.now() - NOW);
      return true;
    },
    drainHere: async () => {},
    readSummary: async () => ({ ...quietSummary(NOW), ...summary }),
  });
  return { driver, drains };
}

test('typing on: of twenty commits of an entity under edit the courier hears at once, and again when it may go', async () => {
  const { driver, drains } = start({ pending: 1, dueAt: NOW + 5000 });
  for (let commit = 0; commit < 20; commit++) {
    driver.onCommit();
    await vi.advanceTimersByTimeAsync(240);
  }
  expect(drains).toEqual([200]);
  await vi.advanceTimersByTimeAsync(1000);
  expect(drains).toEqual([200, 5000]);
});

test('after a drain that left nothing, the courier hears of the next change at once: the tab may close', async () => {
  const { driver, drains } = start({ pending: 1, dueAt: NOW + 5000 });
  driver.onCommit();
  await vi.advanceTimersByTimeAsync(1000);
  driver.onNews({ type: 'sync-ended', workspaceId: 'w', error: null, retryAt: null, nextDueAt: NOW + 5000 });
  driver.onCommit();
  await vi.advanceTimersByTimeAsync(1000);
  expect(drains).toEqual([200]);
  driver.onNews({ type: 'sync-ended', workspaceId: 'w', error: null, retryAt: null, nextDueAt: null });
  driver.onCommit();
  await vi.advanceTimersByTimeAsync(1000);
  expect(drains).toEqual([200, 2200]);
});

test('a change that is free to go is asked for soon, once for commits that come together', async () => {
  const { driver, drains } = start({ pending: 2, dueAt: 0 });
  driver.onCommit();
  driver.onCommit();
  await vi.advanceTimersByTimeAsync(1000);
  expect(drains).toEqual([200]);
});

test('an earlier reason to drain does not wait for what is held', async () => {
  const { driver, drains } = start({ pending: 1, dueAt: NOW + 5000 });
  driver.onCommit();
  await vi.advanceTimersByTimeAsync(500);
  driver.onCommit();
  driver.drain({ delayMs: 200 });
  await vi.advanceTimersByTimeAsync(1000);
  expect(drains).toEqual([200, 700]);
});

test('a hold of before the clock was set back does not keep a change', async () => {
  const { driver, drains } = start({ pending: 1, dueAt: NOW + 3_600_000 });
  driver.onCommit();
  await vi.advanceTimersByTimeAsync(1000);
  expect(drains).toEqual([200]);
});

test('where nothing waits, nothing is asked for', async () => {
  const { driver, drains } = start({});
  driver.onCommit();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(drains).toEqual([]);
});

test('a commit in the last moment of a drain, which no longer looked, is asked for when that has ended', async () => {
  const { driver, drains } = start({ pending: 1, dueAt: 0 });
  driver.onNews({ type: 'sync-started', workspaceId: 'w' });
  driver.onCommit();
  await vi.advanceTimersByTimeAsync(1000);
  expect(drains).toEqual([]);
  driver.onNews({ type: 'sync-ended', workspaceId: 'w', error: null, retryAt: null, nextDueAt: null });
  await vi.advanceTimersByTimeAsync(1000);
  expect(drains).toEqual([1200]);
});
