/**
 * The driver of the sync over any order of events: it never stalls, never asks in a loop, never says "Synced" without an
 * answer (invariants 8 and 23).
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ASKED_FOR_MS, type DriverState, type Moment, startState } from '#app/driver-state.ts';
import { WORD_MS } from '#app/sync-state.ts';
import { nextSync, type SyncEffect, type SyncEvent, wakeInMs } from '#app/sync-steps.ts';
import type { SyncError } from '#core/errors.ts';
import type { StoreSummary } from '#store/store.ts';
import { quietSummary } from '#support/quiet-summary.ts';

const NOW = 1_790_000_000_000;

type Untimed<E> = E extends { readonly at: Moment } ? Omit<E, 'at'> : never;
type Happening = Untimed<SyncEvent>;

/** Time passes with its timers, or the wall's clock is set. */
interface Time {
  readonly type: 'pass' | 'jump';
  readonly ms: number;
}
type Event = Happening | Time;
const isTime = (event: Event): event is Time => event.type === 'pass' || event.type === 'jump';

interface Ask {
  readonly steady: number;
  readonly force: boolean;
  readonly leaving: boolean;
}

/** Runs the steps as the shell does: effects are noted, and the timer that the state asks for fires in its time. */
function createWorld(surroundings: { readonly online: boolean; readonly visible: boolean }) {
  const at: { wall: number; steady: number } = { wall: NOW, steady: 1000 };
  let state = startState({ ...surroundings, insecure: false }, { ...at });
  const asks: Ask[] = [];
  let wakes = 0;
  let listener: (effects: readonly SyncEffect[]) => void = () => {};
  const happen = (event: Happening): void => {
    const step = nextSync(state, { ...event, at: { ...at } });
    state = step.state;
    for (const effect of step.effects)
      if (effect.type === 'ask') asks.push({ steady: at.steady, force: effect.force, leaving: event.type === 'leaving' });
    listener(step.effects);
  };
  const move = (ms: number): void => {
    at.wall += ms;
    at.steady += ms;
  };
  return {
    asks,
    happen,
    get state(): DriverState {
      return state;
    },
    get steady() {
      return at.steady;
    },
    get wall() {
      return at.wall;
    },
    get wakes() {
      return wakes;
    },
    jump(ms: number) {
      at.wall += ms;
    },
    /** Time passes, and nothing arrives, not even a timer: a frozen page. */
    freeze: move,
    onEffects(next: typeof listener) {
      listener = next;
    },
    /** Lets time pass, with the timers in it. */
    pass(ms: number) {
      const end = at.steady + ms;
      for (;;) {
        const left = wakeInMs(state, { ...at });
        if (left === null || at.steady + left > end) break;
        // As a browser's timers: never in no time.
        move(Math.max(left, 1));
        wakes += 1;
        happen({ type: 'woken' });
      }
      if (end > at.steady) move(end - at.steady);
    },
  };
}

