/** Plans in which one danger is dense: what in a mixed plan comes together once in thousands of seeds. */
import type { Deed, Plan } from './acts.ts';
import { createScript, DAY, fresh, HOUR, MINUTE, SECOND, steady, typing, YEAR } from './scene-script.ts';

/** A tab hides, types on and closes, while others start and replay what it has left. */
function closing(seed: number): Plan {
  const { random, add, wait, end } = createScript(seed, 'closing');
  add(fresh(0));
  add(fresh(1), 500);
  for (let round = random.between(3, 5); round > 0; round--) {
    wait(20 * SECOND);
    for (const note of [0, 1])
      add({ ...typing(random, { note }), place: 1, line: true, count: 8, gapMs: random.between(30, 120) }, 10 * note);
    const soon = (): number => random.between(100, 700);
    add({ do: 'hide', device: 0, tab: 0 }, soon());
    add({ do: random.pick(['reload', 'open'] as const), device: 0, tab: 1 }, soon());
    add({ do: 'open', device: 0, tab: 2 }, soon());
    add({ do: 'close', device: 0, tab: 0 }, soon());
    if (random.chance(0.3)) add({ do: 'hide', device: 0, tab: 0 }, soon());
    if (random.chance(0.5)) add({ do: 'close', device: 0, tab: 1 }, 6 * SECOND);
  }
  return end([{ ...steady(random), lag: random.chance(0.7) ? 0.7 : 0 }]);
}

/** Notes go into the bin and come out of it, and the tab closes the moment after. */
function leaving(seed: number): Plan {
  const { random, add, wait, end } = createScript(seed, 'leaving');
  const where = { device: 0, tab: 0 } as const;
  add(fresh(0));
  add(fresh(1), 500);
  for (let round = random.between(4, 8); round > 0; round--) {
    wait(20 * SECOND);
    const note = random.pick([0, 1]);
    if (random.chance(0.5)) add({ ...typing(random, { note }), count: 2 });
    add(
      { do: 'mark', ...where, note, what: random.pick(['bin', 'bin', 'restore', 'star']), leave: false },
      random.between(0, 100),
    );
    add({ do: random.pick(['reload', 'close', 'hide'] as const), ...where }, random.between(0, 150));
    add({ do: 'open', ...where }, SECOND);
  }
  return end([{ ...steady(random), lag: random.chance(0.7) ? 0.7 : 0 }]);
}

/** One person, one device, one tab at a time: typing, taking back, moving, and reloading in the middle of it. */
function alone(seed: number): Plan {
  const { random, add, wait, end } = createScript(seed, 'alone');
  const where = { device: 0, tab: 0 } as const;
  add(fresh(0));
  wait(SECOND);
  for (let n = random.between(1, 3); n > 0; n--) add({ ...typing(random, {}), count: 2 }, n * 100);
  for (let round = random.between(4, 12); round > 0; round--) {
    wait(random.pick([random.between(500, 3000), random.between(10 * SECOND, 100 * SECOND)]));
    for (let n = random.between(1, 3); n > 0; n--) {
      add(
        random.pick<Deed>([
          typing(random, {}),
          { ...typing(random, {}), field: 'title' },
          { do: 'erase', ...where, note: 0, place: random.fraction(), leave: false },
          { do: 'undo', ...where, note: 0 },
          { do: 'undo', ...where, note: 0 },
          { do: 'move', ...where, note: 0, place: random.fraction(), gapMs: random.between(10, 300) },
        ]),
      );
      wait(random.between(0, 400));
    }
    switch (random.weighted({ reload: 5, close: 2, hide: 1, kill: 1, net: 1, none: 2 })) {
      case 'reload':
      case 'close':
      case 'hide':
        add({ do: random.pick(['reload', 'reload', 'close', 'hide'] as const), ...where });
        break;
      case 'kill':
        add({
          do: 'kill',
          ...where,
          what: random.pick(['page', 'worker', 'courier', 'browser'] as const),
          gates: random.below(20),
        });
        break;
      case 'net':
        add(
          random.pick<Deed>([
            { do: 'online', device: 0 },
            { do: 'offline', device: 0 },
            { do: 'weather', device: 0, badness: 0.3, latencyMs: 5 * SECOND },
          ]),
        );
        break;
      case 'none':
        break;
    }
  }
  return end([steady(random)], { alone: true });
}

