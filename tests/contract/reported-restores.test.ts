/**
 * What people who restore report elsewhere, each as it was told and as it is here: backup files, brought and restored by the code of the backup worker, on
 * devices that sync with a real server.
 */
import { afterEach, expect, test } from 'vitest';
import { createKeptBackups } from '#backup/kept/kept-backups.ts';
import { openBackup } from '#backup/kept/open-backup.ts';
import { writeBackup } from '#backup/out/write-backup.ts';
import { bringFile } from '#backup/restore/bring-file.ts';
import type { RestoreChoice } from '#core/restores.ts';
import { ledger } from '#entities/index.ts';
import { createOwnLocks } from '#platform/own-locks.ts';
import { systemClock, systemRandom } from '#platform/system.ts';
import { createRowReader } from '#store/backup/read-rows.ts';
import { collectBytes } from '#support/backup-content.ts';
import { bringPorts } from '#support/bring-ports.ts';
import { filesHere } from '#support/markdown-folder.ts';
import { createMemoryPlace } from '#support/memory-place.ts';
import { mint, must } from '#support/memory-workspace.ts';
import { stateOf } from '#support/restore-world.ts';
import { closeServers, openDevice, openServer } from '#support/restored-world.ts';
import { MERGE } from '#support/restores-world.ts';
import { createRestores } from '#workers/backup-restores.ts';

afterEach(closeServers);

const OVERWRITE: RestoreChoice = { ...MERGE, way: 'overwrite' };

/** A device, with backups of its own that it gives away as files and takes from them. */
async function openPerson(server: Awaited<ReturnType<typeof openServer>>, id?: string) {
  const device = await openDevice(server, id === undefined ? {} : { id });
  const { context, store } = device;
  const place = createMemoryPlace(Date.now);
  const ports = { clock: systemClock, random: systemRandom, locks: createOwnLocks() };
  const kept = createKeptBackups({ ...ports, place, lock: 'place', ledger, offsetMinutes: 0 });
  const run = { signal: { aborted: false, addEventListener: () => {} }, pause: async () => {}, tell: () => {} };
  const about = { app: '0.0.0', account: mint(), workspace: mint(), device: { id: context.deviceId, name: 'Device' } };
  const backUp = (reason: 'asked' | 'safety') => kept.backUp({ ...about, rows: createRowReader(context.kv) }, reason, run);
  const restores = createRestores({ context, place, kept, makeSafety: () => backUp('safety'), run, batch: 3 });
  const bring = (file: File) => bringFile(file, {}, bringPorts({ kept, run }));
  return {
    ...device,
    purge: async (notes: readonly string[]) => must(await store.purge('note', notes)),
    bring,
    async download(): Promise<File> {
      const manifest = await kept.find((await backUp('asked')).id);
      const { sink, blob } = collectBytes();
      const source = { manifest, lines: () => openBackup(place, manifest).lines(), files: filesHere(), ledger };
      await writeBackup(source, sink, { choice: { form: 'json' }, step: () => {} });
      return new File([blob()], 'backup.json');
    },
    async restore(file: File, choice = MERGE) {
      const brought = await bring(file);
      if (brought.type !== 'brought') throw new Error(JSON.stringify(brought.faults));
      return restores.restore(brought.backup.id, choice);
    },
  };
}

/** Two devices of an account with five notes, which both have. */
async function openPair() {
  const server = await openServer();
  const here = await openPerson(server, server.deviceId);
  const there = await openPerson(server);
  const notes = Array.from({ length: 5 }, () => mint());
  for (const [at, note] of notes.entries()) await here.save(note, { title: `Note ${at}`, text: `Words of ${at}` });
  await here.sync();
  await there.sync();
  const textsOf = async ({ fields }: typeof here) => Promise.all(notes.map(async (note) => (await fields(note))['text'] || null));
  const first = notes[0] ?? '';
  return { server, here, there, notes, first, textsOf, words: notes.map((_, at) => `Words of ${at}`) };
}

