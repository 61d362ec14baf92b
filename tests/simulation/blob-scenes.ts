/** Plans with pictures and files: any plan with some among its acts, and scenes in which their dangers are dense. */
import type { Act, Deed, Plan } from './acts.ts';
import { createPrng, type Prng } from './prng.ts';
import { createScript, DAY, fresh, HOUR, MINUTE, SECOND, steady, typing } from './scene-script.ts';

const FILES = 4;

const fileAct = (random: Prng, device: number, notes: number): Deed => {
  const at = { device, tab: random.chance(0.75) ? 0 : 1, note: random.below(notes), place: random.fraction() };
  switch (random.weighted({ add: 6, out: 1, copy: 1, open: 2, collect: 0.5, letgo: 0.5, full: 0.3, server: 0.3 })) {
    case 'add':
      return { do: 'file-add', ...at, file: random.below(FILES), large: random.chance(0.4) };
    case 'out':
      return { do: 'file-out', ...at };
    case 'copy':
      return { do: 'file-copy', ...at, to: random.below(notes) };
    case 'open':
      return { do: 'file-open', ...at };
    case 'collect':
      return { do: 'file-collect', device, tab: at.tab };
    case 'letgo':
      return { do: 'file-letgo', device, tab: at.tab, place: at.place };
    case 'full':
      return { do: 'file-full', device, skip: random.below(4), times: random.between(1, 3) };
    case 'server':
      return { do: 'server-collect' };
  }
};

/** The plan with files among its acts: what else happens in it stays what it is. */
export function withBlobs(plan: Plan): Plan {
  const random = createPrng(plan.seed).fork('blobs');
  const last = plan.acts.at(-1)?.at ?? 0;
  const more: Act[] = [];
  for (let n = random.between(2, 6); n > 0; n--) {
    const before = random.pick(plan.acts);
    const at = Math.min(last, before.at + random.between(10, 3000));
    more.push({ at, ...fileAct(random, random.below(plan.devices.length), 2) });
  }
  const restored = plan.acts.map((act): Act => {
    if (act.do !== 'server-restore' || !act.rotate) return act;
    return { ...act, files: random.pick(['copy', 'some', 'none'] as const) };
  });
  return { ...plan, blobs: true, acts: [...restored, ...more].sort((a, b) => a.at - b.at) };
}

const add = (random: Prng, more: { readonly device?: number; readonly note?: number; readonly file?: number }): Deed => ({
  do: 'file-add',
  device: 0,
  tab: 0,
  note: 0,
  file: random.below(FILES),
  large: random.chance(0.4),
  place: random.fraction(),
  ...more,
});

/** Files are added and sent over a bad network, by contexts and processes that die at any step. */
function sendingFiles(seed: number): Plan {
  const { random, add: does, wait, end } = createScript(seed, 'sending files');
  does(fresh(0));
  wait(5 * SECOND);
  does({ do: 'open', device: 1, tab: 0 });
  wait(20 * SECOND);
  for (let round = random.between(3, 7); round > 0; round--) {
    const device = random.below(2);
    if (random.chance(0.6))
      does({
        do: 'weather',
        device: random.below(2),
        badness: random.pick([0, 0.3, 0.6]),
        latencyMs: random.pick([20, 300, 5000]),
      });
    does(add(random, { device }));
    wait(random.between(100, 10 * SECOND));
    const gates = random.below(120);
    does(
      random.pick<Deed>([
        { do: 'kill', device, tab: 0, what: random.pick(['worker', 'page', 'browser', 'power', 'courier'] as const), gates },
        { do: 'server-kill', gates: random.below(40) },
        { do: 'reload', device, tab: 0 },
        { do: 'offline', device },
        { do: 'online', device },
        { do: 'file-full', device, skip: random.below(4), times: 1 },
        { do: 'disk', device, fault: random.pick(['full', 'lost', 'untold'] as const), skip: random.below(10), times: 1 },
        { do: 'server-full', ms: 30 * SECOND },
        { do: 'mark', device, tab: 0, note: 0, what: 'bin', leave: false },
        typing(random, { device }),
      ]),
    );
    wait(random.between(0, 20 * SECOND));
    if (random.chance(0.3)) does({ do: 'file-open', device: 1 - device, tab: 0, note: 0, place: 0 });
  }
  return end([steady(random), steady(random)], { blobs: true });
}

