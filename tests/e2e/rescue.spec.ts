/** The rescue page: the way to one's work when the app itself does not start. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { expect, type Page } from '@playwright/test';
import {
  downloadedText,
  expectOpenNote,
  openApp,
  openNote,
  readAccountKeys,
  typeAtEnd,
  waitForServiceWorker,
  writeNote,
} from '#support/app-page.ts';
import { addFile } from '#support/device-files.ts';
import { test } from '#support/test.ts';
import { copyNoteAs } from '#support/workspace-database.ts';

/** The words of the second copy in the file system. */
const readCopy = (page: Page): Promise<string> =>
  page.evaluate(async () => {
    let words = '';
    const root = await (await navigator.storage.getDirectory()).getDirectoryHandle('holdfast-copy');
    for await (const folder of root.values() as AsyncIterable<FileSystemDirectoryHandle>)
      for await (const file of folder.values() as AsyncIterable<FileSystemFileHandle>) {
        // One that is written to in this moment cannot be read: it is looked at again.
        const read = file.getFile().then((found) => found.text());
        words += await read.catch(() => '');
      }
    return words;
  });

const note = { title: 'In the vault', text: 'Nothing of this may be lost.' };

const deleteDatabases = (page: Page): Promise<void> =>
  page.evaluate(async () => {
    const names = (await indexedDB.databases()).map(({ name = '' }) => name);
    // The connections to the flags never let go.
    for (const name of names.filter((one) => /^holdfast-(registry|ws|journal)/.test(one)))
      await new Promise((resolve) => {
        indexedDB.deleteDatabase(name).onsuccess = resolve;
      });
  });

const downloadAll = (page: Page): Promise<string> =>
  downloadedText(page, () => page.getByRole('button', { name: 'Download everything' }).click());

test('without server and app, everything in this browser can be downloaded; a broken app is replaced, and the work is still there', async ({
  server,
  openBrowser,
}) => {
  const { context } = await openBrowser();
  const page = await openApp(context);
  await waitForServiceWorker(page);
  await writeNote(page, note);
  const { accountKey } = await readAccountKeys(page);
  await server.kill('SIGKILL');
  await typeAtEnd(page, ' Nor this last word.');
  await copyNoteAs(page, 'flashcard');
  await page.goto('/rescue.html');
  await expect(page.getByRole('row', { name: 'note 1 0', exact: true })).toBeVisible();
  await expect(page.getByRole('row', { name: 'layout 1 0', exact: true })).toBeVisible();
  await expect(page.getByRole('row', { name: 'flashcard 0 1', exact: true })).toBeVisible();
  const text = await downloadAll(page);
  expect(JSON.parse(text)).toBeTruthy();
  expect(text).toContain(note.text);
  expect(text).toContain('Nor this last word.');
  expect(text).not.toContain(accountKey);
  await page.getByRole('checkbox', { name: 'Put the keys of my account into the file, too' }).check();
  expect(await downloadAll(page)).toContain(accountKey);

  await server.restart();
  await page.getByRole('button', { name: 'Remove the kept app and load it again' }).click();
  await openNote(page, note.title);
  await expectOpenNote(page, { ...note, text: `${note.text} Nor this last word.` });
});

test('with the databases gone, the page shows what the second copy holds, and puts it into the file', async ({
  server,
  openBrowser,
}) => {
  const { context } = await openBrowser();
  const page = await openApp(context);
  await waitForServiceWorker(page);
  await writeNote(page, note);
  await server.kill('SIGKILL');
  await typeAtEnd(page, ' Nor this last word.');
  await expect.poll(() => readCopy(page)).toContain('Nor this last word.');
  const { accountKey } = await readAccountKeys(page);
  await page.goto('/rescue.html');
  await deleteDatabases(page);
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Second copy: what the server had not taken yet' })).toBeVisible();
  await expect(page.getByRole('row', { name: 'note 1', exact: true })).toBeVisible();
  const text = await downloadAll(page);
  expect(JSON.parse(text)).toBeTruthy();
  expect(text).toContain('Nor this last word.');
  expect(text).not.toContain(accountKey);
  await page.getByRole('checkbox', { name: 'Put the keys of my account into the file, too' }).check();
  expect(await downloadAll(page)).toContain(accountKey);
});

/** The files of a tar archive, by their names. */
function untar(archive: Buffer): ReadonlyMap<string, Buffer> {
  const files = new Map<string, Buffer>();
  for (let at = 0; archive[at] !== undefined && archive[at] !== 0; ) {
    const field = (from: number, to: number): string => archive.toString('latin1', at + from, at + to).split('\0')[0] as string;
    const size = Number.parseInt(field(124, 136), 8);
    files.set(field(0, 100), archive.subarray(at + 512, at + 512 + size));
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return files;
}

async function downloadedBytes(page: Page, button: string): Promise<Buffer> {
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: button }).click();
  return readFile(await (await downloading).path());
}

const hashOf = (bytes: Buffer | undefined): string =>
  createHash('sha256')
    .update(bytes ?? '')
    .digest('hex');

test('pictures and files can be downloaded together and one by one, without the app, and those of the file system without the databases', async ({
  openBrowser,
}) => {
  const { context } = await openBrowser();
  const page = await openApp(context);
  await writeNote(page, note);
  const large = await addFile(page, { bytes: 3_000_001 });
  const small = await addFile(page, { bytes: 700, seed: 9, type: 'application/pdf' });
  await page.goto('/rescue.html');
  await expect(page.getByText('2 files, 3 MB.')).toBeVisible();
  const files = untar(await downloadedBytes(page, 'Download all files'));
  expect([...files.keys()].toSorted()).toEqual([`files/${large}.png`, `files/${small}.pdf`].toSorted());
  expect(hashOf(files.get(`files/${large}.png`))).toBe(large);
  expect(hashOf(files.get(`files/${small}.pdf`))).toBe(small);
  await page.getByText('One by one').click();
  expect(hashOf(await downloadedBytes(page, `Download files/${small}.pdf`))).toBe(small);
  // The words are in the JSON file, the bytes are not.
  const words = await downloadAll(page);
  expect(words).toContain(note.text);
  expect(words).toContain(large);
  expect(JSON.parse(words).databases.flatMap(({ stores }: { readonly stores: object }) => Object.keys(stores))).not.toContain(
    'blob-bytes',
  );

  await deleteDatabases(page);
  await page.reload();
  await expect(page.getByText('1 file, 3 MB.')).toBeVisible();
  const left = untar(await downloadedBytes(page, 'Download all files'));
  expect([...left].map(([name, bytes]) => [name, hashOf(bytes)])).toEqual([[`files/${large}.bin`, large]]);
});
