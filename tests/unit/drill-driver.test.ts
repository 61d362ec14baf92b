/** When a restore is tried by itself: on a clock that a test moves. */
import { expect, test } from 'vitest';
import { keepDrills, nextDrill } from '#backup/drill/drill-driver.ts';
import { type DrillReport, type Drills, NO_DRILLS } from '#core/drills.ts';
import { ok } from '#core/result.ts';
import { createMovedClock } from '#support/moved-clock.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

const report = (at: number, lost: number): DrillReport => ({
  ...{ at, backup: 'b', madeAt: at, records: 10, held: 10 - lost, leftOut: 0, lost, entities: [], changedSince: 0 },
});

function openDrills() {
  const world = {
    localSeq: 1,
    hasBackup: false,
    drills: NO_DRILLS as Drills,
    lost: 0,
    tried: [] as number[],
  };
  const { clock, pass } = createMovedClock();
  const stop = keepDrills({
    clock,
    drills: async () => ok(world.drills),
    localSeq: async () => ok(world.localSeq),
    async run() {
      if (!world.hasBackup) return;
      world.tried.push(clock.now());
      world.drills = { ...world.drills, last: report(clock.now(), world.lost) };
    },
  });
  return { world, pass, stop };
}

test('the newest backup is tried once a week', async () => {
  const { world, pass, stop } = openDrills();
  await pass(3 * 60 * MINUTE);
  expect(world.tried).toEqual([]);
  world.hasBackup = true;
  await pass(6 * DAY);
  expect(world.tried).toHaveLength(1);
  await pass(30 * DAY);
  expect(world.tried).toHaveLength(6);
  stop();
  await pass(30 * DAY);
  expect(world.tried).toHaveLength(6);
});

test('it waits for as long as somebody writes', async () => {
  const { world, pass } = openDrills();
  world.hasBackup = true;
  for (let n = 0; n < 120; n++) {
    world.localSeq += 1;
    await pass(MINUTE);
  }
  expect(world.tried).toEqual([]);
  await pass(5 * MINUTE);
  expect(world.tried).toHaveLength(1);
});

test('one in which something did not come back is tried again after a day, and one that did not end after six hours', () => {
  const now = 100 * DAY;
  expect(nextDrill(NO_DRILLS, now)).toBeLessThanOrEqual(now);
  expect(nextDrill({ ...NO_DRILLS, last: report(now, 0) }, now)).toBe(now + 7 * DAY);
  expect(nextDrill({ ...NO_DRILLS, last: report(now, 1) }, now)).toBe(now + DAY);
  const failure = { at: now, error: { type: 'QuotaExceeded' } as const };
  expect(nextDrill({ ...NO_DRILLS, last: report(now - 8 * DAY, 0), failure }, now)).toBe(now + DAY / 4);
  // The clock was far ahead when it was tried.
  expect(nextDrill({ ...NO_DRILLS, last: report(now + 400 * DAY, 0) }, now)).toBe(now);
});
