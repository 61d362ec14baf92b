/** A restore writes ordinary changes: they reach every device, are taken back as one, and never cost what was written since. */
import { afterEach, expect, test } from 'vitest';
import type { BackupRecord } from '#backup/format/record.ts';
import { applyRestore } from '#store/restore/apply-restore.ts';
import { forgetRestores } from '#store/restore/restore-rows.ts';
import { mint, must } from '#support/memory-workspace.ts';
import { backUp, decided, itemsFor, restore, stateOf, undo } from '#support/restore-world.ts';
import { closeServers, openDevice, openServer, saveAny } from '#support/restored-world.ts';

afterEach(closeServers);

test('notes that were deleted everywhere come back on every device, with the times that they had, and stay', async () => {
  const server = await openServer();
  const here = await openDevice(server, { id: server.deviceId });
  const there = await openDevice(server);
  const notes = [mint(), mint(), mint()];
  for (const note of notes) await here.save(note, { title: note, tags: ['a'] });
  await here.sync();
  await there.sync();
  const records = await backUp(here);
  const before = must(await here.store.get('note', notes[0] as string));
  must(await here.store.purge('note', notes, mint()));
  await here.sync();
  await there.sync();
  expect(await there.fields(notes[0] as string)).not.toMatchObject({ title: notes[0] });
  await restore(here, records);
  for (const one of [here, there, here, there]) await one.sync();
  for (const one of [here, there])
    for (const note of notes) expect(await one.fields(note)).toMatchObject({ title: note, tags: ['a'] });
  const after = must(await there.store.get('note', notes[0] as string));
  expect(after).toMatchObject({ lifecycle: 'live', updatedAt: before?.updatedAt });
});

test('a device that had deleted a note, too, and comes back later, has it again', async () => {
  const server = await openServer();
  const here = await openDevice(server, { id: server.deviceId });
  const there = await openDevice(server);
  const note = mint();
  await here.save(note, { title: 'Note' });
  await here.sync();
  await there.sync();
  const records = await backUp(here);
  must(await there.store.purge('note', [note], mint()));
  must(await here.store.purge('note', [note], mint()));
  await here.sync();
  await restore(here, records);
  for (const one of [here, there, here]) await one.sync();
  for (const one of [here, there]) expect(await one.fields(note)).toMatchObject({ title: 'Note' });
});

test.each(['here', 'there'])(
  'of one field the restore wins over what was typed before it elsewhere, and removes nothing else: %s is sent first',
  async (first) => {
    const server = await openServer();
    let ahead = 0;
    const here = await openDevice(server, { id: server.deviceId, now: () => Date.now() + ahead });
    const there = await openDevice(server);
    const note = mint();
    await here.save(note, { title: 'First', tags: ['a', 'b'] });
    await here.sync();
    await there.sync();
    const records = await backUp(here);
    await here.save(note, { title: 'Second' });
    await here.sync();
    await there.sync();
    await there.save(note, { title: 'Third', tags: ['b'] });
    // Later than what the other has just written, also in the same millisecond.
    ahead = 1000;
    await restore(here, records, 'overwrite');
    for (const one of [first === 'here' ? here : there, there, here, there]) await one.sync();
    for (const one of [here, there]) expect(await one.fields(note)).toMatchObject({ title: 'First', tags: ['b'] });
  },
);

test('what another device writes while a restore is on its way stays', async () => {
  const server = await openServer();
  const here = await openDevice(server, { id: server.deviceId });
  const there = await openDevice(server);
  const note = mint();
  await here.save(note, { title: 'First', text: 'one' });
  await here.sync();
  await there.sync();
  const records = await backUp(here);
  await here.save(note, { title: 'Second' });
  await here.sync();
  await there.sync();
  await there.save(note, { text: 'one and more' });
  await restore(here, records, 'overwrite');
  for (const one of [there, here, there, here]) await one.sync();
  for (const one of [here, there]) expect(await one.fields(note)).toMatchObject({ title: 'First', text: 'one and more' });
});

test('a second restore changes nothing, and neither does a batch that is repeated', async () => {
  const server = await openServer();
  const here = await openDevice(server, { id: server.deviceId });
  const notes = [mint(), mint(), mint()];
  for (const note of notes) await here.save(note, { title: note });
  const records = await backUp(here);
  await here.save(notes[0] as string, { title: 'Other' });
  must(await here.store.purge('note', [notes[1] as string], mint()));
  await restore(here, records, 'overwrite');
  const state = await stateOf(here);
  const seq = must(await here.store.summary()).localSeq;
  await restore(here, records, 'overwrite');
  expect(await stateOf(here)).toEqual(state);
  expect(must(await here.store.summary()).localSeq).toBe(seq);
  const id = mint();
  const items = itemsFor(here.context, records, 'merge');
  const apply = (from: number, to: number) => applyRestore(here.context, { id, ...decided }, from, items.slice(from, to));
  must(await apply(0, 2));
  must(await apply(2, items.length));
  expect(must(await apply(0, 2))).toMatchObject({ done: items.length });
});