const errors = fc.constantFrom<SyncError | null>(
  null,
  null,
  { type: 'Network', reason: 'TypeError' },
  { type: 'RateLimited', retryAfterMs: 90_000 },
  { type: 'ServerError', status: 503, retryAfterMs: null },
  { type: 'SignedOut' },
);
const offset = fc.option(fc.oneof(fc.integer({ min: -5000, max: 10_000 }), fc.constantFrom(-1e12, 1e12)), { nil: null });
const past = (ms: number | null): number | null => (ms === null ? null : NOW + ms);
const summaries: fc.Arbitrary<StoreSummary | null> = fc.option(
  fc.record({ pending: fc.nat(3), dueIn: offset, synced: fc.boolean(), changes: fc.nat(2) }).map(
    ({ pending, dueIn, synced, changes }): StoreSummary => ({
      ...quietSummary(NOW),
      pending,
      changes: Math.min(changes, pending),
      dueAt: pending > 0 ? past(dueIn) : null,
      oldestPendingAt: pending > 0 ? NOW : null,
      lastSyncedAt: synced ? NOW : null,
    }),
  ),
  { nil: null, freq: 6 },
);
const happenings: fc.Arbitrary<Event> = fc.oneof(
  fc.record({ type: fc.constant('started' as const), joined: fc.boolean() }),
  fc.record({ type: fc.constant('read' as const), summary: summaries }),
  fc.constant({ type: 'committed' as const }),
  fc.constant({ type: 'files-moved' as const }),
  fc.constant({ type: 'news' as const, news: { type: 'sync-started' as const, workspaceId: 'w' } }),
  fc
    .record({ error: errors, retryIn: offset, dueIn: offset, answered: fc.boolean() })
    .map(({ error, retryIn, dueIn, answered }) => ({
      type: 'news' as const,
      news: {
        type: 'sync-ended' as const,
        workspaceId: 'w',
        error,
        retryAt: error ? past(retryIn) : null,
        nextDueAt: past(dueIn),
        answered: error === null && answered,
      },
    })),
  fc.record({ type: fc.constant('network' as const), online: fc.boolean() }),
  fc.record({ type: fc.constant('seen' as const), visible: fc.boolean() }),
  fc.record({ type: fc.constant('switched' as const), on: fc.boolean() }),
  fc.record({ type: fc.constant('wished' as const), force: fc.boolean() }),
  fc.constant({ type: 'leaving' as const }),
  fc.constant({ type: 'woken' as const }),
  fc.record({ type: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 120_000 }) }),
  fc.record({ type: fc.constant('jump' as const), ms: fc.constantFrom(-1e10, -3_600_000, 3_600_000, 1e10) }),
);
const lives = fc.record({
  online: fc.boolean(),
  visible: fc.boolean(),
  happenings: fc.array(happenings, { maxLength: 40 }),
});
/** Lives in which all goes well now and then, so that "Synced" is often reached. */
const calmLives = fc.array(
  fc.oneof(
    { weight: 1, arbitrary: happenings },
    {
      weight: 6,
      arbitrary: fc.constantFrom<Event>(
        { type: 'started', joined: true },
        { type: 'read', summary: quietSummary(NOW) },
        { type: 'read', summary: { ...quietSummary(NOW), pending: 1, changes: 1 } },
        { type: 'committed' },
        { type: 'news', news: { type: 'sync-started', workspaceId: 'w' } },
        {
          type: 'news',
          news: { type: 'sync-ended', workspaceId: 'w', error: null, retryAt: null, nextDueAt: null, answered: true },
        },
        { type: 'pass', ms: 1500 },
      ),
    },
  ),
  { maxLength: 40 },
);
type World = ReturnType<typeof createWorld>;

const live = (world: World, events: readonly Event[], look = (_event: Event) => {}): World => {
  for (const event of events) {
    if (!isTime(event)) world.happen(event);
    else if (event.type === 'pass') world.pass(event.ms);
    else world.jump(event.ms);
    look(event);
  }
  return world;
};

/** From now on a server answers each drain within 100 ms, and the store tells what is true. */
function mend(world: World, waiting: number): void {
  let pending = waiting;
  let drainedIn: number | null = null;
  const reads: number[] = [];
  world.onEffects((effects) => {
    for (const effect of effects) {
      if (effect.type === 'read') reads.push(world.steady);
      else drainedIn ??= world.steady + 100;
    }
  });
  // What was under way before has been lost with its context.
  const read = () => ({ ...quietSummary(world.wall), pending, changes: pending, dueAt: pending > 0 ? 0 : null });
  world.happen({ type: 'switched', on: true });
  world.happen({ type: 'network', online: true });
  world.happen({ type: 'seen', visible: true });
  world.happen({ type: 'started', joined: true });
  world.happen({ type: 'read', summary: read() });
  for (let step = 0; step < 1200; step++) {
    world.pass(100);
    for (; reads.length > 0; reads.shift()) world.happen({ type: 'read', summary: read() });
    if (drainedIn !== null && world.steady >= drainedIn) {
      drainedIn = null;
      pending = 0;
      world.happen({ type: 'news', news: { type: 'sync-started', workspaceId: 'w' } });
      world.happen({ type: 'news', news: { type: 'sync-ended', workspaceId: 'w', error: null, retryAt: null, nextDueAt: null } });
    }
  }
}

