/** Copies to other places, each by its own schedule, on a clock that a test moves. */
import { expect, test } from 'vitest';
import { createPlacesDriver, type PlaceFacts, type PlacesPorts } from '#backup/kept/places-driver.ts';
import type { BackupError } from '#core/errors.ts';
import { err, ok } from '#core/result.ts';
import { EMPTY_PLACE } from '#store/backup/place-rows.ts';
import { backupInfo } from '#support/backup-info.ts';
import { must } from '#support/memory-workspace.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const START = 1_790_000_000_000;

type Info = ReturnType<typeof backupInfo>;

function openPlaces(paces: { readonly [id: string]: PlaceFacts['pace'] }) {
  const world = {
    nowMs: START,
    localSeq: 5,
    here: [] as Info[],
    there: {} as { [id: string]: Info[] },
    rows: Object.entries(paces).map(
      ([id, pace]): PlaceFacts => ({ id, pace, isMirror: false, state: EMPTY_PLACE, failure: null }),
    ),
    broken: {} as { [id: string]: BackupError },
    checkedHere: [] as string[],
    checkedThere: [] as string[],
    filled: [] as string[],
    lacking: 0,
    whenChecked: {} as Partial<Info>,
  };
  const inPlace = (id: string): Info[] => {
    world.there[id] ??= [];
    return world.there[id];
  };
  const ports: { -readonly [P in keyof PlacesPorts<PlaceFacts>]: PlacesPorts<PlaceFacts>[P] } = {
    clock: { now: () => world.nowMs },
    workspaceId: 'w',
    state: async () => ok({ localSeq: world.localSeq, database: 1 }),
    places: async () => ok(world.rows),
    async fresh() {
      const last = world.here.at(-1);
      if (last?.localSeq === world.localSeq) return ok(last);
      const made = backupInfo(world.nowMs, world.localSeq);
      world.here.push(made);
      return ok(made);
    },
    async copy({ id }, backup) {
      const error = world.broken[id];
      if (error) return err(error);
      const info = world.here.find((one) => one.id === backup) as Info;
      inPlace(id).unshift(info);
      return ok({ info, lackingFiles: world.lacking, lackingParts: [] });
    },
    async mirror({ id }) {
      const error = world.broken[id];
      if (error) return err(error);
      const info = backupInfo(world.nowMs, world.localSeq, 'mirror');
      world.there[id] = [info, ...inPlace(id).filter(({ reason }) => reason !== 'mirror')];
      return ok({ info, lackingFiles: 0, lackingParts: [] });
    },
    list: async ({ id }) => ok({ backups: inPlace(id), unreadable: [], bytes: 7 }),
    async verify({ id }, backup) {
      world.checkedThere.push(id);
      world.there[id] = inPlace(id).map((one) =>
        one.id === backup ? { ...one, checkedAt: world.nowMs, ...world.whenChecked } : one,
      );
      return ok(inPlace(id)[0] as Info);
    },
    async fill({ id }, _backup, isThorough) {
      world.filled.push(`${id}${isThorough ? ', all of it' : ''}`);
      return ok(world.lacking);
    },
    async verifyHere(id) {
      world.checkedHere.push(id);
      return ok(world.here.find((one) => one.id === id) as Info);
    },
    async update({ id }, patch) {
      world.rows = world.rows.map((row) => (row.id === id ? { ...row, ...patch } : row));
      return ok(undefined);
    },
  };
  return { world, ports, driver: createPlacesDriver(ports) };
}