test('an undo gives the state before, also after a sync, and other devices have it, too', async () => {
  const server = await openServer();
  const here = await openDevice(server, { id: server.deviceId });
  const there = await openDevice(server);
  const [kept, gone, added, same] = [mint(), mint(), mint(), mint()];
  for (const note of [kept, gone, added, same]) await here.save(note, { title: 'First', text: 'one\ntwo', tags: ['a'] });
  const records = await backUp(here);
  const fresh = await openDevice(server);
  await fresh.save(kept, { title: 'Never met' });
  await here.save(kept, { title: 'Second', text: 'one\nthree', tags: [], notebook: 'School' });
  must(await here.store.purge('note', [gone], mint()));
  await here.sync();
  await there.sync();
  const before = await stateOf(here);
  // Of one note nothing is known here: the backup came from elsewhere.
  const elsewhere = { ...(records.find(({ id }) => id === added) as BackupRecord), id: mint() };
  const id = await restore(here, [...records, elsewhere], 'overwrite');
  expect(await here.fields(kept)).toMatchObject({ title: 'First', text: 'one\ntwo', tags: ['a'], notebook: 'School' });
  expect(await here.fields(elsewhere.id)).toMatchObject({ title: 'First' });
  await here.sync();
  await there.sync();
  expect(await stateOf(there)).toEqual(await stateOf(here));
  expect(await undo(here, id)).toMatchObject({ keptEdited: 0 });
  expect(await stateOf(here)).toEqual(before);
  await here.sync();
  await there.sync();
  expect(await stateOf(there)).toEqual(before);
});

test('no other device asks about notes that leave because the restore that brought them is taken back', async () => {
  const server = await openServer();
  const here = await openDevice(server, { id: server.deviceId });
  const there = await openDevice(server);
  await here.save(mint(), { title: 'Here before' });
  const [known] = (await backUp(here)).filter(({ kind }) => kind === 'note');
  const records = Array.from({ length: 60 }, (_, at) => ({
    ...(known as BackupRecord),
    id: mint(),
    fields: { title: `Note ${at}` },
  }));
  const id = await restore(here, records, 'merge', 25);
  for (const one of [here, there]) await one.sync();
  expect(must(await there.store.count('note', 'live'))).toBe(61);
  await undo(here, id);
  for (const one of [here, there, here]) await one.sync();
  expect(must(await there.store.heldDeletions())).toEqual([]);
  for (const one of [here, there]) expect(must(await one.store.count('note', 'live'))).toBe(1);
});

test('what a restore has replaced is kept for thirty days', async () => {
  const server = await openServer();
  const time = { ms: Date.now() };
  const here = await openDevice(server, { id: server.deviceId, now: () => time.ms });
  const note = mint();
  await here.save(note, { title: 'First' });
  const records = await backUp(here);
  await here.save(note, { title: 'Second' });
  const id = await restore(here, records, 'overwrite');
  const rows = async (): Promise<number> =>
    must(await here.context.kv.read({ rows: { list: 'meta', lower: 'restore', upper: 'restored/~', limit: 9 } })).rows.length;
  expect(await rows()).toBe(2);
  time.ms += 29 * 24 * 3_600_000;
  expect(must(await forgetRestores(here.context))).toEqual([]);
  time.ms += 2 * 24 * 3_600_000;
  expect(must(await forgetRestores(here.context))).toMatchObject([{ key: `restore/${id}` }]);
  expect(await rows()).toBe(0);
  expect(await here.fields(note)).toMatchObject({ title: 'First' });
});

test('an undo leaves what was edited since the restore', async () => {
  const server = await openServer();
  const here = await openDevice(server, { id: server.deviceId });
  const [note, back] = [mint(), mint()];
  for (const one of [note, back]) await here.save(one, { title: 'First', text: 'one\n\ntwo', tags: ['a'] });
  const records = await backUp(here);
  await here.save(note, { title: 'Second', text: 'changed\n\ntwo' });
  must(await here.store.purge('note', [back], mint()));
  const id = await restore(here, records, 'overwrite');
  await here.save(note, { text: 'one\n\ntwo and more' });
  await here.save(back, { text: 'edited' });
  expect(await undo(here, id)).toMatchObject({ state: 'undone', keptEdited: 2 });
  expect(await here.fields(note)).toMatchObject({ title: 'Second', text: 'changed\n\ntwo and more' });
  expect(await here.fields(back)).toMatchObject({ title: 'First', text: 'edited' });
});

test('a message whose chat was deleted permanently comes back with its chat', async () => {
  const server = await openServer();
  const here = await openDevice(server, { id: server.deviceId });
  const [chat, message] = [mint(), mint()];
  await saveAny(here, 'chat', chat, { title: 'Cells' });
  await saveAny(here, 'message', message, { chatId: chat, text: 'What is a cell?', role: 'user', seq: 1 });
  const records = await backUp(here);
  must(await here.store.purge('chat', [chat], mint()));
  must(await here.store.purge('message', [message], mint()));
  await restore(
    here,
    records.filter(({ kind }) => kind === 'message'),
  );
  expect(must(await here.store.get('chat', chat))).toMatchObject({ lifecycle: 'live', fields: { title: 'Cells' } });
  expect(must(await here.store.get('message', message))).toMatchObject({ lifecycle: 'live' });
});
