/** What a save remembers of the one before it. */
import { expect, test } from 'vitest';
import type { Kv } from '#core/ports.ts';
import { createStore } from '#store/create-store.ts';
import type { WorkspaceTables } from '#store/schema/schema.ts';
import { mint, must, openMemoryWorkspace } from '#support/memory-workspace.ts';

test('a piece of an answer that streams in takes one transaction, although its patch does not name the chat', async () => {
  const { context } = await openMemoryWorkspace();
  let tries = 0;
  const kv: Kv<WorkspaceTables> = {
    ...context.kv,
    transact(...args) {
      tries += 1;
      return context.kv.transact(...args);
    },
  };
  const store = createStore({ ...context, kv });
  const [chatId, id] = [mint(), mint()];
  must(await store.save({ kind: 'chat', id: chatId, patch: { title: 'Plan' }, base: {}, baseSeq: 0, saveId: mint() }));
  const first = { kind: 'message', id, patch: { chatId, text: 'one' }, base: {}, baseSeq: 0, saveId: mint() };
  const { entity } = must(await store.save(first));
  tries = 0;
  const piece = { patch: { text: 'one two' }, base: { text: 'one' }, baseSeq: entity.localSeq, saveId: mint() };
  must(await store.save({ kind: 'message', id, ...piece }));
  expect(tries).toBe(1);
});
