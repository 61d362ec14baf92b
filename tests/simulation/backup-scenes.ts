/** Plans with backups: any plan with some among its acts, and scenes in which their dangers are dense. */
import type { Act, Deed, Plan } from './acts.ts';
import { createPrng, type Prng } from './prng.ts';
import { createScript, DAY, fresh, HOUR, MINUTE, SECOND, steady, typing } from './scene-script.ts';

type Restore = Extract<Deed, { readonly do: 'restore' }>;

const aRestore = (random: Prng, device: number, tab = 0): Restore => ({
  do: 'restore',
  device,
  tab,
  place: random.fraction(),
  way: random.pick(['merge', 'merge', 'overwrite', 'copy'] as const),
  skipNewer: random.chance(0.3),
  ...(random.chance(0.2) ? { only: random.below(3) } : {}),
});

const aKill = (random: Prng, device: number, tab = 0): Deed => ({
  do: 'kill',
  device,
  tab,
  what: random.pick(['backup', 'backup', 'backup', 'browser', 'power', 'page'] as const),
  gates: random.below(90),
});

/** The same from what lies on the server, most of the time. */
const aServerRestore = (random: Prng, device: number, tab = 0): Restore => ({
  ...aRestore(random, device, tab),
  ...(random.chance(0.8) ? { isServer: true } : {}),
});

const backupAct = (random: Prng, device: number): Deed => {
  const tab = random.chance(0.75) ? 0 : 1;
  switch (random.weighted({ backup: 5, out: 3, restore: 5, end: 1, undo: 2, kill: 3, full: 0.7, damage: 0.5, remove: 0.7 })) {
    case 'backup':
      return { do: 'backup', device, tab };
    case 'out':
      return { do: 'backup-out', device, tab, place: random.fraction() };
    case 'restore':
      return random.chance(0.6) ? aRestore(random, device, tab) : aServerRestore(random, device, tab);
    case 'end':
      return { do: 'restore-end', device, tab, place: random.fraction(), word: random.pick(['resume', 'undo'] as const) };
    case 'undo':
      return { do: 'restore-undo', device, tab, place: random.fraction() };
    case 'kill':
      return aKill(random, device, tab);
    case 'full':
      return { do: 'backup-full', device, skip: random.below(6), times: random.between(1, 3) };
    case 'damage':
      return { do: 'backup-damage', device, place: random.fraction(), how: random.pick(['lost', 'changed'] as const) };
    case 'remove':
      return { do: 'backup-remove', device, tab, place: random.fraction(), ...(random.chance(0.4) ? { isServer: true } : {}) };
  }
};

/** The plan with backups among its acts: what else happens in it stays what it is. */
export function withBackups(plan: Plan): Plan {
  const random = createPrng(plan.seed).fork('backups');
  const last = plan.acts.at(-1)?.at ?? 0;
  const device = random.below(plan.devices.length);
  const first = random.pick(plan.acts).at;
  const more: Act[] = [{ at: first, do: 'backup', device, tab: 0 }];
  for (let n = random.between(2, 7); n > 0; n--) {
    const before = random.pick(plan.acts);
    const at = Math.min(last, Math.max(first, before.at) + random.between(10, 3000));
    more.push({ at, ...backupAct(random, random.chance(0.8) ? device : random.below(plan.devices.length)) });
  }
  return { ...plan, backups: true, acts: [...plan.acts, ...more].sort((a, b) => a.at - b.at) };
}

const change = (random: Prng, device: number): Deed => {
  const note = random.below(3);
  const at = { device, tab: random.below(2), note } as const;
  return random.pick<Deed>([
    typing(random, at),
    { ...typing(random, at), field: 'tags' },
    { ...typing(random, at), field: 'title' },
    { ...typing(random, { ...at, note: 2 }), field: 'message' },
    { do: 'erase', ...at, place: random.fraction(), leave: random.chance(0.5) },
    { do: 'untag', ...at, place: random.fraction() },
    { do: 'mark', ...at, what: random.pick(['bin', 'purge', 'restore', 'purge'] as const), leave: random.chance(0.5) },
  ]);
};

