/** Notes out as a folder of Markdown and in again, and folders of other apps. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { expectSaveState, goTo, openApp, openNote, titleField, writeNote } from '#support/app-page.ts';
import { cancelAt, openWithPassphrase, setPassphrase } from '#support/backups-page.ts';
import { addFile, hashesOfRows } from '#support/device-files.ts';
import { filesInOwnFolder, pickOwnFolder } from '#support/picked-folder.ts';
import { test } from '#support/test.ts';

async function goToImport(page: Page): Promise<void> {
  await goTo(page, 'Backups');
  await page.getByRole('link', { name: 'Import Markdown' }).click();
}

async function restore(page: Page, entries: string): Promise<void> {
  await page.getByRole('button', { name: `Restore ${entries}` }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Restore' }).click();
  await expect(page.getByText(/Restored: /)).toBeVisible({ timeout: 30_000 });
}

async function goToNote(page: Page, title: string): Promise<void> {
  await goTo(page, 'Notes');
  await openNote(page, title);
}

const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

test('a vault of another app becomes notes with its pictures, is the same notes the second time, and is taken back', async ({
  openBrowser,
}, testInfo) => {
  const vault = testInfo.outputPath('My vault');
  const files: { readonly [path: string]: string | Buffer } = {
    'Biology/Photosynthesis.md': '---\ntags: [exam, biology/plants]\n---\nSee [[Calvin cycle]].\n\n![[leaf.png]]\n',
    'Calvin cycle.md': '# Calvin cycle\n\nIn the dark. ![gone](gone.png)',
    'img/leaf.png': PIXEL,
    '.obsidian/app.json': '{}',
  };
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(vault, path)), { recursive: true });
    writeFileSync(join(vault, path), content);
  }
  const page = await openApp((await openBrowser()).context);
  await writeNote(page, { title: 'Mine', text: 'stays' });
  await expectSaveState(page, 'saved');
  await goToImport(page);
  await page.locator('#folder').setInputFiles(vault);
  await expect(page.getByText('gone.png is not in the folder')).toBeVisible();
  await expect(page.getByText('2 notes can be used')).toBeVisible();
  await page.getByRole('link', { name: 'Show what it would change' }).click();
  await restore(page, '2 entries');
  await goToNote(page, 'Photosynthesis');
  await expect(page.getByText('See [[Calvin cycle]].').first()).toBeVisible();

  await goToImport(page);
  await page.locator('#folder').setInputFiles(vault);
  await page.getByRole('link', { name: 'Show what it would change' }).click();
  await expect(page.getByRole('button', { name: 'Nothing to restore' })).toBeVisible();

  await goTo(page, 'Backups');
  await page.getByRole('button', { name: /Undo/ }).first().click();
  await goTo(page, 'Notes');
  await expect(page.getByRole('link', { name: /Photosynthesis/ })).toHaveCount(0);
  await openNote(page, 'Mine');
});

test('notes that leave as Markdown are the same notes in another browser, under their own ids', async ({
  openBrowser,
}, testInfo) => {
  const page = await openApp((await openBrowser('first')).context);
  const picture = await addFile(page, { bytes: 20_000 });
  await writeNote(page, { title: 'Leaves: A/B', text: `![Leaf](files/${picture}.png)` });
  await expectSaveState(page, 'saved');
  const address = new URL(page.url()).pathname;
  await page.goto('/settings/data');
  await page.getByRole('radio', { name: 'Markdown' }).check();
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export everything' }).click();
  const path = testInfo.outputPath('export.markdown.zip');
  writeFileSync(path, await readFile(await (await downloading).path()));

  await goToImport(page);
  await page.locator('#archive').setInputFiles(path);
  await expect(page.getByRole('button', { name: 'Nothing to restore' })).toBeVisible();

  const other = await openApp((await openBrowser('second')).context);
  await writeNote(other, { title: 'Other', text: 'x' });
  await expectSaveState(other, 'saved');
  await other.goto('/backups/file');
  await other.locator('input[type=file]').setInputFiles(path);
  await other.getByRole('button', { name: 'Import it' }).click();
  await restore(other, '1 entry');
  await other.goto(address);
  await expect(titleField(other)).toHaveValue('Leaves: A/B');
  expect(await hashesOfRows(other)).toContain(picture);
});

test('an export into a folder that is canceled leaves nothing in it', async ({ openBrowser }) => {
  const { context } = await openBrowser();
  await pickOwnFolder(context, 'Picked');
  const page = await openApp(context);
  const hashes: string[] = [];
  for (const seed of [1, 2, 3, 4]) hashes.push(await addFile(page, { bytes: 20_000_000, seed }));
  await writeNote(page, { title: 'Large', text: hashes.map((hash) => `files/${hash}.png`).join(' ') });
  await expectSaveState(page, 'saved');
  await page.goto('/settings/data');
  await page.getByRole('radio', { name: 'Markdown' }).check();
  // The document is in the folder by then, and its files are on their way.
  await cancelAt(page.locator('export-card download-form'), 'of 4');
  await page.getByRole('button', { name: 'Write into a folder…' }).click();
  await expect(page.getByText('Stopped. What was written is removed.')).toBeVisible({ timeout: 30_000 });
  expect(await filesInOwnFolder(page, 'Picked')).toEqual([]);
});

test('notes are written into a folder that was picked, and an encrypted export is imported as it is', async ({
  openBrowser,
}, testInfo) => {
  const { context } = await openBrowser('first');
  await pickOwnFolder(context, 'Picked');
  const page = await openApp(context);
  await writeNote(page, { title: 'Leaves', text: 'Green.' });
  await expectSaveState(page, 'saved');
  await page.goto('/settings/data');
  await page.getByRole('radio', { name: 'Markdown' }).check();
  await page.getByRole('button', { name: 'Write into a folder…' }).click();
  await expect(page.getByText(/^Everything is written into holdfast-\S+ in Picked\.$/)).toBeVisible({ timeout: 30_000 });
  const written = await filesInOwnFolder(page, 'Picked');
  expect(written.map((path) => path.replace(/^holdfast-[\d-]+\//, ''))).toEqual(['Leaves.md', 'README.txt']);

  await setPassphrase(page, 'six words');
  await expect(page.getByRole('button', { name: 'Write into a folder…' })).toHaveCount(0);
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export everything' }).click();
  const path = testInfo.outputPath('export.markdown.zip.age');
  writeFileSync(path, await readFile(await (await downloading).path()));

  const other = await openApp((await openBrowser('second')).context);
  await other.goto('/backups/file');
  await other.locator('input[type=file]').setInputFiles(path);
  await openWithPassphrase(other, 'six words');
  await other.getByRole('button', { name: 'Import it' }).click({ timeout: 30_000 });
  await restore(other, '1 entry');
  await goTo(other, 'Notes');
  await openNote(other, 'Leaves');
});
