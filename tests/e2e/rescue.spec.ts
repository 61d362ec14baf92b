/** The rescue page: the way to one's work when the app itself does not start. */
import { readFile } from 'node:fs/promises';
import { expect, type Page } from '@playwright/test';
import {
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

const note = { title: 'In the vault', text: 'Nothing of this may be lost.' };

async function downloadAll(page: Page): Promise<string> {
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download everything' }).click();
  return readFile(await (await download).path(), 'utf8');
}

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
  await page.getByRole('button', { name: 'Remove the kept app and load it anew' }).click();
  await openNote(page, note.title);
  await expectOpenNote(page, { ...note, text: `${note.text} Nor this last word.` });
});
