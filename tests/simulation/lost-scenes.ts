/** Plans in which a browser loses its databases: what is unsent comes back from the second copy, or is gone. */
import type { Deed, Plan } from './acts.ts';
import { LAST, tagged, untag } from './past-scenes.ts';
import { createScript, fresh, SECOND, steady, typing } from './scene-script.ts';

/** A device's databases are lost with an edit that waits, of a note that the server, put back meanwhile, does not have. */
function lostAndPutBack(seed: number): Plan {
  const { random, add, wait, end } = createScript(seed, 'lostAndPutBack');
  add(fresh(1));
  wait(20 * SECOND);
  add({ do: 'server-copy' });
  add(fresh(0), SECOND);
  wait(20 * SECOND);
  if (random.chance(0.5)) add({ do: 'open', device: 1, tab: 0 });
  wait(20 * SECOND);
  add({ do: 'offline', device: 0 });
  add({ ...typing(random, {}), count: random.between(1, 3), field: random.pick(['text', 'title', 'tags'] as const) }, SECOND);
  wait(40 * SECOND);
  add({ do: 'lose', device: 0 });
  add({ do: 'server-restore', rotate: random.chance(0.4) }, random.between(0, SECOND));
  wait(2 * SECOND);
  add({ do: 'online', device: 0 });
  add({ do: 'open', device: 0, tab: 0 });
  wait(20 * SECOND);
  return end([{ ...steady(random), copies: true }, steady(random)]);
}

/** A device's databases are lost after it has taken a tag away, unsent, of a note in which another device writes on. */
function lostWithAChange(seed: number): Plan {
  const script = createScript(seed, 'lostWithAChange');
  const { random, add, wait, end } = script;
  tagged(script);
  add({ do: 'offline', device: 0 });
  add(untag(0), SECOND);
  if (random.chance(0.5)) add(typing(random, {}), 3 * SECOND);
  wait(40 * SECOND);
  add(typing(random, { device: 1 }));
  wait(20 * SECOND);
  add({ do: 'lose', device: 0 });
  wait(SECOND);
  add({ do: 'online', device: 0 });
  add({ do: 'open', device: 0, tab: 0 });
  wait(20 * SECOND);
  return end([{ ...steady(random), copies: true }, steady(random)]);
}

/**
 * What is typed last reaches the server and not the copy; the databases are lost, what comes back is changed while the network is
 * away, and they are lost again.
 */
function lostTwice(seed: number): Plan {
  const script = createScript(seed, 'lostTwice');
  const { random, add, wait, end } = script;
  const tag = (): Deed => ({ ...typing(random, {}), field: 'tags' });
  tagged(script);
  add(tag());
  // Saved and copied, and not sent yet: what is edited goes out after five seconds.
  wait(random.between(SECOND, 3 * SECOND));
  add(random.pick([typing(random, {}), tag()]));
  add({ do: 'close', device: 0, tab: 0 }, random.between(0, 300));
  // What the page has left is sent with no tab open.
  add({ do: 'offline', device: 0 }, SECOND);
  add({ do: 'online', device: 0 }, 2 * SECOND);
  wait(20 * SECOND);
  add({ do: 'lose', device: 0 });
  add({ do: 'offline', device: 0 }, SECOND);
  add({ do: 'open', device: 0, tab: 0 }, 2 * SECOND);
  add(random.pick([typing(random, {}), tag(), untag(0, LAST)]), 3 * SECOND);
  wait(20 * SECOND);
  if (random.chance(0.3)) add(typing(random, { device: 1 }));
  wait(20 * SECOND);
  add({ do: 'lose', device: 0 });
  add({ do: 'online', device: 0 }, SECOND);
  add({ do: 'open', device: 0, tab: 0 }, 2 * SECOND);
  wait(20 * SECOND);
  return end([{ ...steady(random), courier: true, copies: true }, steady(random)]);
}

/** Two titles meet on one device, which is cleared while it sends what has come of them. */
function clearedWithAMerge(seed: number): Plan {
  const script = createScript(seed, 'clearedWithAMerge');
  const { random, add, wait, end } = script;
  tagged(script);
  const title = (device: number): Deed => ({ ...typing(random, { device }), field: 'title' });
  add({ do: 'offline', device: 0 });
  add(title(1), SECOND);
  add(title(0), 3 * SECOND);
  wait(20 * SECOND);
  add({ do: 'online', device: 0 });
  add({ do: 'weather', device: 0, badness: 0, latencyMs: SECOND });
  add({ do: 'evict', device: 0 }, random.between(2 * SECOND, 8 * SECOND));
  wait(20 * SECOND);
  return end([{ ...steady(random), pushLimit: 1 }, steady(random)]);
}

export const LOST_SCENES = {
  clearedWithAMerge,
  lostAndPutBack,
  lostWithAChange,
  lostTwice,
} as const satisfies {
  readonly [name: string]: (seed: number) => Plan;
};