/** Notes and a chat on two devices, and a backup. */
function begin(seed: number, name: string) {
  const script = createScript(seed, name);
  const { random, add, wait } = script;
  for (const note of [0, 1, 2]) {
    add(fresh(note, 0, note === 2));
    add({ ...typing(random, { note }), field: note === 2 ? 'message' : 'tags' }, 300);
    wait(random.between(500, 2000));
  }
  wait(20 * SECOND);
  add({ do: 'open', device: 1, tab: 0 });
  wait(20 * SECOND);
  add({ do: 'backup', device: 0, tab: 0 });
  wait(random.pick([SECOND, MINUTE, HOUR]));
  return script;
}

/** Restores and undos end at any step, and go on or are taken back, while both devices write. */
function restoring(seed: number): Plan {
  const { random, add, wait, end } = begin(seed, 'restoring');
  for (let round = random.between(2, 4); round > 0; round--) {
    for (let n = random.between(0, 3); n > 0; n--) {
      add(change(random, random.below(2)));
      wait(random.between(200, 20 * SECOND));
    }
    if (random.chance(0.3)) add({ do: random.pick(['offline', 'online'] as const), device: random.below(2) });
    add(aRestore(random, 0, random.below(2)));
    if (random.chance(0.7)) add(aKill(random, 0), random.between(0, 20));
    for (let n = random.between(0, 2); n > 0; n--) add(change(random, random.below(2)), random.between(0, 500));
    wait(random.pick([SECOND, 20 * SECOND]));
    if (random.chance(0.6))
      add({ do: 'restore-end', device: 0, tab: 0, place: random.fraction(), word: random.pick(['resume', 'undo'] as const) });
    if (random.chance(0.3)) add(aKill(random, 0), random.between(0, 20));
    wait(random.pick([SECOND, 20 * SECOND]));
    if (random.chance(0.3)) add({ do: 'backup', device: random.below(2), tab: 0 });
    if (random.chance(0.6)) add({ do: 'restore-undo', device: 0, tab: random.below(2), place: random.fraction() });
    if (random.chance(0.3)) add(aKill(random, 0), random.between(0, 20));
    wait(random.pick([SECOND, MINUTE]));
  }
  return end([steady(random), steady(random)], { backups: true });
}

/** Backups are made while two tabs write, on a disk that fills up and contexts that end; parts are lost, backups removed. */
function backingUp(seed: number): Plan {
  const { random, add, wait, end } = begin(seed, 'backing up');
  for (let round = random.between(3, 6); round > 0; round--) {
    for (let n = random.between(1, 4); n > 0; n--) add(change(random, random.below(2)), random.between(0, 4000));
    add({ do: 'backup', device: 0, tab: random.below(2) }, random.between(0, 4000));
    if (random.chance(0.3)) add({ do: 'backup', device: 0, tab: 1 }, random.between(0, 4000));
    if (random.chance(0.5)) add(aKill(random, 0), random.between(0, 4000));
    if (random.chance(0.3)) add({ do: 'backup-full', device: 0, skip: random.below(5), times: random.between(1, 4) });
    if (random.chance(0.3))
      add({ do: 'backup-damage', device: 0, place: random.fraction(), how: random.pick(['lost', 'changed'] as const) });
    wait(random.pick([5 * SECOND, 2 * MINUTE]));
    if (random.chance(0.3)) add({ do: 'backup-remove', device: 0, tab: 0, place: random.fraction() });
    if (random.chance(0.3)) add(aRestore(random, 0), random.between(0, 500));
  }
  return end([steady(random), steady(random)], { backups: true });
}