test('notes that were deleted everywhere and come from a backup vanish again at the next sync: here they stay, on every device', async () => {
  const { server, here, there, notes, textsOf, words } = await openPair();
  const file = await here.download();
  await here.purge(notes);
  await here.sync();
  await there.sync();
  expect(await textsOf(there)).toEqual(notes.map(() => null));
  await here.restore(file);
  for (let round = 0; round < 3; round++) for (const device of [here, there]) await device.sync();
  const late = await openPerson(server);
  await late.sync();
  for (const device of [here, there, late]) expect(await textsOf(device)).toEqual(words);
});

test('restored notes never reach the other devices: here they do, as they were restored', async () => {
  const { here, there, notes, first, textsOf, words } = await openPair();
  const file = await here.download();
  for (const note of notes) await here.save(note, { text: 'Changed' });
  await here.sync();
  await there.sync();
  await here.restore(file, OVERWRITE);
  await here.sync();
  await there.sync();
  expect(await textsOf(there)).toEqual(words);
  expect((await there.fields(first))['title']).toBe('Note 0');
});

test('a restore overwrites what was edited after the backup: here newer words win, and one choice leaves alone all that is newer', async () => {
  for (const choice of [MERGE, { ...OVERWRITE, skipNewer: true }]) {
    const { here, there, first, notes, textsOf, words } = await openPair();
    const file = await here.download();
    await there.save(first, { text: 'Written later' });
    await there.purge(notes.slice(4));
    await there.sync();
    await here.sync();
    await here.restore(file, choice);
    await here.sync();
    await there.sync();
    const last = choice.skipNewer ? null : words[4];
    for (const device of [here, there]) expect(await textsOf(device)).toEqual(['Written later', ...words.slice(1, 4), last]);
  }
});

test('a restore that is done twice makes everything double: here it changes nothing, on either device', async () => {
  const { here, there } = await openPair();
  const file = await here.download();
  const before = await stateOf(here);
  expect(await here.restore(file)).toMatchObject({ changed: 0 });
  expect(await here.restore(file, { ...MERGE, way: 'copy' })).toMatchObject({ changed: 0 });
  expect(await there.restore(file)).toMatchObject({ changed: 0 });
  await here.sync();
  await there.sync();
  expect(await stateOf(here)).toEqual(before);
  expect(await stateOf(there)).toEqual(before);
});

test('both restore their own backups in turn, and the work of one vanishes: here a restore is an edit, and no note goes', async () => {
  const { here, there, textsOf, words } = await openPair();
  const [mine, yours] = [mint(), mint()];
  await here.save(mine, { title: 'Mine', text: 'Only here' });
  const ofHere = await here.download();
  await there.save(yours, { title: 'Yours', text: 'Only there' });
  const ofThere = await there.download();
  for (const choice of [MERGE, OVERWRITE]) {
    await here.restore(ofHere, choice);
    await here.sync();
    await there.restore(ofThere, choice);
    await there.sync();
    await here.sync();
  }
  for (const device of [here, there]) {
    expect(await textsOf(device)).toEqual(words);
    expect((await device.fields(mine))['text']).toBe('Only here');
    expect((await device.fields(yours))['text']).toBe('Only there');
  }
});

test('a file turns out to be damaged when part of it is applied: here nothing of it is, wherever the damage is', async () => {
  const { here, notes, words } = await openPair();
  const whole = await (await here.download()).text();
  for (const note of notes) await here.save(note, { text: 'Now' });
  const before = await stateOf(here);
  for (const damage of [
    (text: string) => text.slice(0, text.length / 2),
    (text: string) => text.replace(words[4] ?? '', 'Another'),
    (text: string) => text.replace(/\n\],\n"sha256.*/s, '\n'),
    (text: string) => text.replace('"kind":"note"', '"kind":"NOTE"'),
  ]) {
    const file = new File([damage(whole)], 'backup.json');
    expect(await here.bring(file)).toMatchObject({ type: 'faulty' });
    await expect(here.restore(file)).rejects.toThrow();
    expect(await stateOf(here)).toEqual(before);
  }
});
