/** A restore that was meant on another device: a copy is kept before it is taken in, the device knows of it, and nothing newer is lost without a trace. */
import { afterEach, expect, test } from 'vitest';
import { noteCopy, putAwayRestore, restoresElsewhere, wantedCopies } from '#store/draft/coming-restores.ts';
import { noteRestore, noteRestoreEnd } from '#store/restore/restore-notes.ts';
import { mint, must } from '#support/memory-workspace.ts';
import { backUp, restore, stateOf } from '#support/restore-world.ts';
import { closeServers, openDevice, openServer } from '#support/restored-world.ts';

afterEach(closeServers);

const MADE_AT = 1_790_000_000_000;

/** Two devices with three notes, which were edited since a backup; the first restores that backup and syncs. */
async function openWorld(pageSize?: number) {
  const server = await openServer();
  const seen: { readonly ids: readonly string[]; readonly state: unknown }[] = [];
  const late = { isOn: false };
  // What it writes is later than what the other has written in the same millisecond.
  const here = await openDevice(server, { id: server.deviceId, now: () => Date.now() + 10 });
  const there = await openDevice(server, {
    ...(pageSize !== undefined && { pageSize }),
    async beforeRestore(ids) {
      seen.push({ ids: must(await wantedCopies(there.context.kv, ids)), state: await stateOf(there) });
      if (!late.isOn) must(await noteCopy(there.context.kv, ids, 'copy'));
    },
  });
  const notes = [mint(), mint(), mint()] as const;
  for (const note of notes) await here.save(note, { title: `First ${note}` });
  await here.sync();
  await there.sync();
  const records = await backUp(here);
  for (const note of notes) await here.save(note, { title: `Second ${note}` });
  await here.sync();
  await there.sync();
  const restoreHere = async (): Promise<string> => {
    const act = mint();
    must(await noteRestore(here.context, act, MADE_AT));
    await restore(here, records, 'overwrite');
    await here.sync();
    return act;
  };
  return { server, here, there, notes, seen, late, restoreHere };
}

test.each([undefined, 1])(
  'a copy of how it was is kept before any of it is taken in, and the device knows of it: pages of %s',
  async (pageSize) => {
    const { server, here, there, notes, seen, restoreHere } = await openWorld(pageSize);
    const before = await stateOf(there);
    const act = await restoreHere();
    await there.sync();
    expect(seen).toEqual([{ ids: [act], state: before }]);
    for (const note of notes) expect(await there.fields(note)).toMatchObject({ title: `First ${note}` });
    const told = { id: act, deviceId: server.deviceId, madeAt: MADE_AT, copy: 'copy', undone: false };
    expect(must(await restoresElsewhere(there.context))).toMatchObject([{ ...told, changed: 0 }]);

    must(await noteRestoreEnd(here.context, act, { changed: 3 }));
    await here.sync();
    await there.sync();
    expect(must(await restoresElsewhere(there.context))).toMatchObject([{ ...told, changed: 3 }]);
    must(await noteRestoreEnd(here.context, act, { undone: true }));
    await here.sync();
    await there.sync();
    expect(must(await restoresElsewhere(there.context))).toMatchObject([{ ...told, changed: 3, undone: true }]);
    // It was asked for once, and for the device that restored it is no news.
    expect(seen).toHaveLength(1);
    expect(must(await restoresElsewhere(here.context))).toEqual([]);
    must(await putAwayRestore(there.context, act));
    expect(must(await restoresElsewhere(there.context))).toEqual([]);
  },
);

test('a copy that comes when the restore was taken in already is none', async () => {
  const { there, late, restoreHere } = await openWorld();
  late.isOn = true;
  const act = await restoreHere();
  await there.sync();
  expect(must(await wantedCopies(there.context.kv, [act]))).toEqual([]);
  must(await noteCopy(there.context.kv, [act], 'late'));
  expect(must(await restoresElsewhere(there.context))).toMatchObject([{ id: act, copy: null }]);
});

test('a device that is new to the account hears nothing of what was restored before it came', async () => {
  const { server, restoreHere } = await openWorld();
  await restoreHere();
  const asked: unknown[] = [];
  const fresh = await openDevice(server, { pageSize: 2, beforeRestore: async (ids) => void asked.push(ids) });
  await fresh.sync();
  expect(asked).toEqual([]);
  expect(must(await restoresElsewhere(fresh.context))).toEqual([]);
});

test('notes of restores that a backup holds, such as one of another account, are told to nobody again', async () => {
  const { here, there, seen } = await openWorld();
  const stamps = { madeAt: '000000001-0000-00000000', at: '000000001-0000-00000000' };
  const note = { kind: 'bulk-restore', id: mint(), v: 1, fields: { madeAt: MADE_AT, at: MADE_AT }, stamps };
  await restore(here, [note], 'merge');
  await here.sync();
  await there.sync();
  expect(seen).toEqual([]);
  expect(must(await restoresElsewhere(there.context))).toEqual([]);
});

test('what is unsent on another device stays, and is in its history where the restore has written the same field later', async () => {
  const { here, there, notes, restoreHere } = await openWorld();
  const [one, two] = notes;
  await there.save(one, { text: 'Unsent words.' });
  await there.save(two, { title: 'Unsent title' });
  await restoreHere();
  for (const device of [there, here, there]) await device.sync();
  for (const device of [here, there]) {
    expect(await device.fields(one)).toMatchObject({ title: `First ${one}`, text: 'Unsent words.' });
    expect(await device.fields(two)).toMatchObject({ title: `First ${two}` });
  }
  const { rows } = must(await there.context.kv.read({ rows: { list: 'history', limit: 100 } }));
  expect(rows.map(({ fields }) => fields.title)).toContain('Unsent title');
});