/** Two devices restore in turn, each from a backup of its own, what the other may just have restored, changed or deleted. */
function restoringInTurn(seed: number): Plan {
  const { random, add, wait, end } = begin(seed, 'restoring in turn');
  add({ do: 'backup', device: 1, tab: 0 });
  wait(random.pick([SECOND, MINUTE]));
  for (let round = random.between(2, 4); round > 0; round--) {
    for (let n = random.between(0, 3); n > 0; n--) {
      add(change(random, random.below(2)));
      wait(random.between(200, 5 * SECOND));
    }
    if (random.chance(0.3)) add({ do: random.pick(['offline', 'online'] as const), device: random.below(2) });
    const first = random.below(2);
    for (const device of [first, 1 - first]) {
      add(aRestore(random, device));
      if (random.chance(0.4)) add(aKill(random, device), random.between(0, 20));
      wait(random.pick([20, 2 * SECOND, 20 * SECOND]));
      if (random.chance(0.4))
        add({ do: 'restore-end', device, tab: 0, place: random.fraction(), word: random.pick(['resume', 'undo'] as const) });
    }
    if (random.chance(0.4)) add({ do: 'restore-undo', device: random.below(2), tab: 0, place: random.fraction() });
    if (random.chance(0.4)) add({ do: 'backup', device: random.below(2), tab: 0 });
    wait(random.pick([SECOND, MINUTE]));
  }
  return end([steady(random), steady(random)], { backups: true });
}

/** A server that is put back to yesterday, and a restore on either side of that. */
function restoringPast(seed: number): Plan {
  const { random, add, wait, end } = begin(seed, 'restoring past');
  add({ do: 'server-copy' });
  for (let round = random.between(1, 3); round > 0; round--) {
    for (let n = random.between(1, 3); n > 0; n--) {
      add(change(random, random.below(2)));
      wait(random.between(SECOND, 20 * SECOND));
    }
    if (random.chance(0.5)) add(aRestore(random, 0), random.between(0, 2000));
    if (random.chance(0.6)) add({ do: 'server-restore', rotate: random.chance(0.5) }, random.between(0, 2000));
    if (random.chance(0.4)) add(aKill(random, 0), random.between(0, 2000));
    wait(random.pick([3 * SECOND, MINUTE]));
    if (random.chance(0.5)) add({ do: 'restore-undo', device: 0, tab: 0, place: random.fraction() });
    if (random.chance(0.5))
      add({ do: 'restore-end', device: 0, tab: 0, place: random.fraction(), word: random.pick(['resume', 'undo'] as const) });
    wait(random.pick([3 * SECOND, MINUTE]));
  }
  return end([steady(random), steady(random)], { backups: true });
}

/** Backups are copied to a server that collects and dies, over a bad network, removed there, and restored from on any device while others write. */
function restoringFromServer(seed: number): Plan {
  const { random, add, wait, end } = begin(seed, 'restoring from server');
  const out = (device = 0): void => add({ do: 'backup-out', device, tab: random.below(2), place: random.fraction() });
  out();
  wait(random.pick([SECOND, MINUTE]));
  for (let round = random.between(3, 5); round > 0; round--) {
    const device = random.below(2);
    for (let n = random.between(0, 3); n > 0; n--) add(change(random, random.below(2)), random.between(0, 3000));
    if (random.chance(0.5)) add({ do: 'backup', device, tab: 0 }, random.between(0, 3000));
    wait(5 * SECOND);
    if (random.chance(0.3))
      add({ do: 'weather', device, badness: random.pick([0, 0.3, 0.6]), latencyMs: random.pick([20, 300, 5000]) });
    if (random.chance(0.6)) out(device);
    if (random.chance(0.4)) add(aKill(random, device), random.between(0, 3000));
    if (random.chance(0.2)) add({ do: 'server-kill', gates: random.below(60) });
    wait(random.pick([SECOND, 20 * SECOND]));
    if (random.chance(0.3)) add({ do: 'backup-remove', device, tab: 0, place: random.fraction(), isServer: true });
    if (random.chance(0.2)) add({ do: 'backup-remove', device, tab: 0, place: random.fraction() });
    if (random.chance(0.1)) add({ do: 'evict', device });
    wait(random.pick([SECOND, SECOND, MINUTE, 2 * DAY]));
    if (random.chance(0.5)) add({ do: 'server-collect' }, random.between(0, 3000));
    add(aServerRestore(random, random.below(2)));
    if (random.chance(0.5)) add(aKill(random, device), random.between(0, 3000));
    if (random.chance(0.3)) out(random.below(2));
    for (let n = random.between(0, 2); n > 0; n--) add(change(random, random.below(2)), random.between(0, 500));
    wait(random.pick([SECOND, 20 * SECOND]));
    if (random.chance(0.4))
      add({ do: 'restore-end', device, tab: 0, place: random.fraction(), word: random.pick(['resume', 'undo'] as const) });
    if (random.chance(0.4)) add({ do: 'restore-undo', device, tab: 0, place: random.fraction() });
    wait(random.pick([SECOND, MINUTE]));
  }
  return end([steady(random), steady(random)], { backups: true, blobs: true });
}