describe('whatever happened before', () => {
  test('with a visible page and a reachable server what waits is asked for, and two minutes later it is synced', () => {
    fc.assert(
      fc.property(lives, ({ online, visible, happenings }) => {
        const world = live(createWorld({ online, visible }), happenings);
        mend(world, 2);
        expect(world.state.shown.state.type).toBe('synced');
      }),
      { numRuns: 300 },
    );
  });

  test('a drain is asked for only when the one before has ended, or wants less, or the page ends, or it is given up', () => {
    fc.assert(
      fc.property(lives, ({ online, visible, happenings }) => {
        const world = createWorld({ online, visible });
        let under: Ask | null = null;
        let seen = 0;
        live(world, happenings, (event) => {
          // The end of one may bring the next at once.
          if (event.type === 'news' && event.news.type === 'sync-ended') under = null;
          for (const ask of world.asks.slice(seen)) {
            const may = under === null || ask.leaving || (ask.force && !under.force) || ask.steady - under.steady >= ASKED_FOR_MS;
            expect(may).toBe(true);
            under = ask;
          }
          seen = world.asks.length;
          if (world.state.asked === null) under = null;
        });
      }),
    );
  });

  test('nobody is asked, and nothing wakes, in a hot loop: not even by news that always ask for more', () => {
    fc.assert(
      fc.property(lives, errors, offset, ({ online, visible, happenings }, error, nextIn) => {
        const world = live(createWorld({ online, visible }), [...happenings, { type: 'started', joined: true }]);
        const [asked, woken] = [world.asks.length, world.wakes];
        for (let second = 0; second < 60; second++) {
          const before = world.asks.length;
          world.pass(1000);
          const next = nextIn === null ? null : world.wall + nextIn;
          const retryAt = error ? next : null;
          const news = { type: 'sync-ended', workspaceId: 'w', error, retryAt, nextDueAt: next } as const;
          for (let ask = before; ask < world.asks.length; ask++) world.happen({ type: 'news', news });
        }
        expect(world.asks.length - asked).toBeLessThanOrEqual(62);
        expect(world.wakes - woken).toBeLessThanOrEqual(200);
      }),
    );
  });
});

describe('the word', () => {
  test('"Synced" is shown only after an answer in this run, with everything in it that is here', () => {
    fc.assert(
      fc.property(calmLives, (events) => {
        const world = createWorld({ online: true, visible: true });
        let answered = false;
        let begun = false;
        let committed = false;
        for (const event of events) {
          live(world, [event]);
          if (event.type === 'news') {
            answered = event.news.type === 'sync-ended' ? begun && event.news.answered === true : answered;
            begun = event.news.type === 'sync-started';
          }
          if (event.type === 'switched' || (event.type === 'network' && event.online)) answered &&= world.state.answered;
          if (event.type === 'committed') committed = true;
          if (event.type === 'read' && world.state.reading === 'no' && event.summary) committed = false;
          if (world.state.shown.state.type !== 'synced') continue;
          expect({ answered, committed }).toEqual({ answered: true, committed: false });
          expect(world.state.summary?.pending).toBe(0);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('of a page that was frozen is not "Synced" before the store was read, however the clock was set meanwhile', () => {
    const set = fc.constantFrom(0, 0, -1500, -60_000, -600_000, -1e10, 60_000, 1e10);
    const synced: readonly Event[] = [
      { type: 'started', joined: true },
      { type: 'read', summary: quietSummary(NOW) },
      { type: 'news', news: { type: 'sync-started', workspaceId: 'w' } },
      {
        type: 'news',
        news: { type: 'sync-ended', workspaceId: 'w', error: null, retryAt: null, nextDueAt: null, answered: true },
      },
      { type: 'read', summary: quietSummary(NOW) },
      { type: 'pass', ms: 2000 },
    ];
    const wakes = fc.constantFrom<Happening>(
      { type: 'seen', visible: true },
      { type: 'seen', visible: false },
      { type: 'woken' },
    );
    fc.assert(
      fc.property(fc.integer({ min: 91_000, max: 1e8 }), set, wakes, (ms, setMs, wake) => {
        const world = live(createWorld({ online: true, visible: true }), synced);
        expect(world.state.shown.state.type).toBe('synced');
        world.freeze(ms);
        world.jump(setMs);
        world.happen(wake);
        expect(world.state.shown.state.type).toBe('syncing');
        expect(world.state.reading).not.toBe('no');
      }),
    );
  });

  test('stays for a second, unless something is wrong, or "Synced" is no longer true', () => {
    const calm = ['synced', 'syncing', 'unasked'];
    fc.assert(
      fc.property(lives, ({ online, visible, happenings }) => {
        const world = createWorld({ online, visible });
        let word = { type: world.state.shown.state.type, since: world.steady };
        live(world, happenings, () => {
          const { type } = world.state.shown.state;
          if (type === word.type) return;
          const { since } = world.state.shown;
          if (calm.includes(type) && word.type !== 'synced' && word.type !== 'unasked')
            expect(since - word.since).toBeGreaterThanOrEqual(WORD_MS);
          word = { type, since };
        });
      }),
    );
  });
});
