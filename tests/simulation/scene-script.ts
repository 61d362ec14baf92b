/** What the scenes are written with: acts in their order, ordinary devices, and a person who types. */
import type { Act, Deed, DevicePlan, Plan } from './acts.ts';
import { createPrng, type Prng } from './prng.ts';

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const YEAR = 365 * DAY;

/** Gathers acts; time goes on with `wait`. */
export interface Script {
  readonly random: Prng;
  wait(ms: number): void;
  now(): number;
  /** `laterMs` from now, without moving the time of what follows. */
  add(deed: Deed, laterMs?: number): void;
  end(devices: readonly DevicePlan[], more?: Partial<Plan>): Plan;
}

export function createScript(seed: number, name: string): Script {
  const acts: Act[] = [];
  let now = 100;
  return {
    random: createPrng(seed).fork(name),
    wait(ms) {
      now += ms;
    },
    now: () => now,
    add(deed, laterMs = 0) {
      acts.push({ at: now + laterMs, ...deed });
    },
    end: (devices, more = {}) => ({ seed, devices, acts: [...acts].sort((a, b) => a.at - b.at), ...more }),
  };
}

/** A device like any other: its clock right to seconds, its pages and batches of any size. */
export const steady = (random: Prng): DevicePlan => ({
  skewMs: random.between(-2000, 2000),
  courier: random.chance(0.7),
  lag: random.chance(0.2) ? 0.7 : 0,
  ...random.pick([{ pageSize: 1 }, { pageSize: 2 }, { pageSize: 4 }, {}]),
  ...random.pick([{ bulkFrom: 1 }, { bulkFrom: 2 }, {}]),
  ...random.pick([{ applyBatch: 1 }, { applyBatch: 2 }, {}]),
});

export const fresh = (note: number, device = 0, chat = false): Deed => ({ do: 'new', device, tab: 0, note, chat });

export const typing = (random: Prng, more: { readonly device?: number; readonly tab?: number; readonly note?: number }) =>
  ({
    do: 'type',
    device: 0,
    tab: 0,
    note: 0,
    field: 'text',
    place: random.fraction(),
    line: random.chance(0.6),
    count: 1,
    gapMs: random.between(20, 400),
    leave: false,
    ...more,
  }) as const;