/** Two devices take turns for long: pages of a pull, versions, and what was taken away on one of them. */
function takingTurns(seed: number): Plan {
  const { random, add, wait, end } = createScript(seed, 'turns');
  add(fresh(0));
  add({ ...typing(random, {}), field: 'tags', count: 3 }, 400);
  wait(20 * SECOND);
  for (let round = random.between(3, 7); round > 0; round--) {
    const away = random.below(2);
    const here = 1 - away;
    if (random.chance(0.7)) add({ do: 'offline', device: away });
    wait(SECOND);
    for (let n = random.between(2, 6); n > 0; n--) {
      add(
        random.pick<Deed>([
          typing(random, { device: here }),
          { ...typing(random, { device: here }), field: 'tags' },
          { ...typing(random, { device: here }), field: 'title' },
          { do: 'untag', device: here, tab: 0, note: 0, place: random.fraction() },
          { do: 'erase', device: here, tab: 0, note: 0, place: random.fraction(), leave: false },
          fresh(1 + random.below(5), here),
        ]),
      );
      wait(random.between(200, 8 * SECOND));
    }
    if (random.chance(0.6))
      add(
        random.chance(0.5)
          ? { ...typing(random, { device: away }), field: random.pick(['text', 'title', 'tags'] as const) }
          : { do: 'untag', device: away, tab: 0, note: 0, place: random.fraction() },
      );
    wait(random.between(0, 20 * SECOND));
    add({ do: 'online', device: away });
    wait(random.between(0, 40 * SECOND));
  }
  return end([steady(random), steady(random)]);
}

/** One device deletes much, another one must ask. */
function deleting(seed: number): Plan {
  const { random, add, wait, end } = createScript(seed, 'deleting');
  const count = random.between(4, 8);
  const guard = { many: random.between(3, 6), few: 2 };
  add({ do: 'new-many', device: 0, tab: 0, from: 10, count });
  if (random.chance(0.5)) add(fresh(0), 200);
  wait(30 * SECOND);
  add({ do: 'open', device: 1, tab: 0 });
  wait(30 * SECOND);
  const offline = random.chance(0.7);
  if (offline) add({ do: 'offline', device: 1 });
  wait(SECOND);
  let from = 10;
  while (from < 10 + count && random.chance(0.9)) {
    const some = random.between(1, 10 + count - from);
    add({ do: 'purge-many', device: 0, tab: 0, from, count: some });
    from += some;
    wait(random.between(SECOND, 30 * SECOND));
    if (random.chance(0.3)) add(typing(random, { device: 1, note: 10 + random.below(count) }));
    if (random.chance(0.2))
      add(
        random.pick<Deed>([
          { do: 'kill', device: 1, tab: 0, what: 'browser', gates: random.below(20) },
          { do: 'online', device: 1 },
          { do: 'offline', device: 1 },
        ]),
      );
  }
  wait(20 * SECOND);
  if (random.chance(0.4)) {
    add({ do: 'server-copy' });
    add({ do: 'server-restore', rotate: true }, 10);
    wait(SECOND);
  }
  add({ do: 'online', device: 1 });
  for (let n = random.between(1, 4); n > 0; n--) {
    wait(random.between(SECOND, 3 * MINUTE));
    add(
      random.pick<Deed>([
        { do: 'open', device: 1, tab: 0 },
        { do: 'reload', device: 1, tab: 0 },
        { do: 'kill', device: 1, tab: 0, what: 'browser', gates: random.below(30) },
        { ...typing(random, { device: 0 }) },
        { ...typing(random, { device: 1, note: 10 + random.below(count) }) },
        { do: 'answer', device: 1, tab: 0, word: random.pick(['delete', 'keep'] as const) },
      ]),
    );
  }
  return end([steady(random), { ...steady(random), guard }, ...(random.chance(0.3) ? [{ ...steady(random), guard }] : [])]);
}

