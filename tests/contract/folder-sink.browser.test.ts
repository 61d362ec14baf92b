/** Markdown into a folder of the person: real files of the file system API, in a folder of the origin. */
import { expect, test } from 'vitest';
import { INCOMPLETE, openFolderSink } from '#backup/markdown/folder-sink.ts';
import { systemClock } from '#platform/system.ts';

async function openPicked(): Promise<FileSystemDirectoryHandle> {
  const root = await navigator.storage.getDirectory();
  return root.getDirectoryHandle(`picked-${crypto.randomUUID()}`, { create: true });
}

async function textsIn(folder: FileSystemDirectoryHandle, path = ''): Promise<Readonly<Record<string, string>>> {
  const texts: Record<string, string> = {};
  for await (const one of folder.values()) {
    if (one.kind === 'directory') Object.assign(texts, await textsIn(one, `${path}${one.name}/`));
    else texts[`${path}${one.name}`] = await (await one.getFile()).text();
  }
  return texts;
}

test('each export is a folder of its own, which says that it is not finished until it is', async () => {
  const picked = await openPicked();
  await (await picked.getFileHandle('mine.md', { create: true })).createWritable().then((file) => file.close());
  const sink = await openFolderSink(picked, 'holdfast-1', systemClock);
  expect(sink.name).toBe('holdfast-1');
  await sink.add('Biology/Leaves green.md', new Blob(['# Leaves']), 0);
  await sink.add('files/a.png', new Blob(['picture']), 0);
  expect(Object.keys(await textsIn(picked))).toContain(`holdfast-1/${INCOMPLETE}`);
  await sink.finish();
  const whole = { 'mine.md': '', 'holdfast-1/Biology/Leaves green.md': '# Leaves', 'holdfast-1/files/a.png': 'picture' };
  expect(await textsIn(picked)).toEqual(whole);

  // The next one writes over nothing, and leaves nothing where it is given up.
  const next = await openFolderSink(picked, 'holdfast-1', systemClock);
  expect(next.name).toBe('holdfast-1 2');
  await next.add('Leaves.md', new Blob(['# Other']), 0);
  await next.discard();
  expect(await textsIn(picked)).toEqual(whole);
});

test('a folder that is gone is said to be', async () => {
  const picked = await openPicked();
  await (await navigator.storage.getDirectory()).removeEntry(picked.name, { recursive: true });
  await expect(openFolderSink(picked, 'holdfast-1', systemClock)).rejects.toMatchObject({ error: { type: 'PlaceGone' } });
});