/** Files that nothing but a backup names any more, for months, and a restore that names them again while others add, collect and write. */
function restoringFiles(seed: number): Plan {
  const { random, add, wait, end } = createScript(seed, 'restoring files');
  const file = (device: number): Deed => {
    const some = { file: random.below(3), large: random.chance(0.3), place: random.fraction() };
    return { do: 'file-add', device, tab: 0, note: random.below(2), ...some };
  };
  add(fresh(0));
  add(fresh(1), 500);
  wait(20 * SECOND);
  add({ do: 'open', device: 1, tab: 0 });
  for (let n = random.between(1, 3); n > 0; n--) add(file(0), random.between(0, 3000));
  wait(MINUTE);
  add({ do: 'backup', device: 0, tab: 0 });
  wait(MINUTE);
  const isOut = random.chance(0.6);
  if (isOut) add({ do: 'backup-out', device: 0, tab: 0, place: random.fraction() });
  wait(MINUTE);
  for (let round = random.between(1, 2); round > 0; round--) {
    for (let n = random.between(1, 4); n > 0; n--) {
      const note = random.below(2);
      const at = { device: random.below(2), tab: 0, note } as const;
      add(
        random.chance(0.5)
          ? { do: 'file-out', ...at, place: random.fraction() }
          : { do: 'mark', ...at, what: random.pick(['purge', 'bin', 'revert'] as const), leave: false },
        random.between(0, 5000),
      );
    }
    wait(MINUTE);
    if (isOut && random.chance(0.6)) {
      // A new browser has no history that names them: what it brings is named by that backup alone.
      add({ do: 'evict', device: 1 });
      add({ do: 'open', device: 1, tab: 0 }, 1000);
      wait(20 * SECOND);
      add({ ...aRestore(random, 1), only: 0, isServer: true });
      if (random.chance(0.5)) add(aKill(random, 1), random.between(0, 3000));
      wait(20 * SECOND);
      add({ do: 'restore-undo', device: 1, tab: 0, place: random.fraction() });
      wait(MINUTE);
    }
    // What an open page has shown is not collected.
    for (const one of [0, 1]) if (random.chance(0.8)) add({ do: 'reload', device: one, tab: 0 });
    for (let month = random.between(1, 2); month > 0; month--) {
      wait(31 * DAY);
      for (const one of [0, 1]) add({ do: 'file-collect', device: one, tab: 0 }, random.between(0, 2000));
      add({ do: 'server-collect' }, random.between(0, 2000));
      if (random.chance(0.3)) add(file(random.below(2)), random.between(0, 2000));
    }
    if (random.chance(0.3)) add({ do: 'backup-remove', device: 0, tab: 0, place: random.fraction() }, random.between(0, 1000));
    const device = isOut ? random.below(2) : 0;
    add({ ...aRestore(random, device), ...(isOut ? { isServer: true } : {}) }, random.between(0, 2000));
    if (random.chance(0.5)) add(aKill(random, device), random.between(0, 3000));
    if (random.chance(0.5)) add({ do: 'file-collect', device, tab: 0 }, random.between(0, 3000));
    if (random.chance(0.4)) add(file(random.below(2)), random.between(0, 1000));
    wait(random.pick([20 * SECOND, MINUTE]));
    if (random.chance(0.4)) add({ do: 'restore-undo', device, tab: 0, place: random.fraction() });
    wait(MINUTE);
  }
  return end([steady(random), steady(random)], { backups: true, blobs: true });
}

export const BACKUP_SCENES = {
  restoring,
  restoringInTurn,
  backingUp,
  restoringPast,
  restoringFromServer,
  restoringFiles,
} as const;
