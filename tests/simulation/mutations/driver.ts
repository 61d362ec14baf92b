/** When a page asks for a drain, and what it says of the sync. */
import { type Product, product } from '#simulation/adapters.ts';
import type { Act, Plan } from '#simulation/plan.ts';
import { createPrng } from '#simulation/prng.ts';
import { SCENES } from '#simulation/scenes.ts';
import type { Mutation } from './mutation.ts';

type Options = Parameters<Product['createSyncDriver']>[0];
type Driver = ReturnType<Product['createSyncDriver']>;

const withDriver = (change: (driver: Driver) => Partial<Driver>, options: (options: Options) => Options = (same) => same) => ({
  createSyncDriver: (given: Options): Driver => {
    const driver = product.createSyncDriver(options(given));
    return { ...driver, ...change(driver) };
  },
});

export const driver: readonly Mutation[] = [
  {
    name: 'a page says "Synced" before the server was asked',
    rule: 'Law 4: Synced is a fact',
    needs: [],
    product: withDriver((driver) => ({
      start(options) {
        driver.start(options);
        driver.onNews({ type: 'sync-started', workspaceId: '' });
        driver.onNews({ type: 'sync-ended', workspaceId: '', error: null, retryAt: null, nextDueAt: null });
      },
    })),
  },
  {
    name: 'a page says "Synced" whatever waits',
    rule: 'Law 4: Synced is a fact',
    needs: [],
    product: withDriver(
      () => ({}),
      (options) => ({
        ...options,
        async readSummary() {
          const summary = await options.readSummary();
          return summary && { ...summary, pending: 0 };
        },
      }),
    ),
  },
  {
    name: 'a page never asks again by itself',
    rule: 'Invariant 8: a visible page tries again',
    needs: [],
    plan: calm,
    product: withDriver(
      () => ({}),
      (options) => ({
        ...options,
        clock: { ...options.clock, setTimer: (ms, fire) => (ms < 1000 ? options.clock.setTimer(ms, fire) : () => {}) },
      }),
    ),
  },
  {
    name: 'a page without a network does not ask the service worker, which then has no tag to be woken by',
    rule: 'Invariant 8: what waits is sent with no tab open',
    needs: [],
    plan: SCENES.closedAway,
    product: {
      createSyncDriver(given: Options): Driver {
        let isOnline = given.surroundings.online;
        const driver = product.createSyncDriver({
          ...given,
          requestDrain: async (force) => (isOnline ? given.requestDrain(force) : true),
        });
        return {
          ...driver,
          onNetwork(online) {
            isOnline = online;
            driver.onNetwork(online);
          },
        };
      },
    },
  },
];

/** A person writes on in sight of the page; nothing goes wrong. */
function calm(seed: number): Plan {
  const random = createPrng(seed).fork('calm');
  const typing = {
    do: 'type',
    device: 0,
    tab: 0,
    note: 0,
    field: 'text',
    place: 1,
    line: true,
    gapMs: 100,
    leave: false,
  } as const;
  const acts: readonly Act[] = [
    { at: 100, do: 'new', device: 0, tab: 0, note: 0, chat: false },
    { at: 20_000, ...typing, count: random.between(1, 5) },
    { at: 20_000 + random.between(6000, 9000), ...typing, count: 2 },
    { at: 110_000, do: 'resolve', device: 0, tab: 0, place: 0, choice: 'mine' },
  ];
  return { seed, devices: [{ skewMs: 0, courier: random.chance(0.5), lag: 0 }], acts };
}
