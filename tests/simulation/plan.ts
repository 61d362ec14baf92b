/** What happens in one run: a list of acts with their times, made from a seed, or kept in a file. */
import { createPrng, type Prng } from './prng.ts';

/** What one device is like for the whole run. */
export interface DevicePlan {
  /** Its wall clock's error, ms. */
  readonly skewMs: number;
  /** A service worker drains; without one the leading tab does. */
  readonly courier: boolean;
  /** How often its steps are passed over, 0 to 1: a slow machine. */
  readonly lag: number;
  /** Runs a later version of the app than the others. */
  readonly newer?: boolean;
  /** From how many ops on its pushes are bulks; as the product has it where it is not said. */
  readonly bulkFrom?: number;
  /** Ops to a push at most; absent: the protocol's own limit, which is never reached here. */
  readonly pushLimit?: number;
  /** Pulled entities to a transaction; absent: as in the product, which is never reached here. */
  readonly applyBatch?: number;
}

export type Deed =
  // A person's.
  | { readonly do: 'new'; readonly device: number; readonly tab: number; readonly note: number; readonly chat: boolean }
  | {
      readonly do: 'type';
      readonly device: number;
      readonly tab: number;
      readonly note: number;
      readonly field: 'text' | 'title' | 'tags' | 'message';
      /** Where in the text, 0 to 1. */
      readonly place: number;
      readonly line: boolean;
      readonly count: number;
      readonly gapMs: number;
      /** Then goes on to something else. */
      readonly leave: boolean;
    }
  | {
      readonly do: 'erase';
      readonly device: number;
      readonly tab: number;
      readonly note: number;
      readonly place: number;
      readonly leave: boolean;
    }
  | {
      readonly do: 'mark';
      readonly device: number;
      readonly tab: number;
      readonly note: number;
      readonly what: 'star' | 'bin' | 'restore' | 'purge' | 'revert';
      readonly leave: boolean;
    }
  | {
      readonly do: 'set';
      readonly device: number;
      readonly tab: number;
      readonly what: 'theme' | 'prompt' | 'ask' | 'newer' | 'layout' | 'card';
    }
  | {
      readonly do: 'resolve';
      readonly device: number;
      readonly tab: number;
      readonly place: number;
      readonly choice: 'mine' | 'theirs';
    }
  // The life of a device.
  | { readonly do: 'open' | 'close' | 'reload' | 'hide'; readonly device: number; readonly tab: number }
  | {
      readonly do: 'kill';
      readonly device: number;
      readonly tab: number;
      readonly what: 'page' | 'worker' | 'courier' | 'browser' | 'power';
      readonly gates: number;
    }
  | { readonly do: 'evict'; readonly device: number }
  | { readonly do: 'clock'; readonly device: number; readonly byMs: number }
  | {
      readonly do: 'disk';
      readonly device: number;
      readonly fault: 'full' | 'lost' | 'untold';
      readonly skip: number;
      readonly times: number;
    }
  // The network's and the server's.
  | { readonly do: 'online' | 'offline'; readonly device: number }
  | { readonly do: 'weather'; readonly device: number; readonly badness: number; readonly latencyMs: number }
  | { readonly do: 'server-kill'; readonly gates: number }
  | { readonly do: 'server-stop'; readonly ms: number }
  | { readonly do: 'server-full'; readonly ms: number }
  | { readonly do: 'server-copy' }
  | { readonly do: 'server-restore'; readonly rotate: boolean }
  | { readonly do: 'server-wipe' };

export type Act = Deed & { readonly at: number };

