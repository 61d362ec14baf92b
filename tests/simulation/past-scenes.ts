/** Plans about what a device knows of the server: answers on their way, and a server that was put back. */
import type { Deed, Plan } from './acts.ts';
import { createScript, fresh, MINUTE, type Script, SECOND, steady, typing } from './scene-script.ts';

/** The first tag is taken away; with a `place` near 1 the last. */
export const untag = (device: number, place = 0): Deed => ({ do: 'untag', device, tab: 0, note: 0, place });
export const LAST = 0.999;

/** A note with a tag that both devices have. */
export function tagged({ random, add, wait }: Script): void {
  add(fresh(0));
  wait(20 * SECOND);
  add({ ...typing(random, {}), field: 'tags', leave: true });
  wait(20 * SECOND);
  add({ do: 'open', device: 1, tab: 0 });
  wait(20 * SECOND);
}

/** A tag is taken away again while the op that brought it is on its way; another device writes on with the tag meanwhile. */
function takenBackOnItsWay(seed: number): Plan {
  const script = createScript(seed, 'takenBack');
  const { random, add, wait, end } = script;
  tagged(script);
  add({ do: 'weather', device: 0, badness: 0, latencyMs: 4 * SECOND });
  for (let round = random.between(1, 3); round > 0; round--) {
    add({ ...typing(random, {}), field: 'tags', leave: true });
    // What is edited goes out after five seconds.
    add(untag(0, LAST), random.between(5 * SECOND, 9 * SECOND));
    add(typing(random, { device: 1 }), random.between(2 * SECOND, 9 * SECOND));
    wait(MINUTE);
  }
  return end([steady(random), steady(random)]);
}

/** The server takes a tag, and its answer is lost; the tag is taken away, and the server is put back to what it took. */
function answerLost(seed: number): Plan {
  const script = createScript(seed, 'answerLost');
  const { random, add, wait, end } = script;
  tagged(script);
  add({ ...typing(random, {}), field: 'tags', leave: true });
  add({ do: 'weather', device: 0, badness: 0, latencyMs: 3 * SECOND }, 4 * SECOND);
  add({ do: 'offline', device: 0 }, random.between(5 * SECOND, 8 * SECOND));
  add(untag(0, LAST), random.between(8 * SECOND, 12 * SECOND));
  wait(30 * SECOND);
  add({ do: 'server-copy' });
  add({ do: 'server-restore', rotate: true }, SECOND);
  if (random.chance(0.3)) add(typing(random, { device: 1 }), random.between(0, 20 * SECOND));
  wait(30 * SECOND);
  add({ do: 'online', device: 0 });
  wait(20 * SECOND);
  return end([steady(random), steady(random)]);
}

/** A server is put back, and one device goes on from there before the other one, which has taken a tag away, is received. */
function twoPasts(seed: number): Plan {
  const script = createScript(seed, 'twoPasts');
  const { random, add, wait, end } = script;
  tagged(script);
  add({ do: 'server-copy' });
  add({ do: 'offline', device: 1 });
  wait(SECOND);
  add(untag(0));
  for (let n = random.between(0, 2); n > 0; n--) {
    wait(10 * SECOND);
    add(typing(random, {}));
  }
  wait(20 * SECOND);
  add({ do: 'offline', device: 0 });
  wait(SECOND);
  add({ do: 'server-restore', rotate: random.chance(0.5) });
  add({ do: 'online', device: 1 }, SECOND);
  for (let n = random.between(1, 2); n > 0; n--) {
    wait(10 * SECOND);
    add(typing(random, { device: 1 }));
  }
  wait(20 * SECOND);
  add({ do: 'online', device: 0 });
  wait(20 * SECOND);
  return end([steady(random), steady(random)]);
}

/** Titles are given on two devices before and after the server is put back, whichever of the two it receives first. */
function titledAcrossPasts(seed: number): Plan {
  const { random, add, wait, end } = createScript(seed, 'titled');
  add(fresh(0));
  wait(20 * SECOND);
  add({ do: 'open', device: 1, tab: 0 });
  wait(20 * SECOND);
  add({ do: 'server-copy' });
  const entitle = (device: number): void => {
    add({ ...typing(random, { device }), field: 'title' }, SECOND);
    wait(random.between(90 * SECOND, 3 * MINUTE));
  };
  const first = random.below(2);
  for (let n = random.between(0, 2); n > 0; n--) entitle(random.below(2));
  for (const device of [0, 1]) if (device !== first || random.chance(0.5)) add({ do: 'offline', device });
  for (let n = random.between(1, 2); n > 0; n--) entitle(random.below(2));
  add({ do: 'server-restore', rotate: random.chance(0.4) });
  for (const device of [first, 1 - first]) {
    if (random.chance(0.5)) entitle(random.below(2));
    add({ do: 'online', device });
    add({ do: 'open', device, tab: 0 });
    wait(MINUTE);
  }
  if (random.chance(0.3)) entitle(random.below(2));
  return end([steady(random), steady(random)]);
}

