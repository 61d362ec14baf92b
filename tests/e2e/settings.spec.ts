/** The settings as a person uses them: at once, everywhere, after a restart; and what becomes of the whole of the work. */
import { readFile } from 'node:fs/promises';
import { expect, type Page } from '@playwright/test';
import { strFromU8, unzipSync } from 'fflate';
import type { BackupRecord } from '#backup/format/record.ts';
import { enterAsDevice } from '#support/api-client.ts';
import {
  expectOpenNote,
  expectSyncedSince,
  expectSyncState,
  goTo,
  newNoteButton,
  noteInList,
  openApp,
  openNote,
  readAccountKeys,
  waitForServiceWorker,
  writeNote,
} from '#support/app-page.ts';
import { test } from '#support/test.ts';

const look = (page: Page): Promise<Record<string, string | undefined>> =>
  page.evaluate(() => ({ ...document.documentElement.dataset }));
const rootSize = (page: Page): Promise<string> => page.evaluate(() => getComputedStyle(document.documentElement).fontSize);
const section = (page: Page, name: string) => page.getByRole('navigation', { name: 'Settings' }).getByRole('link', { name });
const select = (page: Page, name: string) => page.getByRole('combobox', { name });
/** Searches everything by the keys, and closes the search once something is found. */
async function findEverywhere(page: Page, words: string): Promise<void> {
  await page.keyboard.press('Control+Shift+F');
  await page.getByRole('combobox', { name: 'Search everything' }).fill(words);
  await expect(page.getByRole('listbox', { name: 'Search results' }).getByRole('option').first()).toBeVisible();
  await page.keyboard.press('Escape');
}

/** The databases of this browser that have the words in their names. */
const databases = (page: Page, words: string): Promise<readonly string[]> =>
  page.evaluate(
    async (part) => (await indexedDB.databases()).map(({ name = '' }) => name).filter((name) => name.includes(part)),
    words,
  );

const syncSwitch = (page: Page) => page.getByRole('switch', { name: 'Sync this device' });

test('a look is there at once, in every tab, on the server, after a restart before the first paint; one device may differ', async ({
  server,
  openBrowser,
}) => {
  const first = await openBrowser('first');
  const page = await openApp(first.context, '/settings/appearance');
  const other = await openApp(first.context, '/notes');
  await page.getByRole('radio', { name: 'Matrix' }).check();
  await expect.poll(() => look(page)).toMatchObject({ theme: 'matrix' });
  await expect.poll(() => look(other)).toMatchObject({ theme: 'matrix' });
  expect(await page.evaluate(() => getComputedStyle(document.body, '::after').animationName)).toBe('beam');

  await section(page, 'Accessibility').click();
  await select(page, 'Text size').selectOption('Larger');
  await expect.poll(() => rootSize(other)).toBe('20px');
  await page.getByRole('radio', { name: 'Reduced' }).check();
  await expect.poll(() => page.evaluate(() => getComputedStyle(document.body, '::after').content)).toBe('none');
  await page.getByRole('radio', { name: 'More' }).check();
  await select(page, 'Colour filter').selectOption('Greyscale');
  await expect.poll(() => look(other)).toMatchObject({ still: '', contrast: 'more', vision: 'greyscale' });

  // This device alone.
  await page.getByRole('checkbox', { name: 'Only on this device: Text size' }).check();
  await expect(page.getByText('Set for this device alone. Everywhere else: Larger.')).toBeVisible();
  await select(page, 'Text size').selectOption('Largest');
  await expect.poll(() => rootSize(other)).toBe('24px');
  await expectSyncState(page, 'synced', 'Synced');
  const client = await enterAsDevice(server.url, await readAccountKeys(page));
  const { entities } = await client.readState();
  const fieldsOf = (kind: string) => entities.find((entity) => entity.kind === kind)?.fields;
  expect(fieldsOf('settings')).toEqual({
    theme: 'matrix',
    textSize: 1.25,
    motion: 'reduce',
    highContrast: true,
    visionMode: { filter: 'greyscale' },
  });
  expect(fieldsOf('device-settings')).toEqual({ overrides: { textSize: 1.5 } });

  await first.context.close();
  const again = await openBrowser('first');
  await again.context.addInitScript(() => {
    // What the root says when the body begins: nothing has been painted yet.
    const watch = new MutationObserver(() => {
      if (!document.body) return;
      watch.disconnect();
      sessionStorage.setItem('first-look', JSON.stringify(document.documentElement.dataset));
    });
    watch.observe(document, { childList: true, subtree: true });
  });
  const restarted = await openApp(again.context, '/settings/accessibility');
  const atOnce = JSON.parse((await restarted.evaluate(() => sessionStorage.getItem('first-look'))) ?? '{}');
  expect(atOnce).toMatchObject({ theme: 'matrix', text: '1.5', contrast: 'more', vision: 'greyscale', still: '' });
  await expect(select(restarted, 'Text size')).toHaveValue('Largest');
  await restarted.getByRole('button', { name: 'Use the account’s setting: Text size' }).click();
  await expect.poll(() => rootSize(restarted)).toBe('20px');
  await expect(restarted.getByText('Set for this device alone')).toBeHidden();
});

