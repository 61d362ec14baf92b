/** The rescue page: the way to one's work when the app itself does not start. */
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
  await page.evaluate(async () => {
    const names = (await indexedDB.databases()).map(({ name = '' }) => name);
    // The connections to the flags never let go.
    for (const name of names.filter((one) => /^holdfast-(registry|ws|journal)/.test(one)))
      await new Promise((resolve) => {
        indexedDB.deleteDatabase(name).onsuccess = resolve;
      });
  });
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