export interface Plan {
  readonly seed: number;
  readonly devices: readonly DevicePlan[];
  readonly acts: readonly Act[];
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** What may go wrong in a run: each seed takes some of it, so that simple runs stay simple. */
export type Trouble =
  | 'kill'
  | 'power'
  | 'net'
  | 'weather'
  | 'server'
  | 'past'
  | 'clock'
  | 'disk'
  | 'life'
  | 'evict'
  | 'full'
  | 'versions';
const TROUBLES: readonly Exclude<Trouble, 'versions'>[] = [
  'kill',
  'power',
  'net',
  'weather',
  'server',
  'past',
  'clock',
  'disk',
  'life',
  'evict',
  'full',
];
const SHARE: Readonly<Record<Exclude<Trouble, 'versions'>, number>> = {
  kill: 0.5,
  power: 0.15,
  net: 0.6,
  weather: 0.5,
  server: 0.3,
  past: 0.3,
  clock: 0.2,
  disk: 0.2,
  life: 0.6,
  evict: 0.08,
  full: 0.08,
};

/** The plan of a seed. `needs` are troubles that it has in any case. */
export function makePlan(seed: number, needs: readonly Trouble[] = []): Plan {
  const random = createPrng(seed).fork('plan');
  // By dice of their own: the other choices of a seed stay what they were.
  const bulks = createPrng(seed).fork('bulks');
  const batches = createPrng(seed).fork('batches');
  const count = random.weighted({ 1: 2, 2: 6, 3: 2, 4: 1 });
  const versions = random.chance(0.15) || needs.includes('versions');
  const devices = Array.from(
    { length: Number(count) },
    (): DevicePlan => ({
      skewMs: random.chance(0.15) ? random.pick([-DAY, DAY, -HOUR, 10 * MINUTE]) : random.between(-2000, 2000),
      courier: random.chance(0.7),
      lag: random.chance(0.3) ? 0.7 : 0,
      newer: versions && random.chance(0.5),
      ...bulks.pick([{ bulkFrom: 1 }, { bulkFrom: 1 }, { bulkFrom: 2 }, {}, {}]),
      ...batches.pick([{ pushLimit: 1 }, { pushLimit: 2 }, {}, {}]),
      ...batches.pick([{ applyBatch: 1 }, { applyBatch: 2 }, { applyBatch: 3 }, {}]),
    }),
  );
  const troubles = new Set(TROUBLES.filter((trouble) => random.chance(SHARE[trouble]) || needs.includes(trouble)));
  const length = random.between(8, 36);
  const acts: Act[] = [];
  let at = 100;
  /** Acts of a clash that are still to come: several hands on one thing within moments. */
  let clash = 0;
  const state: State = { random, devices: devices.length, notes: 0, copies: 0 };
  for (let n = 0; n < length; n++) {
    if (clash > 0) clash -= 1;
    else if (n > 1 && random.chance(0.12)) clash = random.between(3, 6);
    at += clash > 0 ? random.below(300) : pause(random);
    const deed =
      n < 2 || random.chance(clash > 0 ? (needs.length > 0 ? 0.6 : 0.8) : 0.62)
        ? person(state, n, clash > 0)
        : mishap(state, needs.length > 0 && random.chance(0.6) ? new Set(needs) : troubles);
    if (deed) acts.push({ at, ...deed });
  }
  return { seed, devices, acts };
}

interface State {
  readonly random: Prng;
  readonly devices: number;
  notes: number;
  copies: number;
}

function pause(random: Prng): number {
  switch (random.weighted({ none: 3, moment: 5, seconds: 6, minutes: 2, hours: 0.3 })) {
    case 'none':
      return 0;
    case 'moment':
      return random.between(1, 400);
    case 'seconds':
      return random.between(400, 20 * SECOND);
    case 'minutes':
      return random.between(20 * SECOND, 10 * MINUTE);
    case 'hours':
      return random.between(HOUR, 30 * HOUR);
  }
}

function person(state: State, n: number, clash: boolean): Deed | null {
  const { random } = state;
  const device = n < 2 ? 0 : random.below(state.devices);
  const tab = random.chance(clash ? 0.5 : 0.75) ? 0 : 1;
  if (state.notes === 0 || (!clash && random.chance(0.12) && state.notes < 5)) {
    return { do: 'new', device, tab: n < 2 ? 0 : tab, note: state.notes++, chat: random.chance(0.2) };
  }
  const note = clash || random.chance(0.7) ? 0 : random.below(state.notes);
  switch (random.weighted({ type: 12, erase: 2, mark: 3, set: 1.5, resolve: 0.5 })) {
    case 'type': {
      const field = random.weighted({ text: 8, title: 2, tags: 2, message: 1 });
      const burst = random.chance(0.3);
      return {
        do: 'type',
        device,
        tab,
        note,
        field,
        place: random.pick([0, 0.5, 1, random.fraction()]),
        line: random.chance(0.6),
        count: burst ? random.between(2, 5) : 1,
        gapMs: random.between(20, 400),
        leave: random.chance(0.2),
      };
    }
    case 'erase':
      return { do: 'erase', device, tab, note, place: random.fraction(), leave: random.chance(0.2) };
    case 'mark':
      return {
        do: 'mark',
        device,
        tab,
        note,
        what: random.weighted({ star: 3, bin: 2, restore: 2, purge: 1, revert: 1 }),
        leave: random.chance(0.2),
      };
    case 'set':
      return { do: 'set', device, tab, what: random.weighted({ theme: 3, prompt: 4, ask: 2, newer: 1, layout: 2, card: 1 }) };
    case 'resolve':
      return { do: 'resolve', device, tab, place: random.fraction(), choice: random.pick(['mine', 'theirs']) };
  }
}

function mishap(state: State, troubles: ReadonlySet<Trouble>): Deed | null {
  const { random } = state;
  const chosen = [...troubles];
  if (chosen.length === 0) return null;
  const device = random.below(state.devices);
  const tab = random.chance(0.75) ? 0 : 1;
  const gates = random.chance(0.6) ? random.between(0, 12) : random.between(0, 60);
  switch (random.pick(chosen)) {
    case 'kill':
      return { do: 'kill', device, tab, what: random.weighted({ page: 2, worker: 2, courier: 3, browser: 2 }), gates };
    case 'power':
      return { do: 'kill', device, tab, what: 'power', gates };
    case 'net':
      return { do: random.pick(['online', 'offline']), device };
    case 'weather':
      return {
        do: 'weather',
        device,
        badness: random.pick([0, 0.1, 0.3, 0.6]),
        latencyMs: random.pick([20, 300, 5 * SECOND, 40 * SECOND]),
      };
    case 'server':
      return random.chance(0.7) ? { do: 'server-kill', gates } : { do: 'server-stop', ms: random.between(SECOND, 5 * MINUTE) };
    case 'past':
      if (state.copies === 0 || random.chance(0.4)) {
        state.copies += 1;
        return { do: 'server-copy' };
      }
      return random.chance(0.8) ? { do: 'server-restore', rotate: random.chance(0.4) } : { do: 'server-wipe' };
    case 'clock':
      return { do: 'clock', device, byMs: random.pick([DAY, -DAY, HOUR, -HOUR, 10 * MINUTE, -10 * MINUTE, -SECOND]) };
    case 'disk':
      return {
        do: 'disk',
        device,
        fault: random.pick(['full', 'lost', 'untold']),
        skip: random.below(6),
        times: random.between(1, 4),
      };
    case 'life':
      return { do: random.weighted({ open: 2, close: 2, reload: 2, hide: 2 }), device, tab };
    case 'evict':
      return { do: 'evict', device };
    case 'full':
      return { do: 'server-full', ms: random.between(SECOND, 10 * MINUTE) };
    case 'versions':
      return null;
  }
}