test('with sync off nothing goes out and nothing comes in, not even from a closing tab; on, everything does at once', async ({
  server,
  openBrowser,
}) => {
  test.setTimeout(90_000);
  const { context } = await openBrowser('first');
  const page = await openApp(context);
  await waitForServiceWorker(page);
  await writeNote(page, { title: 'Before', text: 'sent' });
  await expectSyncState(page, 'synced', 'Synced');
  const client = await enterAsDevice(server.url, await readAccountKeys(page));
  const titles = async () => (await client.readState()).notes.map(({ fields }) => fields['title']).sort();
  await expect.poll(titles).toEqual(['Before']);

  await page.goto('/settings/sync');
  await syncSwitch(page).uncheck();
  await expectSyncState(page, 'off', 'Sync is off');
  const requests: string[] = [];
  context.on('request', (request) => {
    if (request.url().includes('/api/')) requests.push(request.url());
  });
  await writeNote(page, { title: 'Kept here', text: 'not sent' });
  await expectSyncState(page, 'off', 'waiting');
  // A tab that closes asks for a drain in its last moment; one that opens asks at its start.
  const closing = await openApp(context, '/notes');
  await writeNote(closing, { title: 'From a closed tab', text: 'not sent either' });
  await closing.close();
  const opened = await openApp(context, '/notes');
  await expectSyncState(opened, 'off', 'waiting');
  await expect(noteInList(opened, 'From a closed tab')).toBeVisible();
  await opened.close();
  await page.reload();
  await expectSyncState(page, 'off', 'Sync is off');
  await page.waitForTimeout(1500);
  expect(await titles()).toEqual(['Before']);
  expect(requests).toEqual([]);

  const since = Date.now();
  await page.goto('/settings/sync');
  await syncSwitch(page).check();
  await expectSyncedSince(page, since);
  expect(await titles()).toEqual(['Before', 'From a closed tab', 'Kept here']);
});

test('a full storage is reported with what to do; the export holds everything; erasing names what is nowhere else, and leaves nothing', async ({
  server,
  openBrowser,
}) => {
  test.setTimeout(90_000);
  const { context } = await openBrowser('first');
  // Chromium's own figure cannot be brought near its limit: that moves with the use.
  await context.addInitScript(() => {
    if (isSecureContext) navigator.storage.estimate = async () => ({ usage: 83, quota: 100 });
  });
  const page = await openApp(context);
  await waitForServiceWorker(page);
  await writeNote(page, { title: 'On the server', text: 'sent' });
  await findEverywhere(page, 'server');
  await expect.poll(() => databases(page, 'holdfast-search-')).toHaveLength(1);
  await page.getByRole('alert').getByRole('link', { name: 'Storage is 83 % full' }).click();
  await expect(page.getByRole('region', { name: 'Storage is 83 % full' })).toContainText('export a copy');
  await page.getByRole('button', { name: 'Remove the search index' }).click();
  await expect(page.getByText('The search index is removed.')).toBeVisible();
  expect(await databases(page, 'holdfast-search-')).toEqual([]);
  await goTo(page, 'Notes');
  await expectSyncState(page, 'synced', 'Synced');
  const keys = await readAccountKeys(page);
  await page.goto('/settings/sync');
  await syncSwitch(page).uncheck();
  await expectSyncState(page, 'off', 'Sync is off');
  await writeNote(page, { title: 'Only here', text: 'line\nby line' });

  await findEverywhere(page, 'by line');
  await expect.poll(() => databases(page, 'holdfast-search-')).toHaveLength(1);
  await page.goto('/settings/data');
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export everything' }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toMatch(/^holdfast-.*\.zip$/);
  const files = unzipSync(await readFile(await download.path()));
  const { records } = JSON.parse(strFromU8(files['backup.json'] as Uint8Array)) as { readonly records: readonly BackupRecord[] };
  const notes = records.filter(({ kind }) => kind === 'note');
  expect(notes.map(({ fields }) => fields['title']).sort()).toEqual(['On the server', 'Only here']);
  expect(notes.some(({ fields }) => fields['text'] === 'line\nby line')).toBe(true);
  await expect(page.getByText('is in your downloads')).toBeVisible();

  const other = await openApp(context, '/notes');
  await openNote(other, 'Only here');
  await page.getByRole('button', { name: 'Erase this device…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Erase everything in this browser?' });
  await expect(dialog.getByRole('listitem')).toHaveText(['Only here']);
  await expect(dialog).toContainText('Nobody could open this account again');
  const erase = dialog.getByRole('button', { name: 'Erase everything' });
  await expect(erase).toBeDisabled();
  await dialog.getByRole('textbox', { name: 'Type “erase” to go on' }).fill('erase');
  await erase.click();
  await page.waitForURL((url) => url.pathname !== '/settings/data');
  await expect(page.getByRole('heading', { name: 'Write. It is kept.' })).toBeVisible();
  await expect(other.getByRole('heading', { name: 'Write. It is kept.' })).toBeVisible();
  expect((await readAccountKeys(page)).accountId).not.toBe(keys.accountId);
  expect(await databases(page, keys.workspaceId)).toEqual([]);

  // The fresh start is whole: it saves, and the same service worker sends for it.
  await newNoteButton(page).click();
  await writeNote(page, { title: 'A new life', text: 'sent' });
  await expectOpenNote(page, { title: 'A new life', text: 'sent' });
  await expectSyncState(page, 'synced', 'Synced');
  const fresh = await enterAsDevice(server.url, await readAccountKeys(page));
  expect((await fresh.readState()).notes.map(({ fields }) => fields['title'])).toEqual(['A new life']);
  const old = await enterAsDevice(server.url, keys);
  expect((await old.readState()).notes.map(({ fields }) => fields['title'])).toEqual(['On the server']);
});
