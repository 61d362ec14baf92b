/** The pictures and files of an export: every reference in it leads to a file of the archive, or to a line that says why not. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createNamedFiles, type FetchedFile, type FileSource, fromPath, MISSING_PATH, writeFiles } from '#backup/export-blobs.ts';
import { blobReference } from '#core/blobs.ts';
import type { Fields } from '#core/entity.ts';
import { mintId } from '#core/ids.ts';
import { err, ok } from '#core/result.ts';
import { ledger } from '#entities/index.ts';
import { systemClock, systemRandom } from '#platform/system.ts';
import { createStore } from '#store/create-store.ts';
import { makeArchive } from '#support/archive.ts';
import { hashOf, someBytes } from '#support/blob-bytes.ts';
import { openBlobWorld } from '#support/blob-world.ts';
import { must } from '#support/memory-workspace.ts';
import { PIXEL, PIXEL_URL } from '#support/shapes/pictures.ts';

const offline = async (): Promise<FetchedFile> => ({ here: false, reason: 'no network', offline: true });

function openWorld() {
  const { blobs, kv } = openBlobWorld();
  const mint = (): string => mintId(Date.now(), systemRandom);
  const store = createStore({
    kv,
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
  const put = async (seed: number, size = 100_000) => must(await blobs.put(someBytes(size, seed), { type: 'image/png' })).hash;
  const files: FileSource = { read: (hash) => blobs.read(hash), fetch: offline };
  const source = { list: store.list, count: store.count, files };
  return { blobs, save, put, source };
}

/** The path that an address in a file of the archive leads to. */
const resolved = (path: string, address: string): string =>
  decodeURI(new URL(address, `http://archive/${path}`).pathname).slice(1);

test('every reference in every document leads to its bytes in the archive, whichever folder it is in', async () => {
  const { save, put, source } = openWorld();
  const [live, binned, spoken] = [await put(1), await put(2), await put(3, 10)];
  const png = blobReference(live, 'png');
  await save('note', { title: 'Leaves', text: `![Leaf](${png}) [same](${blobReference(live, '')}) again ![](${png})` });
  await save('note', { title: 'Old', text: `[Slides](${blobReference(binned, 'pdf')})`, binnedAt: 1 });
  const chatId = await save('chat', { title: 'Talk' });
  await save('message', { chatId, role: 'user', text: `What is ![this](${blobReference(spoken, 'webp')})?`, createdAt: 1 });
  const { files, texts, written } = await makeArchive(source);
  expect(written).toEqual({ files: 4, missing: 0 });
  expect(texts.has(MISSING_PATH)).toBe(false);
  let followed = 0;
  for (const [path, text] of texts) {
    if (!path.endsWith('.md')) continue;
    for (const [, address = ''] of text.matchAll(/\]\(([^)]*)\)/g)) {
      const bytes = files.get(resolved(path, address));
      expect(bytes && hashOf(bytes), `${path}: ${address}`).toBe(/[0-9a-f]{64}/.exec(address)?.[0]);
      followed += 1;
    }
  }
  expect(followed).toBe(5);
  // As they are stored, addresses lead from the top of the archive.
  expect(texts.get('data/note.json')).toContain(`(${png})`);
  expect(texts.get('README.txt')).toContain('files/');
});

test('a picture that an earlier version kept inside its message is a file of the archive, and its document leads there', async () => {
  const { save, source } = openWorld();
  const chatId = await save('chat', { title: 'Old talk' });
  const fields = { chatId, follows: null, createdAt: 1 };
  await save('message', { ...fields, role: 'user', text: 'Look', attachments: [{ name: 'leaf.png', data: PIXEL_URL }] });
  await save('message', { ...fields, role: 'assistant', text: `As ![text](${PIXEL_URL})`, images: [PIXEL_URL] });
  const { files, texts, written } = await makeArchive(source);
  expect(written).toEqual({ files: 1, missing: 0 });
  const pixel = Buffer.from(PIXEL, 'base64');
  const [path, text] = [...texts].find(([name]) => name.endsWith('Old talk.md')) ?? ['', ''];
  const addresses = Array.from(text.matchAll(/!\[([^\]]*)\]\(([^)]*)\)/g), ([, words, address]) => [words, address] as const);
  expect(addresses.map(([words]) => words).sort()).toEqual(['Generated image', 'leaf.png', 'text']);
  for (const [, address = ''] of addresses) expect(Buffer.from(files.get(resolved(path, address)) ?? [])).toEqual(pixel);
  // What is stored is as it was.
  expect(texts.get('data/message.json')).toContain(PIXEL_URL);
});

