/** Plans about a server that was put back while several devices have got further than its copy. */
import type { Plan } from './acts.ts';
import { LAST, tagged, untag } from './past-scenes.ts';
import { createScript, fresh, MINUTE, type Script, SECOND, steady, typing } from './scene-script.ts';

/** A device looks, and learns of what the others have done by now. */
function looks({ add, wait }: Script, device: number): void {
  wait(20 * SECOND);
  add({ do: 'reload', device, tab: 0 });
  wait(20 * SECOND);
}

/** Two devices have what a third one, the first to meet the copy, goes on without; one of the two has taken a tag away since. */
function goneOnWithout(seed: number): Plan {
  const script = createScript(seed, 'goneOnWithout');
  const { random, add, wait, end } = script;
  tagged(script);
  add({ do: 'open', device: 2, tab: 0 });
  wait(20 * SECOND);
  add({ do: 'server-copy' });
  add({ do: 'offline', device: 2 });
  add({ ...typing(random, {}), field: 'tags', leave: true }, SECOND);
  looks(script, 1);
  const isSent = random.chance(0.5);
  add({ do: 'offline', device: 1 });
  if (isSent) add(untag(0, LAST), SECOND);
  wait(20 * SECOND);
  add({ do: 'offline', device: 0 });
  wait(SECOND);
  add({ do: 'server-restore', rotate: random.chance(0.5) });
  add({ do: 'online', device: 2 }, SECOND);
  for (let n = random.between(1, 2); n > 0; n--) {
    wait(7 * SECOND);
    add(typing(random, { device: 2 }));
  }
  wait(20 * SECOND);
  if (!isSent) add(untag(0, LAST));
  wait(10 * SECOND);
  for (const device of [0, 1]) add({ do: 'weather', device, badness: 0, latencyMs: random.between(20, 2000) });
  for (const device of random.pick([
    [0, 1],
    [1, 0],
  ])) {
    add({ do: 'online', device });
    wait(random.between(0, 3 * SECOND));
  }
  wait(20 * SECOND);
  return end([steady(random), steady(random), steady(random)]);
}

/** What is given back may come to the place that it had, behind notes that one device had not received. */
function samePlace(seed: number): Plan {
  const script = createScript(seed, 'samePlace');
  const { random, add, wait, end } = script;
  add(fresh(0));
  wait(20 * SECOND);
  for (const device of [1, 2]) add({ do: 'open', device, tab: 0 });
  wait(20 * SECOND);
  add({ do: 'server-copy' });
  add({ do: 'offline', device: 2 });
  for (let n = random.between(2, 3); n > 0; n--) {
    wait(15 * SECOND);
    add(typing(random, {}));
  }
  looks(script, 1);
  for (const device of [0, 1]) add({ do: 'offline', device });
  wait(SECOND);
  add({ do: 'server-restore', rotate: false });
  add({ do: 'online', device: 2 }, SECOND);
  for (let n = random.between(1, 2); n > 0; n--) add(fresh(n, 2), 2 * SECOND + n);
  for (const device of [0, 1]) {
    wait(20 * SECOND);
    add({ do: 'online', device });
    add({ do: 'reload', device, tab: 0 }, 2 * SECOND);
  }
  wait(20 * SECOND);
  return end([steady(random), steady(random), steady(random)]);
}

/** The account is full when the server is put back: neither of two devices can give back what they have in common. */
function putBackFull(seed: number): Plan {
  const script = createScript(seed, 'putBackFull');
  const { random, add, wait, end } = script;
  tagged(script);
  add({ do: 'server-copy' });
  add({ ...typing(random, {}), field: 'tags', leave: true }, SECOND);
  looks(script, 1);
  add({ do: 'offline', device: 1 });
  add(untag(0, LAST), SECOND);
  wait(20 * SECOND);
  if (random.chance(0.5)) add(typing(random, { device: 1 }));
  add({ do: 'server-full', ms: random.between(MINUTE, 4 * MINUTE) });
  add({ do: 'server-restore', rotate: random.chance(0.5) }, SECOND);
  if (random.chance(0.5)) add(typing(random, {}), 2 * SECOND);
  wait(20 * SECOND);
  add({ do: 'online', device: 1 });
  wait(30 * SECOND);
  if (random.chance(0.5)) add(typing(random, { device: random.below(2) }));
  wait(20 * SECOND);
  return end([steady(random), steady(random)]);
}

/**
 * The server takes a tag, its answer is lost, another device goes on from there, and the server is put back: the device that brought
 * the tag takes it away again. Put back twice, that device does not hear of it: the account is in the epoch that it knows.
 */
function unansweredLost(seed: number): Plan {
  const script = createScript(seed, 'unansweredLost');
  const { random, add, wait, end } = script;
  tagged(script);
  add({ do: 'server-copy' });
  add({ ...typing(random, {}), field: 'tags', leave: true }, SECOND);
  add({ do: 'weather', device: 0, badness: 0, latencyMs: 3 * SECOND }, 5 * SECOND);
  add({ do: 'offline', device: 0 }, random.between(6 * SECOND, 9 * SECOND));
  looks(script, 1);
  add(typing(random, { device: 1 }));
  wait(20 * SECOND);
  const isTwice = random.chance(0.6);
  for (let n = isTwice ? 2 : 1; n > 0; n--) {
    add({ do: 'server-restore', rotate: !isTwice && random.chance(0.5) });
    looks(script, 1);
  }
  add(untag(0, LAST));
  add({ do: 'weather', device: 0, badness: 0, latencyMs: random.between(20, 2000) });
  wait(20 * SECOND);
  add({ do: 'online', device: 0 });
  wait(20 * SECOND);
  return end([steady(random), steady(random)]);
}

/** A device has typed with its clock right, the clock is set back, and the first it hears since is from a server that was put back. */
function clockSetBack(seed: number): Plan {
  const script = createScript(seed, 'clockSetBack');
  const { random, add, wait, end } = script;
  tagged(script);
  add({ do: 'server-copy' });
  if (random.chance(0.5)) add(typing(random, {}), SECOND);
  wait(random.pick([20 * SECOND, 20 * MINUTE]));
  add({ do: 'offline', device: 0 });
  add({ do: 'server-restore', rotate: random.chance(0.5) }, SECOND);
  const field = random.pick(['text', 'title', 'tags'] as const);
  const hands = [typing(random, {}), { ...typing(random, { device: 1 }), field }];
  for (const [index, deed] of (random.chance(0.5) ? hands : hands.reverse()).entries()) add(deed, (2 + 10 * index) * SECOND);
  wait(40 * SECOND);
  add({ do: 'clock', device: 0, byMs: -random.between(6, 60) * MINUTE });
  add({ do: 'online', device: 0 }, SECOND);
  if (random.chance(0.5)) add({ ...typing(random, {}), field }, random.between(SECOND, 2 * SECOND));
  wait(20 * SECOND);
  return end([steady(random), steady(random)]);
}

export const RESTORED_SCENES = { goneOnWithout, samePlace, putBackFull, unansweredLost, clockSetBack } as const satisfies {
  readonly [name: string]: (seed: number) => Plan;
};