/** A server that was put back without its blobs, or with some of them. */
function losingFiles(seed: number): Plan {
  const { random, add: does, wait, end } = createScript(seed, 'losing files');
  does(fresh(0));
  wait(5 * SECOND);
  does(add(random, {}));
  wait(MINUTE);
  does({ do: 'server-copy' });
  wait(SECOND);
  for (let n = random.between(0, 2); n > 0; n--) {
    does(add(random, {}));
    wait(random.between(SECOND, 40 * SECOND));
  }
  if (random.chance(0.5)) does({ do: 'open', device: 1, tab: 0 });
  wait(random.between(0, 30 * SECOND));
  does({ do: 'server-restore', rotate: true, files: random.pick(['copy', 'some', 'none'] as const) });
  wait(random.between(0, 30 * SECOND));
  if (random.chance(0.6)) does(add(random, { device: random.below(2) }));
  return end([steady(random), steady(random)], { blobs: true });
}

/** Months pass in which what nothing names goes, while somebody is about to name it again. */
function oldFiles(seed: number): Plan {
  const { random, add: does, wait, end } = createScript(seed, 'old files');
  does(fresh(0));
  does(fresh(1), 500);
  wait(5 * SECOND);
  does(add(random, {}));
  if (random.chance(0.5)) does(add(random, { note: 1 }), 200);
  wait(2 * MINUTE);
  if (random.chance(0.5)) does({ do: 'offline', device: random.below(2) });
  for (let round = random.between(2, 4); round > 0; round--) {
    const device = random.below(2);
    const tab = 0;
    for (let n = random.between(1, 2); n > 0; n--) {
      does(
        random.pick<Deed>([
          { do: 'file-out', device, tab, note: 0, place: random.fraction() },
          { do: 'file-copy', device, tab, note: 0, to: 1, place: random.fraction() },
          { do: 'undo', device, tab, note: 0 },
          { do: 'mark', device, tab, note: 0, what: random.pick(['bin', 'restore', 'purge', 'revert'] as const), leave: false },
          add(random, { device }),
        ]),
      );
      wait(random.between(SECOND, MINUTE));
    }
    // What an open page has shown is not collected.
    for (const one of [0, 1]) if (random.chance(0.6)) does({ do: 'reload', device: one, tab });
    wait(SECOND);
    for (const one of [0, 1]) does({ do: 'file-collect', device: one, tab }, random.between(0, 500));
    does({ do: 'server-collect' }, random.between(0, 500));
    wait(random.pick([HOUR, 2 * DAY, 31 * DAY, 31 * DAY]));
    for (const one of [0, 1]) if (random.chance(0.7)) does({ do: 'file-collect', device: one, tab }, random.between(0, 500));
    does({ do: 'server-collect' }, random.between(0, 500));
    if (random.chance(0.5)) does(add(random, { device }), random.between(0, 500));
    if (random.chance(0.3)) does({ do: 'file-letgo', device, tab, place: random.fraction() });
    wait(random.between(SECOND, MINUTE));
    if (random.chance(0.4)) does({ do: 'online', device: random.below(2) });
  }
  return end([steady(random), steady(random)], { blobs: true });
}

/** A file comes into a note that is purged at once: the server gets the file, and no version that names it. */
function strandedFiles(seed: number): Plan {
  const { random, add: does, wait, end } = createScript(seed, 'stranded files');
  does(fresh(0));
  does(fresh(1), 500);
  wait(20 * SECOND);
  does(add(random, { note: 1 }));
  if (random.chance(0.5)) does(add(random, { note: 0 }), random.between(0, 3000));
  wait(random.between(50, 3000));
  does({ do: 'mark', device: 0, tab: 0, note: 1, what: 'purge', leave: random.chance(0.5) });
  wait(MINUTE);
  if (random.chance(0.3)) does({ do: 'offline', device: 0 });
  for (let round = random.between(1, 3); round > 0; round--) {
    wait(random.pick([3 * DAY, 3 * DAY, 31 * DAY]));
    does(typing(random, { note: 0 }), random.between(0, 500));
    wait(MINUTE);
    does({ do: 'file-collect', device: 0, tab: 0 });
    does({ do: 'server-collect' }, random.between(0, 500));
    if (random.chance(0.7)) does({ do: 'file-letgo', device: 0, tab: 0, place: random.fraction() });
    if (random.chance(0.5))
      does({ do: 'mark', device: 0, tab: 0, note: 1, what: 'restore', leave: false }, random.between(0, 500));
    if (random.chance(0.4)) does({ do: 'online', device: 0 });
  }
  return end([steady(random), steady(random)], { blobs: true });
}

