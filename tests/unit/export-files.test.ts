/** The export of everything: what is in the archive, and what never is. */
import { strFromU8 } from 'fflate';
import { expect, test } from 'vitest';
import { exportZip, type ZipSource } from '#backup/export-zip.ts';
import { createZip } from '#backup/zip-file.ts';
import type { Fields } from '#core/entity.ts';
import { mintId } from '#core/ids.ts';
import { err, type Result } from '#core/result.ts';
import { ledger } from '#entities/index.ts';
import { systemClock, systemRandom } from '#platform/system.ts';
import { createStore } from '#store/create-store.ts';
import { createMemoryKv } from '#store/kv/kv-memory.ts';
import { workspaceSchema } from '#store/schema/schema.ts';
import { createMemorySink, makeArchive, unzip } from '#support/archive.ts';

const mint = (): string => mintId(Date.now(), systemRandom);

function must<T>(result: Result<T, unknown>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

function openWorld() {
  const store = createStore({
    kv: createMemoryKv(workspaceSchema),
    clock: systemClock,
    random: systemRandom,
    ledger,
    workspaceId: mint(),
    deviceId: mint(),
    channel: { post: () => {} },
    policy: () => 'newer',
  });
  const save = async (kind: string, patch: Fields, id = mint()): Promise<string> => {
    must(await store.save({ kind, id, patch, base: {}, baseSeq: 0, saveId: mint() }));
    return id;
  };
  return { store, save };
}

const rowsOf = (files: ReadonlyMap<string, string>, kind: string): readonly { readonly id: string; readonly fields: Fields }[] =>
  JSON.parse(files.get(`data/${kind}.json`) ?? 'null');

test('every entity of every kind that may leave the device is in it, whole; secrets are not', async () => {
  const { store, save } = openWorld();
  const ids = new Map<string, string>();
  for (const { kind, sample } of ledger.values()) ids.set(kind, await save(kind, sample()));
  const { texts: files, progress } = await makeArchive(store);
  const done = progress.map((at) => at.done);
  expect(progress.at(-1)).toEqual({ phase: 'documents', done: done.at(-1), total: done.at(-1) });
  expect(done).toEqual([...done].sort((a, b) => a - b));
  for (const { kind, scope, sample } of ledger.values()) {
    if (scope === 'private') expect(files.has(`data/${kind}.json`), kind).toBe(false);
    else expect(rowsOf(files, kind), kind).toMatchObject([{ id: ids.get(kind), kind, place: 'live', fields: sample() }]);
  }
  const secret = ledger.get('secret')?.sample()['box'] as string;
  expect([...files.values()].some((text) => text.includes(secret))).toBe(false);
});

test('notes and chats are documents, under names that every system takes, once each', async () => {
  const { store, save } = openWorld();
  for (const text of ['one', 'two', 'three']) await save('note', { title: 'Plan: A/B', text });
  await save('note', { title: 'PLAN  A b', text: 'four' });
  await save('note', { title: 'Old', text: 'gone', binnedAt: 1 });
  await save('note', { text: 'Ä 🌱 日本' });
  const chatId = await save('chat', { title: 'Talk' });
  await save('message', { chatId, role: 'user', text: 'Why?', createdAt: 1 });
  await save('message', { chatId, role: 'assistant', text: 'Because.', createdAt: 2 });
  const { texts: files } = await makeArchive(store);
  const documents = [...files.keys()].filter((path) => path.endsWith('.md'));
  expect(new Set(documents.map((path) => path.toLowerCase())).size).toBe(documents.length);
  expect(documents.filter((path) => path.startsWith('notes/Plan A B'))).toHaveLength(3);
  const texts = documents.map((path) => files.get(path) ?? '');
  for (const word of ['one', 'two', 'three', 'four', 'Ä 🌱 日本'])
    expect(
      texts.some((text) => text.includes(word)),
      word,
    ).toBe(true);
  expect(files.get('bin/notes/Old.md')).toBe('# Old\n\ngone');
  expect(files.get('chats/Talk.md')).toMatch(/^# Talk[\s\S]*Why\?[\s\S]*Because\./);
});

test('more than one page of a kind is whole and one list', async () => {
  const { store, save } = openWorld();
  for (let number = 0; number < 450; number++)
    await save('note', { title: `Note ${number}`, text: `text ${number}\n`.repeat(40) });
  const { texts: files } = await makeArchive(store);
  expect(new Set(rowsOf(files, 'note').map(({ fields }) => fields['title'])).size).toBe(450);
  expect([...files.keys()].filter((path) => path.startsWith('notes/'))).toHaveLength(450);
  expect(rowsOf(files, 'chat')).toEqual([]);
});

test('a read that fails is reported, and a stop ends it', async () => {
  const { store, save } = openWorld();
  await save('note', { title: 'One' });
  const end = (list: ZipSource['list'], signal: AbortSignal) =>
    exportZip({ count: store.count, list, files: null }, createMemorySink().sink, signal, () => {});
  const broken = async () => err({ type: 'ConnectionLost', reason: 'gone' } as const);
  expect(await end(broken, new AbortController().signal)).toEqual(err({ type: 'ConnectionLost', reason: 'gone' }));
  const stopping = new AbortController();
  stopping.abort();
  await expect(end(store.list, stopping.signal)).rejects.toThrow(/abort/i);
});

test('a file in many pieces is whole, and one that the device has no room for ends the export', async () => {
  const { sink, bytes } = createMemorySink();
  const zip = createZip(sink);
  const pieces = Array.from({ length: 100 }, () =>
    Buffer.from(crypto.getRandomValues(new Uint8Array(65_000))).toString('base64'),
  );
  for (const [index, text] of pieces.entries()) await zip.text({ path: 'big', text, last: index === 99 });
  await zip.finish();
  expect(strFromU8(unzip(await bytes()).get('big') ?? new Uint8Array()) === pieces.join('')).toBe(true);

  let room = 200_000;
  const full = createZip(
    new WritableStream({
      write(piece) {
        room -= piece.length;
        if (room < 0) throw new DOMException('no room', 'QuotaExceededError');
      },
    }),
  );
  const fill = async (): Promise<void> => {
    for (const text of pieces) await full.text({ path: 'big', text, last: false });
  };
  await expect(fill()).rejects.toThrow('no room');
});
