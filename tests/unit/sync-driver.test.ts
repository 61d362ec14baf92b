/** When a page asks for a drain after commits: once so that the courier knows, then not before anything may go. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ASKED_FOR_MS, PULL_EVERY_MS } from '#app/driver-state.ts';
import { createSyncDriver, type SyncDriver } from '#app/sync-driver.ts';
import type { SyncNews } from '#core/channels.ts';
import type { SyncError } from '#core/errors.ts';
import { systemClock } from '#platform/system.ts';
import type { StoreSummary } from '#store/store.ts';
import { quietSummary } from '#support/quiet-summary.ts';

const NOW = 1_790_000_000_000;

beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
});
afterEach(() => {
  vi.useRealTimers();
});

type Ended = Partial<Extract<SyncNews, { type: 'sync-ended' }>>;

/**
 * A driver of a device that was never synced, over a store that says this of itself as soon as something is committed, and
 * the times at which it asked for a drain. Each drain ends after 10 ms as `ends` says; null: never.
 */
async function start(summary: Partial<StoreSummary>, { ends = {} as Ended | null, visible = false } = {}) {
  const drains: number[] = [];
  const world = {
    summary: { ...quietSummary(NOW), lastSyncedAt: null } as StoreSummary,
    ends,
    reads: 0,
    /** Reads that fail, as they do while the worker is replaced. */
    lostReads: 0,
    /** Whether the service worker takes the request; else this tab's own worker drains, which may die over it. */
    hasCourier: true,
    isAlive: true,
  };
  const driver = createSyncDriver({
    clock: systemClock,
    surroundings: { online: true, visible, insecure: false },
    async requestDrain() {
      if (!world.hasCourier) return false;
      drains.push(Date.now() - NOW);
      if (world.ends === null) return true;
      const ended = { type: 'sync-ended', workspaceId: 'w', error: null, retryAt: null, nextDueAt: null, ...world.ends } as const;
      setTimeout(() => driver.onNews(ended), 10);
      return true;
    },
    async drainHere() {
      drains.push(Date.now() - NOW);
      return world.isAlive;
    },
    async readSummary() {
      world.reads += 1;
      world.lostReads -= 1;
      return world.lostReads >= 0 ? null : world.summary;
    },
  });
  driver.start({ joined: false });
  await vi.advanceTimersByTimeAsync(0);
  expect(drains).toEqual([]);
  world.summary = { ...world.summary, ...summary };
  return { driver, drains, world };
}

const offline: SyncError = { type: 'Network', reason: 'TypeError' };

test('typing on: of twenty commits of an entity under edit the courier learns of it at once, and again when it may go', async () => {
  const { driver, drains } = await start({ pending: 1, dueAt: NOW + 5000 }, { ends: { nextDueAt: NOW + 5000 } });
  for (let commit = 0; commit < 20; commit++) {
    driver.onCommit();
    await vi.advanceTimersByTimeAsync(240);
  }
  expect(drains).toEqual([0]);
  await vi.advanceTimersByTimeAsync(1000);
  expect(drains).toEqual([0, 5000]);
});

test('after a drain that left nothing, the courier learns of the next change at once: the tab may close', async () => {
  const { driver, drains, world } = await start({ pending: 1, dueAt: NOW + 5000 }, { ends: { nextDueAt: NOW + 5000 } });
  driver.onCommit();
  await vi.advanceTimersByTimeAsync(1000);
  driver.onCommit();
  world.ends = {};
  await vi.advanceTimersByTimeAsync(4500);
  expect(drains).toEqual([0, 5000]);
  driver.onCommit();
  await vi.advanceTimersByTimeAsync(1000);
  expect(drains).toEqual([0, 5000, 5500]);
});

test('a change that is free to go is asked for soon, once for commits that come together', async () => {
  const { driver, drains } = await start({ pending: 2, dueAt: 0 }, { ends: null });
  driver.onCommit();
  driver.onCommit();
  await vi.advanceTimersByTimeAsync(1000);
  expect(drains).toEqual([0]);
});

test('an earlier reason to drain does not wait for what is held', async () => {
  const { driver, drains } = await start({ pending: 1, dueAt: NOW + 5000 }, { ends: { nextDueAt: NOW + 5000 } });
  driver.onCommit();
  await vi.advanceTimersByTimeAsync(500);
  driver.onCommit();
  driver.drain();
  await vi.advanceTimersByTimeAsync(1000);
  expect(drains).toEqual([0, 500]);
});

test('a hold from before the clock was set back does not keep a change', async () => {
  const { driver, drains } = await start({ pending: 1, dueAt: NOW + 3_600_000 });
  driver.onCommit();
  await vi.advanceTimersByTimeAsync(1000);
  expect(drains).toEqual([0]);
});