/** Much is deleted on a device that asks before it sends that: by a person who confirms it, or by nobody knows what. */
function deletingHere(seed: number): Plan {
  const { random, add, wait, end } = createScript(seed, 'deletingHere');
  const count = random.between(4, 8);
  const guard = { many: random.between(3, 5), few: 20 };
  add({ do: 'new-many', device: 0, tab: 0, from: 10, count });
  wait(30 * SECOND);
  if (random.chance(0.7)) add({ do: 'open', device: 1, tab: 0 });
  wait(20 * SECOND);
  if (random.chance(0.5)) add({ do: 'offline', device: 0 });
  for (let from = 10; from < 10 + count; ) {
    const some = random.between(1, 10 + count - from);
    add({ do: 'purge-many', device: 0, tab: 0, from, count: some, confirmed: random.chance(0.3) });
    from += some;
    wait(random.between(SECOND, 20 * SECOND));
    if (random.chance(0.3)) add(typing(random, { device: random.below(2), note: 10 + random.below(count) }));
    if (random.chance(0.2)) add({ do: 'kill', device: 0, tab: 0, what: 'browser', gates: random.below(30) });
  }
  wait(5 * SECOND);
  add({ do: 'online', device: 0 });
  wait(random.between(SECOND, MINUTE));
  add(
    random.pick<Deed>([
      { do: 'reload', device: 0, tab: 0 },
      { do: 'kill', device: 0, tab: 0, what: 'browser', gates: random.below(30) },
      { do: 'answer', device: 0, tab: 0, word: random.pick(['delete', 'keep'] as const) },
      { ...typing(random, { device: 1, note: 10 + random.below(count) }) },
    ]),
  );
  wait(random.between(SECOND, 2 * MINUTE));
  add({ do: 'answer', device: random.below(2), tab: 0, word: random.pick(['delete', 'keep'] as const) });
  wait(30 * SECOND);
  return end([
    { ...steady(random), guard },
    { ...steady(random), guard: { many: 20, few: 20 } },
  ]);
}

/**
 * A chat is deleted on one device while messages are written into it on another, whose browser then loses everything: nobody is
 * left who has both.
 */
function newChildren(seed: number): Plan {
  const { random, add, wait, end } = createScript(seed, 'newChildren');
  add(fresh(0, 0, true));
  const message = (device: number) => ({ ...typing(random, { device }), field: 'message', count: random.between(1, 3) }) as const;
  add(message(0), SECOND);
  wait(30 * SECOND);
  add({ do: 'open', device: 1, tab: 0 });
  wait(20 * SECOND);
  add({ do: 'offline', device: 1 });
  wait(SECOND);
  add(message(1));
  add({ do: 'mark', device: 0, tab: 0, note: 0, what: 'purge', leave: false }, random.between(0, 5 * SECOND));
  wait(30 * SECOND);
  add({ do: 'online', device: 1 });
  add({ do: 'evict', device: 1 }, random.between(0, 3 * SECOND));
  wait(MINUTE);
  const batch = { applyBatch: random.between(1, 2), ...random.pick([{ pageSize: 1 }, { pageSize: 2 }, {}]) };
  return end([
    { ...steady(random), ...batch },
    { ...steady(random), ...batch, pushLimit: 1 },
  ]);
}

/** A chat is deleted in one tab while messages are written into it in another tab of the same device. */
function newChildrenHere(seed: number): Plan {
  const { random, add, wait, end } = createScript(seed, 'newChildrenHere');
  add(fresh(0, 0, true));
  if (random.chance(0.5)) wait(30 * SECOND);
  else wait(SECOND);
  if (random.chance(0.4)) add({ do: 'offline', device: 0 });
  add({ do: 'open', device: 0, tab: 1 });
  wait(SECOND);
  for (let n = random.between(1, 3); n > 0; n--)
    add(
      { ...typing(random, { tab: 0 }), field: 'message', count: random.between(1, 2), leave: random.chance(0.3) },
      random.between(0, 8 * SECOND),
    );
  add({ do: 'mark', device: 0, tab: 1, note: 0, what: 'purge', leave: false }, random.between(0, 8 * SECOND));
  wait(random.between(8 * SECOND, MINUTE));
  add({ do: 'online', device: 0 });
  return end([steady(random)]);
}

const families = (seed: number): Plan => (seed % 2 === 0 ? newChildrenHere(seed) : newChildren(seed));

/** The server is put back behind more versions than a lineage holds. */
function longPast(seed: number): Plan {
  const { random, add, wait, end } = createScript(seed, 'past');
  add(fresh(0));
  add({ ...typing(random, {}), field: 'tags', count: 2 }, 400);
  add(typing(random, {}), 900);
  wait(20 * SECOND);
  if (random.chance(0.5)) add({ do: 'open', device: 1, tab: 0 });
  wait(10 * SECOND);
  if (random.chance(0.4)) add({ do: 'offline', device: 1 });
  add({ do: 'server-copy' });
  wait(5 * SECOND);
  if (random.chance(0.8)) add({ do: 'untag', device: 0, tab: 0, note: 0, place: random.fraction() });
  if (random.chance(0.5)) add({ do: 'erase', device: 0, tab: 0, note: 0, place: random.fraction(), leave: false }, 500);
  const versions = random.pick([3, 18, 24, 30]);
  for (let n = 0; n < versions; n++) {
    wait(random.between(6 * SECOND, 8 * SECOND));
    add({ ...typing(random, { device: random.chance(0.9) ? 0 : 1 }), place: 1, line: true });
  }
  wait(20 * SECOND);
  if (random.chance(0.5))
    add({ do: 'mark', device: 0, tab: 0, note: 0, what: random.pick(['bin', 'purge'] as const), leave: false });
  wait(random.between(10 * SECOND, 60 * SECOND));
  add({ do: 'server-restore', rotate: random.chance(0.4) });
  wait(SECOND);
  add({ do: 'online', device: 1 });
  add({ do: 'open', device: random.below(2), tab: 0 });
  return end([steady(random), steady(random)]);
}

