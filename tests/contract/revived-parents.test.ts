/** A message that another device wrote under a chat which was deleted here brings the chat back, however it comes. */
import { afterEach, expect, test } from 'vitest';
import { mint, must } from '#support/memory-workspace.ts';
import { closeServers, openDevice, openServer, saveAny } from '#support/restored-world.ts';

afterEach(closeServers);

test.each(['in a pull', 'in a reconcile, from a server that was restored'])('%s', async (way) => {
  const server = await openServer();
  const here = await openDevice(server, { id: server.deviceId });
  const there = await openDevice(server);
  const [chat, first, late] = [mint(), mint(), mint()];
  await saveAny(here, 'chat', chat, { title: 'Cells' });
  await saveAny(here, 'message', first, { chatId: chat, text: 'one', role: 'user', createdAt: 1 });
  await here.sync();
  await there.sync();
  must(await here.store.purge('chat', [chat], mint()));
  await here.sync();
  await saveAny(there, 'message', late, { chatId: chat, text: 'late', role: 'user', createdAt: 2 });
  // The other device never comes back, so that nobody else revives the chat.
  await there.syncUnanswered();
  if (way !== 'in a pull') {
    server.copy();
    await server.restore(true);
  }
  await here.sync();
  expect(must(await here.store.get('message', late))?.fields).toMatchObject({ text: 'late' });
  expect(must(await here.store.get('chat', chat))?.lifecycle).toBe('live');
  await here.sync();
  const newcomer = await openDevice(server);
  await newcomer.sync();
  expect(must(await newcomer.store.get('chat', chat))?.lifecycle).toBe('live');
});
