/** A folder that another program fills from other devices, in any order: nothing is removed there that a list on its way may name. */
import { expect, test } from 'vitest';
import { createKeptBackups } from '#backup/kept/kept-backups.ts';
import { type Manifest, manifestPath, writeManifest } from '#backup/kept/manifest.ts';
import { partPath } from '#backup/kept/parts.ts';
import { ledger } from '#entities/index.ts';
import { createOwnLocks } from '#platform/own-locks.ts';
import { systemRandom } from '#platform/system.ts';
import { type BackupWorld, MINUTE, openBackupWorld } from '#support/backup-world.ts';
import { createMemoryPlace, type MemoryPlace } from '#support/memory-place.ts';
import { mint, must } from '#support/memory-workspace.ts';

const DAY = 24 * 60 * MINUTE;

const keptIn = (place: MemoryPlace, { clock }: BackupWorld) =>
  createKeptBackups({
    ...{ place, lock: 'shared', ledger, clock, random: systemRandom, locks: createOwnLocks(), offsetMinutes: 0, isShared: true },
  });

/** Two devices and the folder of one of them; what the other has in its own is brought by hand. */
async function openTwo() {
  const one = await openBackupWorld();
  const other = await openBackupWorld();
  other.time.ms = one.time.ms;
  const folder = createMemoryPlace(() => one.time.ms);
  const kept = keptIn(folder, one);
  const [note = ''] = await one.writeNotes(3);
  let edits = 0;
  /** Backups of `one` in the folder, of days that are not kept: each removes one before it. */
  const rotate = async (): Promise<void> => {
    for (let n = 0; n < 13; n++) {
      await one.save('note', note, { text: `edit ${edits++}` });
      one.time.ms += MINUTE;
      await kept.backUp({ ...one.about, rows: one.rows }, 'schedule', one.run);
    }
  };
  await rotate();
  await other.writeNotes(3);
  const made = must(await other.backUp());
  const manifest: Manifest = await other.kept.find(made.id);
  const paths = manifest.parts.map(({ hash }) => partPath(hash));
  for (const path of paths) await folder.write(path, other.place.files.get(path) ?? new Uint8Array());
  return { one, folder, rotate, paths, manifest };
}

const isThere = (folder: MemoryPlace, paths: readonly string[]): boolean => paths.every((path) => folder.files.has(path));

test('parts of another device stay for days, until their list has come', async () => {
  const { one, folder, rotate, paths, manifest } = await openTwo();
  await rotate();
  one.time.ms += DAY;
  await rotate();
  expect(isThere(folder, paths)).toBe(true);

  await folder.write(manifestPath(manifest.id), await writeManifest(manifest));
  one.time.ms += 10 * DAY;
  await rotate();
  expect(isThere(folder, paths)).toBe(true);
  expect(folder.files.has(manifestPath(manifest.id))).toBe(true);
});

test('what is named by no list for days goes', async () => {
  const { one, folder, rotate, paths } = await openTwo();
  await rotate();
  one.time.ms += 4 * DAY;
  await rotate();
  expect(paths.filter((path) => folder.files.has(path))).toEqual([]);
  expect(folder.files.has('unnamed.json')).toBe(false);
});

test('alone in its folder a workspace leaves nothing of its removed backups there', async () => {
  const { one, folder, rotate, paths } = await openTwo();
  for (const path of paths) await folder.remove(path);
  one.time.ms += 5 * MINUTE;
  await rotate();
  await rotate();
  const { backups } = await keptIn(folder, one).list();
  const named = new Set<string>();
  for (const { id } of backups) {
    for (const { hash } of (await keptIn(folder, one).find(id)).parts) named.add(partPath(hash));
  }
  const left = [...folder.files.keys()].filter((path) => path.startsWith('parts/') && !named.has(path));
  expect(left.length).toBeLessThanOrEqual(1);
});

test('what goes with a removed backup while a list that names it as well is on its way is written anew with the next copy of that', async () => {
  const { one, folder, rotate, paths } = await openTwo();
  for (const path of paths) await folder.remove(path);
  const kept = keptIn(folder, one);
  const made = await kept.backUp({ ...one.about, rows: one.rows }, 'schedule', one.run);
  const own = await kept.find(made.id);
  // A new browser that went on from it: what it copies has the same parts, of which it found those in the folder there.
  const from = createMemoryPlace(() => one.time.ms);
  for (const [path, bytes] of folder.files) from.files.set(path, bytes);
  const late: Manifest = { ...own, id: mint(), workspace: mint() };
  const named = late.parts.map(({ hash }) => partPath(hash));
  one.time.ms += 5 * MINUTE;
  await rotate();
  expect(isThere(folder, named)).toBe(false);
  await folder.write(manifestPath(late.id), await writeManifest(late));
  expect((await kept.verify(late.id, null, one.run)).damaged).not.toEqual([]);

  const next: Manifest = { ...late, id: mint(), madeAt: one.time.ms };
  await keptIn(folder, one).receive(next, { ...one.run, from, files: null });
  expect(isThere(folder, named)).toBe(true);
  for (const { id } of [late, next]) expect((await kept.verify(id, null, one.run)).damaged).toEqual([]);
});