test('what is not here is fetched; what is nowhere is listed with the document that names it, and all else is whole', async () => {
  const { save, put, source, blobs } = openWorld();
  const here = await put(1);
  const away = someBytes(70_000, 2);
  const lost = 'e'.repeat(64);
  await save('note', { title: 'Three', text: `files/${here}.png files/${hashOf(away)}.jpg files/${lost}.pdf` });
  const asked: string[] = [];
  const fetch = async (hash: string): Promise<FetchedFile> => {
    asked.push(hash);
    if (hash === lost) return { here: false, reason: 'the server does not have it', offline: false };
    must(await blobs.put(away, { type: 'image/jpeg', sent: true }));
    return { here: true };
  };
  const { files, texts, written, progress } = await makeArchive({ ...source, files: { ...source.files, fetch } });
  expect(asked.toSorted()).toEqual([hashOf(away), lost].toSorted());
  expect(written).toEqual({ files: 2, missing: 1 });
  expect(hashOf(files.get(`files/${hashOf(away)}.jpg`) as Uint8Array)).toBe(hashOf(away));
  expect(files.has(`files/${lost}.pdf`)).toBe(false);
  expect(texts.get(MISSING_PATH)).toContain(`files/${lost}.pdf\n  named in notes/Three.md: the server does not have it`);
  expect(progress.at(-1)).toEqual({ phase: 'files', done: 3, total: 3 });
});

test('without files, none is in it and none is said to be missing', async () => {
  const { save, put, source } = openWorld();
  await save('note', { title: 'One', text: `files/${await put(1)}.png` });
  const { files, texts } = await makeArchive({ ...source, files: null });
  expect([...files.keys()].filter((path) => path.startsWith('files/'))).toEqual([]);
  expect(texts.get('README.txt')).not.toContain('files/');
});

describe('without a network', () => {
  const named = (count: number) => {
    const names = createNamedFiles();
    for (let at = 0; at < count; at++) names.note('notes/a.md', `files/${at.toString(16).padStart(64, '0')}.png`);
    return names;
  };
  const writeAll = async (count: number, fetch: FileSource['fetch'], read: FileSource['read'] = async () => ok(null)) =>
    writeFiles({ named: named(count), read, fetch, write: async () => {}, step: () => {} });

  test('the server is not asked for each of a thousand files', async () => {
    let asked = 0;
    const { files, missing } = await writeAll(1000, async () => {
      asked += 1;
      return offline();
    });
    expect({ asked, files, missing: missing?.files }).toEqual({ asked: 2, files: 0, missing: 1000 });
  });

  test('one file that the server does not have stops no other', async () => {
    let asked = 0;
    const { missing } = await writeAll(10, async () => {
      asked += 1;
      return asked % 2 === 0 ? { here: false, reason: 'gone', offline: false } : offline();
    });
    expect([asked, missing?.files]).toEqual([10, 10]);
  });

  test('one that cannot be read is listed', async () => {
    const { missing } = await writeAll(1, offline, async () => err({ type: 'StorageFailed', reason: 'disk' }));
    expect(missing?.text).toContain('could not be read');
  });

  test('a stop between two files ends it', async () => {
    const stop = (done: number): void => {
      if (done === 3) throw new DOMException('stopped', 'AbortError');
    };
    const written: string[] = [];
    const work = writeFiles({
      named: named(10),
      read: async () => ok(new Blob(['x'])),
      fetch: offline,
      write: async (path) => void written.push(path),
      step: stop,
    });
    await expect(work).rejects.toThrow('stopped');
    expect(written).toHaveLength(3);
  });
});

test('a text keeps everything but its addresses, and those once', () => {
  const reference = `files/${'a'.repeat(64)}.png`;
  void fc.assert(
    fc.property(fc.array(fc.constantFrom(reference, ` ${reference}`, `../${reference}`, 'files/', 'x', '\n', '(')), (parts) => {
      const text = parts.join('');
      const moved = fromPath('bin/notes/Old.md', text);
      expect(moved.replaceAll(`../../${reference}`, reference).replaceAll('../', '')).toBe(text.replaceAll('../', ''));
      expect(fromPath('README.txt', text)).toBe(text);
    }),
  );
});
