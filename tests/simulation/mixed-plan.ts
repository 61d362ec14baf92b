/** Plans in which everything may happen to everybody at any time. */
import type { Act, Deed, DevicePlan, Plan, Trouble } from './acts.ts';
import { createPrng, type Prng } from './prng.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

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

/** A plan of everything that may happen. `needs` are troubles that it has in any case. */
export function makeMixedPlan(seed: number, needs: readonly Trouble[] = []): Plan {
  const random = createPrng(seed).fork('plan');
  // By dice of their own: the other choices of a seed stay what they were.
  const bulks = createPrng(seed).fork('bulks');
  const batches = createPrng(seed).fork('batches');
  const pages = createPrng(seed).fork('pages');
  const large = createPrng(seed).fork('large bodies');
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
      ...pages.pick([{ pageSize: 1 }, { pageSize: 2 }, { pageSize: 3 }, {}, {}]),
      ...large.pick([{ largeBody: 150 }, { largeBody: 400 }, {}, {}]),
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
  switch (random.weighted({ type: 12, erase: 2, undo: 0.5, untag: 1, move: 0.5, mark: 3, set: 1.5, resolve: 0.5 })) {
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
    case 'undo':
      return { do: 'undo', device, tab, note };
    case 'untag':
      return { do: 'untag', device, tab, note, place: random.fraction() };
    case 'move':
      return { do: 'move', device, tab, note, place: random.fraction(), gapMs: random.between(20, 400) };
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
      return {
        do: 'clock',
        device,
        byMs: random.pick([YEAR, -YEAR, DAY, -DAY, HOUR, -HOUR, 10 * MINUTE, -10 * MINUTE, -SECOND]),
        // Mostly somebody sees it, and puts it right.
        ...(random.chance(0.6) ? { forMs: random.between(SECOND, 30 * SECOND) } : {}),
      };
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