/** A server that was put back to before a note removes what that names, while a device that was away for long names it again. */
function collectingFiles(seed: number): Plan {
  const { random, add: does, wait, end } = createScript(seed, 'collecting files');
  does(fresh(0));
  wait(20 * SECOND);
  does({ do: 'server-copy' });
  wait(SECOND);
  does(fresh(1));
  does(add(random, { note: 1 }), 500);
  if (random.chance(0.5)) does(add(random, { note: 1 }), 2000);
  wait(MINUTE);
  does({ do: 'offline', device: 0 });
  wait(SECOND);
  does({ do: 'server-restore', rotate: true });
  does({ do: 'server-collect' }, 100);
  wait(31 * DAY);
  does({ do: 'server-collect', pushes: random.between(1, 4) });
  for (let n = random.between(0, 3); n > 0; n--) does({ do: 'server-collect' }, random.between(0, 2000));
  does({ do: 'online', device: 0 }, random.between(0, 100));
  does(typing(random, { note: 1 }), random.between(0, 200));
  if (random.chance(0.5)) does(add(random, { note: 1 }), random.between(0, 400));
  if (random.chance(0.3)) does({ do: 'server-kill', gates: random.below(40) }, random.between(0, 200));
  wait(MINUTE);
  return end([steady(random)], { blobs: true });
}

/** Bodies that travel by themselves, and a server that is put back without them while what names them is on a slow way. */
function lostBodies(seed: number): Plan {
  const { random, add: does, wait, end } = createScript(seed, 'lost bodies');
  does(fresh(0));
  wait(20 * SECOND);
  does({ do: 'server-copy' });
  does({ do: 'weather', device: 0, badness: 0, latencyMs: random.between(5, 40) * SECOND });
  wait(SECOND);
  for (let round = random.between(1, 2); round > 0; round--)
    does({ ...typing(random, {}), count: random.between(1, 3) }, 50 * round);
  wait(random.between(10 * SECOND, 4 * MINUTE));
  does({ do: 'server-restore', rotate: true, files: random.pick(['some', 'none'] as const) });
  if (random.chance(0.5)) does({ do: 'weather', device: 0, badness: 0, latencyMs: 20 }, random.between(0, MINUTE));
  if (random.chance(0.5)) does(typing(random, { device: random.below(2) }), random.between(0, MINUTE));
  wait(2 * MINUTE);
  return end([{ ...steady(random), largeBody: 60 }, steady(random)], { blobs: true });
}

/** A page that is open for months, in which somebody takes back what they did long ago. */
function openForMonths(seed: number): Plan {
  const { random, add: does, wait, end } = createScript(seed, 'open for months');
  does(fresh(0));
  wait(random.between(SECOND, 3 * MINUTE));
  if (random.chance(0.5)) does({ do: 'offline', device: 0 });
  for (let round = random.between(1, 3); round > 0; round--) {
    does(add(random, {}));
    wait(random.pick([SECOND, MINUTE, 31 * DAY]));
    if (random.chance(0.5)) does({ do: 'file-out', device: 0, tab: 0, note: 0, place: random.fraction() });
    wait(random.between(SECOND, MINUTE));
  }
  if (random.chance(0.7)) does({ do: 'mark', device: 0, tab: 0, note: 0, what: 'revert', leave: false });
  for (let month = random.between(2, 3); month > 0; month--) {
    wait(31 * DAY);
    does({ do: 'file-collect', device: 0, tab: 0 });
    does({ do: 'server-collect' }, random.between(0, 500));
    if (random.chance(0.2)) does(typing(random, { note: 0 }), random.between(0, MINUTE));
  }
  wait(random.between(SECOND, MINUTE));
  for (let step = random.between(1, 4); step > 0; step--) does({ do: 'undo', device: 0, tab: 0, note: 0 }, step * SECOND);
  wait(MINUTE);
  does({ do: 'online', device: 0 });
  return end([steady(random), steady(random)], { blobs: true });
}

export const BLOB_SCENES = {
  sendingFiles,
  losingFiles,
  oldFiles,
  strandedFiles,
  collectingFiles,
  lostBodies,
  openForMonths,
} as const;