test('each place has its own pace, and gets the same backup where both are due', async () => {
  const { world, driver } = openPlaces({ often: '15', daily: 'daily' });
  await driver.step();
  expect(world.here).toHaveLength(1);
  expect(world.there.often).toEqual(world.here);
  expect(world.there.daily).toEqual(world.here);
  for (let n = 0; n < 8; n++) {
    world.nowMs += 15 * MINUTE;
    world.localSeq += 1;
    expect(await driver.step()).toBeGreaterThan(world.nowMs);
  }
  expect(world.there.often).toHaveLength(9);
  expect(world.there.daily).toHaveLength(1);
  world.nowMs += DAY;
  await driver.step();
  expect(world.there.daily).toHaveLength(2);
  expect(world.rows[1]?.state).toMatchObject({ backups: 2, bytes: 7, last: { localSeq: world.localSeq } });
});

test('nothing is copied where nothing has changed', async () => {
  const { world, driver } = openPlaces({ folder: '15' });
  await driver.step();
  world.nowMs += DAY;
  await driver.step();
  expect(world.there.folder).toHaveLength(1);
});

test('a place that fails keeps no other waiting, says since when, and catches up', async () => {
  const { world, driver } = openPlaces({ lost: '15', other: '15' });
  world.broken.lost = { type: 'PlacePermission' };
  expect(await driver.step()).toBe(START + MINUTE);
  expect(world.there.other).toHaveLength(1);
  world.nowMs += MINUTE;
  await driver.step();
  expect(world.rows[0]?.failure).toMatchObject({ error: { type: 'PlacePermission' }, since: START, attempts: 2 });
  world.broken = {};
  // The person has allowed it: nobody waits for the next attempt.
  must(await driver.copyTo(world.rows[0] as PlaceFacts));
  expect(world.rows[0]).toMatchObject({ failure: null, state: { backups: 1 } });
});

test('a backup of this device that is damaged is checked, so that the next one is whole', async () => {
  const { world, driver } = openPlaces({ folder: '15' });
  world.broken.folder = { type: 'BackupDamaged' };
  await driver.step();
  expect(world.checkedHere).toEqual([world.here[0]?.id]);
});

test('two who ask for the same place share one copy', async () => {
  const { world, driver } = openPlaces({ folder: '15' });
  const [row] = world.rows as [PlaceFacts];
  const both = Promise.all([driver.copyTo(row), driver.copyTo(row)]);
  expect(driver.isBusy('folder')).toBe(true);
  await both;
  expect(driver.isBusy('folder')).toBe(false);
  expect(world.there.folder).toHaveLength(1);
});

test('all of the newest in a place is read again once a week', async () => {
  const { world, driver } = openPlaces({ folder: '15' });
  for (let day = 0; day < 15; day++) {
    await driver.step();
    world.nowMs += DAY;
  }
  expect(world.checkedThere).toHaveLength(2);
});

test('a backup that a check there finds damaged is copied anew, though nothing has changed', async () => {
  const { world, driver } = openPlaces({ folder: '15' });
  await driver.step();
  const damaged = [{ hash: 'x', from: ['note', 'a'], to: null, records: 1, entities: [] }] as const;
  world.whenChecked = { damaged, verifiedAt: null };
  world.nowMs += 8 * DAY;
  await driver.step();
  expect(world.checkedThere).toHaveLength(1);
  await driver.step();
  expect(world.there.folder).toHaveLength(2);
});

test('a mirror is written where it is wanted, beside what the schedule makes there', async () => {
  const { world, driver } = openPlaces({ mirror: 'daily', other: 'daily' });
  world.rows = world.rows.map((row) => ({ ...row, isMirror: row.id === 'mirror' }));
  await driver.mirrorAll();
  expect(world.there.other).toBeUndefined();
  expect(world.rows[0]?.state).toMatchObject({ mirroredAt: START, last: null, backups: 1 });
  // It counts for no schedule.
  await driver.step();
  expect(world.there.mirror?.map(({ reason }) => reason)).toEqual(['schedule', 'mirror']);
  world.broken.mirror = { type: 'PlaceGone' };
  world.nowMs += 1000;
  await driver.mirrorAll();
  expect(world.rows[0]?.failure).toMatchObject({ attempts: 1 });
  // It is tried again when that time has come, and not with each change.
  await driver.mirrorAll();
  expect(world.rows[0]?.failure).toMatchObject({ attempts: 1 });
  world.broken = {};
  world.nowMs += MINUTE;
  await driver.mirrorAll();
  expect(world.rows[0]).toMatchObject({ failure: null, state: { mirroredAt: world.nowMs } });
});

