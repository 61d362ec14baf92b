/** A chat and its messages across a restore and its undo: no message is where nobody finds it, and no chat comes back unasked (invariant 34). */
import { afterEach, expect, test } from 'vitest';
import type { BackupRecord } from '#backup/format/record.ts';
import { applyRestore } from '#store/restore/apply-restore.ts';
import { undoBatch } from '#store/restore/undo-restore.ts';
import { mint, must } from '#support/memory-workspace.ts';
import { backUp, decided, itemsFor, restore, stateOf, undo } from '#support/restore-world.ts';
import { closeServers, openDevice, openServer, saveAny } from '#support/restored-world.ts';

afterEach(closeServers);

/** A chat with a message, and a backup of both. */
async function openChat() {
  const here = await openDevice(await openServer());
  const [chat, message] = [mint(), mint()];
  await saveAny(here, 'chat', chat, { title: 'Cells' });
  await saveAny(here, 'message', message, { chatId: chat, text: 'What is a cell?', role: 'user', createdAt: 1 });
  const lifecycle = async (kind: string, id: string) => must(await here.store.get(kind, id))?.lifecycle;
  return { here, chat, message, records: await backUp(here), lifecycle };
}

const onlyMessages = (records: readonly BackupRecord[]) => records.filter(({ kind }) => kind === 'message');

test('a chat that was deleted stays deleted when a backup of later is restored, which has its messages still', async () => {
  const { here, chat, lifecycle } = await openChat();
  must(await here.store.purge('chat', [chat]));
  await restore(here, await backUp(here));
  expect(await lifecycle('chat', chat)).toBe('purged');
});

test('a chat that came back for the sake of its message goes again when that is taken back', async () => {
  const { here, chat, message, records, lifecycle } = await openChat();
  must(await here.store.purge('chat', [chat]));
  must(await here.store.purge('message', [message]));
  const before = await stateOf(here);
  const id = await restore(here, onlyMessages(records));
  expect(await here.store.get('chat', chat)).toMatchObject({ value: { lifecycle: 'live', fields: { title: 'Cells' } } });
  await undo(here, id);
  expect(await lifecycle('chat', chat)).toBe('purged');
  expect(await stateOf(here)).toEqual(before);
});

test('a batch that comes too late, when the restore was taken back, brings no chat back', async () => {
  const { here, chat, message, records, lifecycle } = await openChat();
  must(await here.store.purge('chat', [chat]));
  must(await here.store.purge('message', [message]));
  const id = await restore(here, onlyMessages(records));
  await undo(here, id);
  must(await applyRestore(here.context, { id, ...decided }, 0, itemsFor(here.context, onlyMessages(records), 'merge')));
  expect(await lifecycle('chat', chat)).toBe('purged');
});

test('a message that was written in a restored chat since keeps the chat when the restore is taken back', async () => {
  const { here, chat, message, records, lifecycle } = await openChat();
  must(await here.store.purge('chat', [chat]));
  must(await here.store.purge('message', [message]));
  const id = await restore(here, records);
  const later = mint();
  await saveAny(here, 'message', later, { chatId: chat, text: 'And what is a nucleus?', role: 'user', createdAt: 2 });
  expect(await undo(here, id)).toMatchObject({ keptEdited: 1 });
  expect([await lifecycle('chat', chat), await lifecycle('message', later), await lifecycle('message', message)]).toEqual([
    'live',
    'live',
    'purged',
  ]);
});

test.each([10, 1])(
  'a message that an undo sets back keeps no chat that the restore has brought, with batches of %d',
  async (size) => {
    const { here, chat, message, records, lifecycle } = await openChat();
    await saveAny(here, 'message', message, { text: 'What is a nucleus?' });
    must(await here.store.purge('chat', [chat]));
    const before = await stateOf(here);
    const id = await restore(here, records, 'overwrite', size);
    expect(await lifecycle('chat', chat)).toBe('live');
    expect(await undo(here, id)).toMatchObject({ state: 'undone', keptEdited: 0 });
    expect(await lifecycle('chat', chat)).toBe('purged');
    expect(await stateOf(here)).toEqual(before);
  },
);

test('a chat that was deleted with messages in it goes again when its restore is taken back', async () => {
  const { here, chat, records, lifecycle } = await openChat();
  must(await here.store.purge('chat', [chat]));
  const id = await restore(here, records, 'merge', 10);
  expect(await lifecycle('chat', chat)).toBe('live');
  expect(await undo(here, id)).toMatchObject({ keptEdited: 0 });
  expect(await lifecycle('chat', chat)).toBe('purged');
});

test('a message that another device has edited meanwhile keeps its chat, though the undo had set it back before', async () => {
  const server = await openServer();
  const here = await openDevice(server, { id: server.deviceId });
  const there = await openDevice(server);
  const [chat, message] = [mint(), mint()];
  await saveAny(here, 'chat', chat, { title: 'Cells' });
  await saveAny(here, 'message', message, { chatId: chat, text: 'What is a cell?', role: 'user', createdAt: 1 });
  const records = await backUp(here);
  await saveAny(here, 'message', message, { text: 'What is a nucleus?' });
  must(await here.store.purge('chat', [chat]));
  const id = await restore(here, records, 'overwrite', 1);
  await here.sync();
  await there.sync();
  await saveAny(there, 'message', message, { failure: 'Words of another device.' });
  await there.sync();
  must(await undoBatch(here.context, id));
  await here.sync();
  await undo(here, id);
  await here.sync();
  expect(must(await here.store.get('message', message))?.fields).toMatchObject({ failure: 'Words of another device.' });
  expect(must(await here.store.get('chat', chat))?.lifecycle).toBe('live');
});
