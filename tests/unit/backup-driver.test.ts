/** The driver of the schedule on a clock that a test moves: when it has a backup made, when not, and what it says of failures. */
import { expect, test } from 'vitest';
import { createBackupDriver, type DriverPorts } from '#backup/kept/schedule-driver.ts';
import type { BackupFailure, BackupPace } from '#core/backup-places.ts';
import type { BackupInfo } from '#core/backups.ts';
import type { BackupError } from '#core/errors.ts';
import { err, ok } from '#core/result.ts';
import { backupInfo } from '#support/backup-info.ts';
import { must } from '#support/memory-workspace.ts';
import { createMovedClock } from '#support/moved-clock.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const START = 1_790_000_000_000;

/** A workspace whose `localSeq` a test raises, and a place that takes backups unless it is broken. */
function openSchedule() {
  const { clock, pass, set } = createMovedClock(START);
  const world = {
    localSeq: 5,
    pace: '30' as BackupPace,
    broken: null as BackupError | null,
    made: [] as BackupInfo[],
    checked: [] as string[],
    failure: null as BackupFailure | null,
    isRestoring: false,
  };
  const ports: DriverPorts = {
    clock,
    isRestoring: async () => world.isRestoring,
    pace: async () => ok(world.pace),
    state: async () => ok({ localSeq: world.localSeq, database: 1 }),
    list: async () => ok({ backups: world.made.toReversed(), unreadable: [], bytes: 0 }),
    async backUp(reason) {
      if (world.broken) return err(world.broken);
      const made = backupInfo(clock.now(), world.localSeq, reason);
      world.made.push(made);
      return ok(made);
    },
    async verify(id) {
      world.checked.push(id);
      world.made = world.made.map((one) => (one.id === id ? { ...one, checkedAt: clock.now() } : one));
      return ok(must(await ports.list()).backups[0] as BackupInfo);
    },
    others: async () => Number.POSITIVE_INFINITY,
    readFailure: async () => ok(world.failure),
    async writeFailure(failure) {
      world.failure = failure;
      return ok(undefined);
    },
  };
  return { world, ports, pass, set, driver: createBackupDriver(ports) };
}

test('makes one at the start, and one after each half hour in which something was written', async () => {
  const { world, pass, driver } = openSchedule();
  const stop = driver.start();
  await pass(MINUTE);
  expect(world.made).toHaveLength(1);
  await pass(3 * 60 * MINUTE);
  expect(world.made).toHaveLength(1);
  for (let n = 1; n <= 12; n++) {
    world.localSeq += 1;
    await pass(10 * MINUTE);
  }
  expect(world.made.length).toBeGreaterThanOrEqual(4);
  expect(world.made.length).toBeLessThanOrEqual(5);
  // What was written last waits for half an hour at most.
  await pass(30 * MINUTE);
  expect(world.made.at(-1)?.localSeq).toBe(world.localSeq);
  stop();
  world.localSeq += 1;
  await pass(DAY);
  expect(world.made.at(-1)?.localSeq).toBe(world.localSeq - 1);
});

test('the first words of an empty workspace wait for no half hour', async () => {
  const { world, pass, driver } = openSchedule();
  world.localSeq = 0;
  const stop = driver.start();
  await pass(5 * MINUTE);
  expect(world.made).toHaveLength(0);
  for (world.localSeq = 1; world.localSeq < 20; world.localSeq++) {
    driver.changed();
    await pass(MINUTE / 20);
  }
  expect(world.made).toHaveLength(1);
  world.localSeq += 1;
  driver.changed();
  await pass(20 * MINUTE);
  expect(world.made).toHaveLength(1);
  stop();
  world.localSeq += 1;
  driver.changed();
  await pass(DAY);
  expect(world.made).toHaveLength(1);
});

test('nor do first words that are written while the schedule looks', async () => {
  const { world, pass, driver } = openSchedule();
  world.localSeq = 0;
  driver.start();
  queueMicrotask(() =>
    queueMicrotask(() => {
      world.localSeq = 1;
      driver.changed();
    }),
  );
  await pass(MINUTE);
  expect(world.made).toHaveLength(1);
});