test('a mirror that is wanted while something else is written there follows it, and so does a copy that is asked for during a mirror', async () => {
  const { world, driver } = openPlaces({ folder: 'daily' });
  world.rows = world.rows.map((row) => ({ ...row, isMirror: true }));
  const [row] = world.rows as [PlaceFacts];
  const copying = driver.copyTo(row);
  await driver.mirrorAll();
  await copying;
  expect(world.there.folder?.map(({ reason }) => reason).sort()).toEqual(['mirror', 'schedule']);

  world.there = {};
  const mirroring = driver.mirrorAll();
  await Promise.resolve();
  must(await driver.copyTo(row));
  await mirroring;
  expect(world.there.folder?.map(({ reason }) => reason).sort()).toEqual(['mirror', 'schedule']);
});

test('a mirror that failed is tried again by itself, though nothing changes any more', async () => {
  const { world, driver } = openPlaces({ folder: 'daily' });
  world.rows = world.rows.map((row) => ({ ...row, isMirror: true }));
  await driver.step();
  world.localSeq += 1;
  world.nowMs += MINUTE;
  world.broken.folder = { type: 'PlaceGone' };
  await driver.mirrorAll();
  expect(await driver.step()).toBe(world.nowMs + MINUTE);
  world.broken = {};
  world.nowMs += MINUTE;
  await driver.step();
  expect(world.rows[0]).toMatchObject({ failure: null, state: { mirroredAt: world.nowMs } });
});

test('files that a copy lacks are looked for again before anything has changed, and all that lie there are read each week', async () => {
  const { world, driver } = openPlaces({ stick: '30' });
  world.lacking = 2;
  await driver.step();
  expect(world.rows[0]?.state.lackingFiles).toBe(2);
  world.lacking = 0;
  world.nowMs += 30 * MINUTE;
  await driver.step();
  expect(world.filled).toEqual(['stick']);
  expect(world.rows[0]?.state.lackingFiles).toBe(0);
  world.nowMs += 30 * MINUTE;
  await driver.step();
  expect(world.filled).toEqual(['stick']);
  world.nowMs += 8 * DAY;
  await driver.step();
  expect(world.filled).toEqual(['stick', 'stick, all of it']);
});

test('backups that another workspace keeps in the same folder say nothing of when this one was verified', async () => {
  const { world, driver } = openPlaces({ stick: '30' });
  const foreign = { ...backupInfo(START, 5), workspace: 'other', verifiedAt: START + DAY, checkedAt: START + DAY };
  world.there.stick = [foreign];
  await driver.step();
  expect(world.rows[0]?.state).toMatchObject({ backups: 2, lastVerifiedAt: START, checkedAt: START });
});

test('a check that the place does not answer counts as a failure, and is not tried again at once', async () => {
  const { world, ports, driver } = openPlaces({ stick: '30' });
  await driver.step();
  world.nowMs += 8 * DAY;
  let tries = 0;
  ports.verify = async () => {
    tries += 1;
    return err({ type: 'PlaceFailed', reason: 'the folder did not answer' });
  };
  await driver.step();
  expect(world.rows[0]?.failure).toMatchObject({ error: { type: 'PlaceFailed' }, attempts: 1 });
  await driver.step();
  expect(tries).toBe(1);
});

test('a check that was stopped is no failure of its place', async () => {
  const { world, ports, driver } = openPlaces({ folder: '15' });
  await driver.step();
  world.nowMs += 8 * DAY;
  ports.verify = async () => err({ type: 'BackupStopped' });
  await driver.step();
  expect(world.rows[0]?.failure).toBeNull();
});