/** A title is changed and put back on a device that is offline, while another one gives it a third. */
function puttingBack(seed: number): Plan {
  const { random, add, wait, end } = createScript(seed, 'puttingBack');
  add(fresh(0));
  wait(30 * SECOND);
  add({ do: 'open', device: 1, tab: 0 });
  wait(10 * SECOND);
  for (let round = random.between(1, 3); round > 0; round--) {
    const away = random.below(2);
    add({ do: 'offline', device: away });
    wait(SECOND);
    const other = { ...typing(random, { device: 1 - away }), field: 'title' } as const;
    const isLast = random.chance(0.3);
    if (!isLast) add(other);
    wait(random.between(90 * SECOND, 5 * MINUTE));
    add({ ...typing(random, { device: away }), field: 'title' });
    if (random.chance(0.3)) add({ do: 'reload', device: away, tab: 0 }, random.between(6 * SECOND, 9 * SECOND));
    add({ do: 'undo', device: away, tab: 0, note: 0 }, random.between(SECOND, 5 * SECOND));
    wait(random.between(90 * SECOND, 5 * MINUTE));
    if (isLast) add(other);
    wait(random.between(2 * SECOND, MINUTE));
    add({ do: 'online', device: away });
    wait(random.between(MINUTE, 3 * MINUTE));
  }
  return end([steady(random), steady(random)]);
}

/** A clock is wrong for one save, and put right again; then titles are given on two devices, one of them offline. */
function wrongClock(seed: number): Plan {
  const { random, add, wait, end } = createScript(seed, 'clock');
  add(fresh(0));
  wait(30 * SECOND);
  add({ do: 'open', device: 1, tab: 0 });
  wait(10 * SECOND);
  const wrong = random.below(2);
  add({ do: 'clock', device: wrong, byMs: random.pick([YEAR, YEAR, DAY, -DAY, HOUR, -YEAR]), forMs: 20 * SECOND });
  add(
    random.chance(0.5) ? typing(random, { device: wrong }) : { ...typing(random, { device: wrong }), field: 'title' },
    2 * SECOND,
  );
  wait(random.pick([40 * SECOND, 10 * MINUTE]));
  for (let round = random.between(1, 3); round > 0; round--) {
    const away = random.below(2);
    add({ do: 'offline', device: away });
    wait(SECOND);
    const order = random.pick([
      [away, 1 - away],
      [1 - away, away],
    ] as const);
    for (const device of order) {
      add({ ...typing(random, { device }), field: random.pick(['title', 'title', 'text'] as const) });
      wait(random.between(90 * SECOND, 10 * MINUTE));
    }
    // What a dead tab has left is older than what was typed since.
    if (random.chance(0.3)) add({ do: 'close', device: away, tab: 0 });
    add({ do: 'online', device: away });
    wait(random.between(MINUTE, 3 * MINUTE));
  }
  return end([steady(random), steady(random)]);
}

/** A title is typed in a tab that dies before it is saved; the device is used again much later, when another one has moved on. */
function lateJournal(seed: number): Plan {
  const { random, add, wait, end } = createScript(seed, 'late');
  add(fresh(0));
  wait(30 * SECOND);
  add({ do: 'open', device: 1, tab: 0 });
  wait(10 * SECOND);
  add({ do: 'offline', device: 0 });
  add({ ...typing(random, { device: 0 }), field: random.pick(['title', 'title', 'text'] as const) }, 100);
  add({ do: 'close', device: 0, tab: 0 }, random.between(100, 400));
  add({ do: 'kill', device: 0, tab: 0, what: 'worker', gates: random.below(4) }, random.between(50, 350));
  if (random.chance(0.5))
    add({ do: 'kill', device: 0, tab: 0, what: 'browser', gates: random.below(9) }, random.between(300, 500));
  wait(random.pick([5 * MINUTE, 2 * HOUR, 7 * DAY]));
  add({ ...typing(random, { device: 1 }), field: 'title' });
  wait(random.pick([5 * MINUTE, DAY]));
  add({ do: 'online', device: 0 });
  add({ do: 'open', device: 0, tab: random.below(2) }, random.between(0, 2000));
  wait(MINUTE);
  return end([steady(random), steady(random)]);
}