test('where nothing waits, nothing is asked for', async () => {
  const { driver, drains } = await start({});
  driver.onCommit();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(drains).toEqual([]);
});

test('a commit in the last moment of a drain, which no longer looked, is asked for when that has ended', async () => {
  const { driver, drains } = await start({ pending: 1, dueAt: 0 });
  driver.onNews({ type: 'sync-started', workspaceId: 'w' });
  driver.onCommit();
  await vi.advanceTimersByTimeAsync(1000);
  expect(drains).toEqual([]);
  driver.onNews({ type: 'sync-ended', workspaceId: 'w', error: null, retryAt: null, nextDueAt: null });
  await vi.advanceTimersByTimeAsync(1000);
  expect(drains).toEqual([1000]);
});

test('files that move, or do not go, change the numbers and not the word: Synced does not come and go', async () => {
  const { driver, world } = await start({ lastSyncedAt: NOW });
  driver.onNews({ type: 'sync-started', workspaceId: 'w' });
  driver.onNews({ type: 'sync-ended', workspaceId: 'w', error: null, retryAt: null, nextDueAt: null });
  await vi.advanceTimersByTimeAsync(5000);
  expect(driver.state.value.type).toBe('synced');
  const words: string[] = [];
  driver.state.subscribe(({ type }) => words.push(type));
  world.summary = { ...world.summary, files: { waiting: 1, bytes: 9, refused: 0 } };
  driver.onFilesMoved();
  await vi.advanceTimersByTimeAsync(5000);
  expect(driver.state.value).toMatchObject({ type: 'synced', files: { waiting: 1 } });
  expect(new Set(words)).toEqual(new Set(['synced']));
});

test('what a drain commits is read once, with its end', async () => {
  const { driver, world } = await start({ pending: 1, dueAt: 0 }, { ends: null });
  const before = world.reads;
  driver.onNews({ type: 'sync-started', workspaceId: 'w' });
  driver.onCommit();
  driver.onCommit();
  await vi.advanceTimersByTimeAsync(10);
  expect(world.reads - before).toBe(0);
  world.summary = { ...world.summary, pending: 0 };
  driver.onNews({ type: 'sync-ended', workspaceId: 'w', error: null, retryAt: null, nextDueAt: null });
  await vi.advanceTimersByTimeAsync(5000);
  expect(world.reads - before).toBe(1);
  expect(driver.summary.value?.pending).toBe(0);
});

test('while a drain goes on and on, its commits are read again and again', async () => {
  const { driver, world } = await start({ pending: 500, dueAt: 0 }, { ends: null });
  const before = world.reads;
  driver.onNews({ type: 'sync-started', workspaceId: 'w' });
  for (let commit = 1; commit <= 10; commit++) {
    world.summary = { ...world.summary, pending: 500 - commit };
    driver.onCommit();
    await vi.advanceTimersByTimeAsync(1000);
    expect(driver.summary.value?.pending).toBe(500 - commit);
  }
  expect(world.reads - before).toBe(10);
});

test('a page that ends asks at once, although a drain is under way', async () => {
  const { driver, drains } = await start({ pending: 1, dueAt: 0 }, { ends: null });
  driver.drain({ force: true });
  driver.drain({ force: true });
  driver.leave();
  expect(drains).toEqual([0, 0]);
});

test('a drain whose end is never received is asked for again', async () => {
  const { driver, drains } = await start({ pending: 1, dueAt: 0 }, { ends: null });
  driver.onCommit();
  await vi.advanceTimersByTimeAsync(ASKED_FOR_MS);
  expect(drains).toEqual([0, ASKED_FOR_MS]);
});

test('after a failure the time that it named decides, not the pulls of a visible page', async () => {
  const error = { type: 'RateLimited', retryAfterMs: 20 * 60_000 } as const;
  const ends = { error, retryAt: NOW + error.retryAfterMs };
  const { driver, drains } = await start({ pending: 1, dueAt: 0 }, { ends, visible: true });
  driver.onCommit();
  await vi.advanceTimersByTimeAsync(10 * PULL_EVERY_MS);
  expect(drains).toEqual([0]);
  await vi.advanceTimersByTimeAsync(10 * PULL_EVERY_MS);
  expect(drains).toEqual([0, 20 * 60_000]);
});

test.each([
  ['in the past', -86_400_000, 1000, 1000],
  ['in a year', 365 * 86_400_000, 60_000, 60_010],
])('a retry that the clock puts %s comes all the same, and not in a hot loop', async (_, ms, least, second) => {
  const error: SyncError = { type: 'ServerError', status: 500, retryAfterMs: null };
  const { driver, drains } = await start({ pending: 1, dueAt: 0 }, { ends: { error, retryAt: NOW + ms } });
  driver.onCommit();
  await vi.advanceTimersByTimeAsync(180_000);
  expect(drains.slice(0, 2)).toEqual([0, second]);
  expect(drains.length).toBeLessThanOrEqual(1 + 180_000 / least);
});

