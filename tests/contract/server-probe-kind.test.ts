/** A kind of document that this test alone registers, on two devices of an account that a real server process keeps. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Fields } from '#core/entity.ts';
import { ledger } from '#entities/index.ts';
import { createNodeTransport } from '#support/api-client.ts';
import { flashcard } from '#support/flashcards/flashcard.ts';
import { drainerOf, mint, must, openMemoryWorkspace } from '#support/memory-workspace.ts';
import { type ServerProcess, startServer } from '#support/server-process.ts';

const { kind } = flashcard;
let server: ServerProcess;

beforeAll(async () => {
  if (ledger instanceof Map) ledger.set(kind, flashcard);
  server = await startServer();
});

afterAll(() => server.stop());

/** A device of the account, which a person edits and syncs. */
async function openDevice(account: { readonly accountId: string; readonly accountKey: string }) {
  const workspace = await openMemoryWorkspace(undefined, account);
  const { store } = workspace;
  const drainer = drainerOf(workspace, createNodeTransport(server.url));
  const read = async (id: string) => must(await store.get(kind, id));
  return {
    store,
    read,
    async save(id: string, patch: Fields): Promise<void> {
      const before = await read(id);
      const base = Object.fromEntries(Object.keys(patch).map((name) => [name, before?.fields[name] ?? null]));
      must(await store.save({ kind, id, patch, base, baseSeq: before?.localSeq ?? 0, saveId: mint() }));
    },
    async sync(): Promise<void> {
      expect(must(await drainer.run({ force: true })).error).toBeNull();
    },
  };
}

test('a new kind goes from device to device: made, merged field by field, thrown away, restored, deleted permanently', async () => {
  const account = { accountId: mint(), accountKey: '5a'.repeat(16) };
  const [phone, laptop] = [await openDevice(account), await openDevice(account)];
  const id = mint();
  await phone.save(id, flashcard.sample());
  await phone.sync();
  await laptop.sync();
  expect(await laptop.read(id)).toMatchObject({ lifecycle: 'live', fields: flashcard.sample() });

  await phone.save(id, { back: 'In the stroma of the chloroplast', tags: ['exam', 'biology'] });
  await laptop.save(id, { back: 'Always in the stroma', tags: ['exam', 'hard'], level: 'new' });
  for (const device of [phone, laptop, phone]) await device.sync();
  const merged = await phone.read(id);
  expect(merged?.fields).toMatchObject({ back: 'Always in the stroma of the chloroplast', level: 'new' });
  expect(new Set(merged?.fields['tags'] as readonly string[])).toEqual(new Set(['exam', 'biology', 'hard']));
  expect((await laptop.read(id))?.fields).toEqual(merged?.fields);
  const revisions = must(await laptop.store.history(kind, id));
  expect(revisions.map(({ fields }) => fields['back'])).toContain('Always in the stroma');

  await laptop.save(id, { binnedAt: 1 });
  for (const device of [laptop, phone]) await device.sync();
  expect((await phone.read(id))?.lifecycle).toBe('binned');
  await phone.save(id, { binnedAt: null });
  for (const device of [phone, laptop]) await device.sync();
  expect((await laptop.read(id))?.lifecycle).toBe('live');

  must(await laptop.store.purge(kind, [id]));
  for (const device of [laptop, phone]) await device.sync();
  expect((await phone.read(id))?.lifecycle).toBe('purged');
  expect(must(await phone.store.count(kind, 'live'))).toBe(0);
});
