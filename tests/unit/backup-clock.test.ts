/** Backups made while the clock of the device is wrong: behind (an empty battery says 2000), or ahead for a time. */
import { expect, test } from 'vitest';
import { lastCheckOf } from '#backup/kept/schedule.ts';
import type { EntityId } from '#core/ids.ts';
import { backupInfo } from '#support/backup-info.ts';
import { openBackupWorld } from '#support/backup-world.ts';
import { mint, must } from '#support/memory-workspace.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** A workspace that was backed up every four days: no rule keeps what seems older than all of that. */
async function openLongKept(count: number) {
  const world = await openBackupWorld();
  const ids: string[] = [];
  for (let n = 0; n < count; n++) {
    ids.push(...(await world.writeNotes(2)));
    must(await world.backUp());
    world.time.ms += 4 * DAY;
  }
  const listed = async () => (await world.kept.list()).backups;
  const write = async () => {
    await world.writeNotes(1);
    return must(await world.backUp());
  };
  return { ...world, ids, listed, write };
}

test('what is backed up while the clock is far behind stays, and is the newest', async () => {
  const world = await openLongKept(20);
  const before = (await world.listed()).map(({ id }) => id);
  world.time.ms = Date.UTC(2000, 0, 1);
  const made = [await world.write(), await world.write()];
  const all = (await world.listed()).map(({ id }) => id);
  expect(all.slice(0, 2)).toEqual([made[1]?.id, made[0]?.id]);
  expect(all.slice(2, 10)).toEqual(before.slice(0, 8));
  expect(await world.linesOf(made[1]?.id ?? '')).toHaveLength(42);
});

test('what is backed up by a clock that says a time before 1970 is a backup', async () => {
  const world = await openLongKept(2);
  world.time.ms = -DAY;
  const made = await world.write();
  expect((await world.listed())[0]).toMatchObject({ id: made.id, madeAt: 0 });
  await world.kept.keepWhileRead(made.id, world.time.ms + DAY);
  expect(await world.kept.verify(made.id, world.rows, world.run)).toMatchObject({ damaged: [] });
});

test('one that has seen nothing new since the clock was set back stays for whoever had it made', async () => {
  const world = await openLongKept(20);
  world.time.ms = Date.UTC(2000, 0, 1);
  const made = must(await world.backUp('asked'));
  expect((await world.listed()).map(({ id }) => id)).toContain(made.id);
});

test('a live mirror is written anew after the clock was ahead', async () => {
  const world = await openBackupWorld();
  const files = { from: { read: async () => null }, to: { have: async () => new Set<never>(), write: async () => {} } };
  const mirror = async () => {
    await world.save('note', mint(), { title: 'One more', text: '' });
    world.time.ms += HOUR;
    return (await world.kept.mirror({ ...world.about, rows: world.rows }, files, world.run)).info.id;
  };
  world.time.ms += 300 * DAY;
  await mirror();
  world.time.ms -= 300 * DAY;
  const made = await mirror();
  expect((await world.kept.list()).backups.map(({ id }) => id)).toEqual([made]);
});

test('that much is gone is noticed, and takes the place of nothing, though backups of a time to come are there', async () => {
  const world = await openLongKept(14);
  const now = world.time.ms;
  world.time.ms += 300 * DAY;
  await world.write();
  world.time.ms = now;
  const good = await world.write();
  must(await world.store.purge('note', world.ids.slice(2) as EntityId[]));
  const halved = [must(await world.backUp()), must(await world.backUp())];
  const [newest, ...older] = await world.listed();
  expect(newest).toMatchObject({ id: halved[1]?.id, isShrunken: true });
  expect(older.find(({ isShrunken }) => !isShrunken)?.id).toBe(good.id);
  // That this is meant is said of both, and of no other.
  await world.kept.accept(halved[1]?.id ?? '');
  expect((await world.listed()).some(({ isShrunken }) => isShrunken)).toBe(false);
});

test('a check in a time to come is none', () => {
  const now = 1_790_000_000_000;
  const backups = [{ ...backupInfo(now, 2), checkedAt: now + 300 * DAY }, backupInfo(now - DAY, 1)];
  expect(lastCheckOf(backups, now)).toBe(now - DAY);
  expect(lastCheckOf([], now)).toBeNull();
});