/** Databases are lost while their words wait, were just sent, or were acknowledged with no tab open. */
function losing(seed: number): Plan {
  const { random, add, wait, end } = createScript(seed, 'losing');
  add(fresh(0));
  add(fresh(1), 300);
  wait(20 * SECOND);
  add({ do: 'open', device: 1, tab: 0 });
  wait(10 * SECOND);
  for (let round = random.between(1, 3); round > 0; round--) {
    if (random.chance(0.6)) add({ do: 'offline', device: 0 });
    for (let n = random.between(1, 4); n > 0; n--) {
      add({
        ...typing(random, { note: random.below(2), tab: random.below(2) }),
        field: random.pick(['text', 'text', 'title', 'tags'] as const),
      });
      if (random.chance(0.3)) add(typing(random, { device: 1, note: random.below(2) }), random.between(0, 2000));
      wait(random.pick([random.between(50, 600), random.between(SECOND, 8 * SECOND)]));
    }
    if (random.chance(0.3))
      add({ do: 'mark', device: 0, tab: 0, note: 1, what: random.pick(['star', 'bin', 'purge'] as const), leave: false });
    wait(random.pick([random.between(0, 400), 2 * SECOND, 40 * SECOND]));
    if (random.chance(0.5)) {
      for (const tab of [0, 1]) add({ do: 'close', device: 0, tab }, random.between(0, 300));
      wait(random.between(300, 3000));
      if (random.chance(0.5)) add({ do: 'online', device: 0 });
      wait(random.pick([random.between(0, 2000), 20 * SECOND]));
      if (random.chance(0.3)) add(typing(random, { device: 1, note: random.below(2) }));
    }
    if (random.chance(0.3))
      add({
        do: 'kill',
        device: 0,
        tab: 0,
        what: random.pick(['courier', 'worker', 'browser'] as const),
        gates: random.below(12),
      });
    add({ do: 'lose', device: 0 }, random.between(0, 300));
    wait(random.between(300, 2000));
    add({ do: 'open', device: 0, tab: 0 });
    wait(random.pick([random.between(0, 500), 5 * SECOND]));
    if (random.chance(0.4)) add(typing(random, { note: random.below(2) }));
    if (random.chance(0.2)) add({ do: 'lose', device: 0 }, random.between(0, 800));
    wait(random.between(100, 3000));
    if (random.chance(0.7)) add({ do: 'online', device: 0 });
    wait(random.pick([2 * SECOND, 30 * SECOND]));
  }
  return end([{ ...steady(random), copies: true }, steady(random)]);
}

/** Written and closed while the network is away; then the browser alone is left, which may have been started again. */
function closedAway(seed: number): Plan {
  const { random, add, wait, end } = createScript(seed, 'closedAway');
  add(fresh(0));
  wait(random.pick([20 * SECOND, 5 * MINUTE]));
  add({ do: 'offline', device: 0 });
  wait(SECOND);
  for (let n = random.between(1, 3); n > 0; n--) {
    add({ ...typing(random, {}), field: random.pick(['text', 'title', 'tags'] as const), leave: random.chance(0.3) });
    wait(random.between(SECOND, 8 * SECOND));
  }
  add({ do: 'close', device: 0, tab: 0 });
  wait(random.pick([5 * SECOND, 10 * MINUTE, DAY]));
  if (random.chance(0.5)) add({ do: 'kill', device: 0, tab: 0, what: 'browser', gates: 0 });
  wait(10 * SECOND);
  add({ do: 'online', device: 0 });
  // The browser that is killed may be so at the first of its tries.
  wait(6 * MINUTE);
  add({ do: 'online', device: 0 });
  return end([{ ...steady(random), courier: true, loss: 0 }], { unattended: true });
}

export const SCENES = {
  closedAway,
  losing,
  closing,
  leaving,
  alone,
  takingTurns,
  deleting,
  deletingHere,
  newChildren,
  newChildrenHere,
  families,
  longPast,
  puttingBack,
  wrongClock,
  lateJournal,
} as const satisfies {
  readonly [name: string]: (seed: number) => Plan;
};