test('catches up at the next start what was due while nothing ran', async () => {
  const { world, pass, driver, ports } = openSchedule();
  driver.start()();
  await pass(MINUTE);
  world.localSeq += 1;
  await pass(9 * DAY);
  createBackupDriver(ports).start();
  await pass(1000);
  expect(world.made.at(-1)).toMatchObject({ localSeq: 6, madeAt: START + 9 * DAY + MINUTE });
});

test('waits until a restore is written, and backs up all of it then', async () => {
  const { world, pass, driver } = openSchedule();
  world.isRestoring = true;
  driver.start();
  await pass(10 * MINUTE);
  expect(world.made).toHaveLength(0);
  world.localSeq = 9;
  world.isRestoring = false;
  await pass(MINUTE);
  expect(world.made).toMatchObject([{ localSeq: 9 }]);
});

test('tries again after a failure, later each time, says since when, and is silent after a success', async () => {
  const { world, pass, driver } = openSchedule();
  world.broken = { type: 'QuotaExceeded' };
  driver.start();
  await pass(20 * MINUTE);
  expect(must(await driver.schedule()).failure).toMatchObject({ error: { type: 'QuotaExceeded' }, since: START, attempts: 5 });
  world.broken = null;
  await pass(60 * MINUTE);
  expect(world.made).toHaveLength(1);
  expect(must(await driver.schedule())).toMatchObject({ failure: null, lastMadeAt: world.made[0]?.madeAt });
});

test('one that was stopped is no failure', async () => {
  const { world, driver } = openSchedule();
  world.broken = { type: 'BackupStopped' };
  await driver.backUp('asked');
  expect(world.failure).toBeNull();
});

test('looks again when the pace is another', async () => {
  const { world, pass, driver } = openSchedule();
  world.pace = 'daily';
  driver.start();
  await pass(MINUTE);
  world.localSeq += 1;
  await pass(60 * MINUTE);
  expect(world.made).toHaveLength(1);
  world.pace = '15';
  driver.look();
  await pass(MINUTE);
  expect(world.made).toHaveLength(2);
});

test('reads all of the newest once a week', async () => {
  const { world, pass, driver } = openSchedule();
  driver.start();
  for (let day = 0; day < 15; day++) {
    world.localSeq += 1;
    await pass(DAY);
  }
  expect(world.checked).toHaveLength(2);
});

test('a clock that is far ahead once makes no endless run of backups', async () => {
  const { world, pass, set, driver } = openSchedule();
  set(START + 300 * DAY);
  driver.start();
  await pass(MINUTE);
  set(START);
  world.localSeq += 1;
  driver.look();
  await pass(20 * MINUTE);
  expect(world.made).toHaveLength(2);
});

test('what was brought from elsewhere is no backup of this workspace', async () => {
  const { world, pass, driver } = openSchedule();
  world.made.push({ ...backupInfo(START, world.localSeq, 'brought'), from: { type: 'file', name: 'backup.json' } });
  expect(must(await driver.schedule())).toMatchObject({ lastMadeAt: null, lastVerifiedAt: null });
  const stop = driver.start();
  await pass(MINUTE);
  expect(world.made).toHaveLength(2);
  stop();
});

test('a backup that was found damaged is made anew, by the schedule and for a copy, though nothing has changed since', async () => {
  const { world, pass, driver } = openSchedule();
  const first = must(await driver.fresh());
  await pass(MINUTE);
  expect(must(await driver.fresh()).id).toBe(first.id);
  const damaged = [{ hash: 'x', from: ['note', 'a'], to: null, records: 1, entities: [] }] as const;
  world.made = world.made.map((one) => ({ ...one, damaged, verifiedAt: null }));
  expect(must(await driver.fresh()).id).not.toBe(first.id);
  expect(world.made).toHaveLength(2);
  world.made = world.made.map((one) => ({ ...one, damaged, verifiedAt: null }));
  const stop = driver.start();
  await pass(DAY);
  expect(world.made).toHaveLength(3);
  stop();
});

test('a failure of a time that was far ahead keeps nothing waiting', async () => {
  const { world, set, pass, driver } = openSchedule();
  world.broken = { type: 'PlaceGone' };
  set(START + 400 * DAY);
  await driver.backUp('schedule');
  expect(world.failure?.retryAt).toBeGreaterThan(START + 400 * DAY);
  set(START);
  world.broken = null;
  const stop = driver.start();
  await pass(2 * DAY);
  expect(world.made).toHaveLength(1);
  stop();
});