test.each([
  ['the network came back', 10 * 60_000, ({ onNetwork }: SyncDriver) => onNetwork(true)],
  ['the page was opened', 0, ({ drain }: SyncDriver) => drain()],
])('after %s a try that fails is soon followed by others, however many had failed before', async (_, awayMs, back) => {
  // What the drainer says after many failures.
  const { driver, drains, world } = await start({ pending: 1, dueAt: 0 }, { ends: null });
  world.ends = { error: offline, retryAt: NOW + 10 * awayMs + 60_000 };
  if (awayMs > 0) {
    driver.onNetwork(false);
    driver.onCommit();
    await vi.advanceTimersByTimeAsync(awayMs);
  }
  const before = drains.length;
  const returned = Date.now() - NOW;
  back(driver);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(drains.slice(before, before + 7).map((ms) => Math.round((ms - returned) / 1000))).toEqual([0, 1, 2, 4, 8, 16, 33]);
  // A network that stays away is asked after as before.
  world.ends = { error: offline, retryAt: Date.now() + 60 * 60_000 };
  const later = drains.length;
  await vi.advanceTimersByTimeAsync(10 * 60_000);
  expect(drains.length - later).toBeLessThanOrEqual(10);
});

test('before the start nothing is asked for: nobody knows yet whether the person has switched sync off', async () => {
  const drains: boolean[] = [];
  const driver = createSyncDriver({
    clock: systemClock,
    surroundings: { online: true, visible: true, insecure: false },
    requestDrain: async (force) => drains.push(force) > 0,
    drainHere: async () => true,
    readSummary: async () => ({ ...quietSummary(NOW), pending: 1, changes: 1 }),
  });
  driver.onCommit();
  driver.setEnabled(false);
  driver.start({ joined: true });
  await vi.advanceTimersByTimeAsync(120_000);
  expect(drains).toEqual([]);
  expect(driver.state.value).toEqual({ type: 'off', pending: 1 });
  driver.setEnabled(true);
  await vi.advanceTimersByTimeAsync(10);
  expect(drains).toEqual([true]);
});

test.each([
  ['as it was', 10 * 60_000],
  ['set back by an hour', -60 * 60_000],
  ['set back by a few seconds', -5000],
])('a page that has slept looks at the store before it says "Synced" again, its clock %s', async (_, jumpMs) => {
  const { driver, world } = await start({ lastSyncedAt: NOW }, { ends: null });
  driver.onCommit();
  await vi.advanceTimersByTimeAsync(0);
  driver.onNews({ type: 'sync-started', workspaceId: 'w', run: '1' });
  driver.onNews({ type: 'sync-ended', workspaceId: 'w', run: '1', error: null, retryAt: null, nextDueAt: null });
  await vi.advanceTimersByTimeAsync(2000);
  expect(driver.state.value.type).toBe('synced');
  // What another tab has saved meanwhile, a frozen page does not learn of.
  world.summary = { ...world.summary, pending: 1, changes: 1 };
  vi.setSystemTime(Date.now() + jumpMs);
  driver.onSeen(true);
  expect(driver.state.value.type).toBe('syncing');
  await vi.advanceTimersByTimeAsync(5000);
  expect(driver.state.value).toMatchObject({ type: 'syncing', pending: 1 });
});

test('what could not be read at the end of a drain, because the worker had died, is read again soon: "Synced" comes', async () => {
  const { driver, world } = await start({ lastSyncedAt: NOW }, { ends: null });
  driver.onNews({ type: 'sync-started', workspaceId: 'w', run: '1' });
  driver.onCommit();
  world.lostReads = 2;
  driver.onNews({ type: 'sync-ended', workspaceId: 'w', run: '1', error: null, retryAt: null, nextDueAt: null });
  await vi.advanceTimersByTimeAsync(8000);
  expect(driver.state.value.type).toBe('synced');
  const { reads } = world;
  await vi.advanceTimersByTimeAsync(30_000);
  expect(world.reads).toBe(reads);
});

test('a drain that died with the worker of this tab is asked for again at once', async () => {
  const { driver, drains, world } = await start({ pending: 1, dueAt: NOW }, { ends: null });
  Object.assign(world, { hasCourier: false, isAlive: false });
  driver.onCommit();
  await vi.advanceTimersByTimeAsync(500);
  expect(drains).toHaveLength(1);
  world.isAlive = true;
  await vi.advanceTimersByTimeAsync(2000);
  expect(drains).toHaveLength(2);
  // This one lives, and is waited for.
  await vi.advanceTimersByTimeAsync(10_000);
  expect(drains).toHaveLength(2);
});