/** Tags are given and taken away under an older and a newer version of the app, by turns out of sight of each other. */
function twoVersions(seed: number): Plan {
  const script = createScript(seed, 'twoVersions');
  const { random, add, wait, end } = script;
  tagged(script);
  for (let round = random.between(1, 3); round > 0; round--) {
    const away = random.below(2);
    add({ do: 'offline', device: away });
    for (const device of [0, 1]) {
      add(random.chance(0.7) ? { ...typing(random, { device }), field: 'tags' } : untag(device, random.fraction()), SECOND);
      wait(random.between(SECOND, 15 * SECOND));
    }
    add({ do: 'online', device: away });
    wait(30 * SECOND);
  }
  return end([
    { ...steady(random), newer: random.chance(0.5) },
    { ...steady(random), newer: true },
  ]);
}

/** One device is behind the other when the server is put back, and both have versions that the copy has not. */
function behind(seed: number): Plan {
  const script = createScript(seed, 'behind');
  const { random, add, wait, end } = script;
  tagged(script);
  add({ do: 'server-copy' });
  add({ ...typing(random, {}), field: 'tags', leave: true }, SECOND);
  add(typing(random, { device: random.below(2) }), 2 * SECOND);
  wait(30 * SECOND);
  add({ do: 'offline', device: 1 });
  wait(2 * SECOND);
  add(untag(0, LAST));
  if (random.chance(0.5)) add({ do: 'mark', device: 0, tab: 0, note: 0, what: 'bin', leave: false }, 10 * SECOND);
  wait(30 * SECOND);
  if (random.chance(0.3)) add(typing(random, { device: 1 }));
  const isFirst = random.chance(0.4);
  if (isFirst) add({ do: 'offline', device: 0 }, SECOND);
  wait(2 * SECOND);
  add({ do: 'server-restore', rotate: random.chance(0.5) });
  if (!isFirst && random.chance(0.3)) add(typing(random, {}));
  wait(20 * SECOND);
  for (let n = isFirst ? 0 : random.pick([0, 2, 22]); n > 0; n--) {
    add(typing(random, {}));
    wait(7 * SECOND);
  }
  add({ do: 'online', device: 1 });
  wait(20 * SECOND);
  add({ do: 'online', device: 0 });
  wait(20 * SECOND);
  return end([steady(random), steady(random)]);
}

/** A device meets a note, or comes back to it, after the copy was made and a tag was taken away, and is the first to meet the copy. */
function metLater(seed: number): Plan {
  const script = createScript(seed, 'metLater');
  const { random, add, wait, end } = script;
  if (random.chance(0.5)) tagged(script);
  else add(fresh(0));
  wait(20 * SECOND);
  add({ do: 'offline', device: 1 });
  add({ ...typing(random, {}), field: 'tags', leave: true }, SECOND);
  wait(20 * SECOND);
  add({ do: 'server-copy' });
  for (let n = random.pick([0, 2, 22]); n > 0; n--) {
    wait(random.between(6 * SECOND, 8 * SECOND));
    add(typing(random, {}));
  }
  add(untag(0, LAST), 10 * SECOND);
  for (let n = random.below(3); n > 0; n--) add(fresh(n), 15 * SECOND + n);
  wait(40 * SECOND);
  if (random.chance(0.5)) add(typing(random, {}));
  wait(20 * SECOND);
  add({ do: 'online', device: 1 });
  add({ do: 'open', device: 1, tab: 0 });
  if (random.chance(0.3)) add({ do: 'kill', device: 1, tab: 0, what: 'browser', gates: random.below(40) });
  wait(20 * SECOND);
  add({ do: 'open', device: 1, tab: 0 });
  wait(20 * SECOND);
  add({ do: 'offline', device: 0 });
  wait(SECOND);
  add({ do: 'server-restore', rotate: random.chance(0.5) });
  for (let n = random.pick([0, 1, 24]); n > 0; n--) {
    wait(random.between(6 * SECOND, 8 * SECOND));
    add(typing(random, { device: 1 }));
  }
  wait(70 * SECOND);
  if (random.chance(0.5)) add({ do: 'evict', device: 0 });
  wait(SECOND);
  add({ do: 'online', device: 0 });
  wait(20 * SECOND);
  return end([steady(random), steady(random)]);
}

export const PAST_SCENES = {
  takenBackOnItsWay,
  answerLost,
  twoPasts,
  titledAcrossPasts,
  twoVersions,
  behind,
  metLater,
} as const satisfies {
  readonly [name: string]: (seed: number) => Plan;
};
