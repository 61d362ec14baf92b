/** One visit is enough: from then on the app starts, writes and reads without network and without server. */
import { expect } from '@playwright/test';
import { enterAsDevice } from '#support/api-client.ts';
import {
  expectOpen,
  expectOpenNote,
  expectSaveState,
  expectSyncedSince,
  expectSyncState,
  newNoteButton,
  noteInList,
  openApp,
  readAccountKeys,
  readRecoveryCode,
  statusBar,
  titleField,
  waitForServiceWorker,
  writeNote,
} from '#support/app-page.ts';
import { test } from '#support/test.ts';

const note = { title: 'Photosynthesis', text: '# Light reactions\n\nWater in, oxygen out. 🌱' };

test('after one visit, with the server dead, a first note is written and read again after the browser was killed', async ({
  server,
  openBrowser,
}) => {
  const visit = await openBrowser();
  const first = await openApp(visit.context);
  await waitForServiceWorker(first);
  await visit.context.close();
  await server.kill('SIGKILL');

  const writing = await openBrowser();
  const page = await openApp(writing.context);
  await writeNote(page, note);
  await expectSyncState(page, 'waiting', 'The server cannot be reached');
  await writing.kill();

  const reading = await openBrowser();
  const again = await openApp(reading.context);
  // It opens where the person left off.
  await expectOpenNote(again, note);
  await expectSyncState(again, 'waiting', 'The server cannot be reached');

  await server.restart();
  await expectSyncState(again, 'synced', 'Synced');
  const client = await enterAsDevice(server.url, await readAccountKeys(again));
  const { notes } = await client.readState();
  expect(notes.map(({ fields }) => ({ title: fields.title, text: fields.text }))).toEqual([note]);
});

test('what is clicked before the workspace is open is done as soon as it is', async ({ openBrowser }) => {
  const { context } = await openBrowser();
  const page = await context.newPage();
  const released = Promise.withResolvers<void>();
  await page.route('**/store.worker-*.js', async (route) => {
    await released.promise;
    await route.continue();
  });
  await page.goto('/');
  await newNoteButton(page).click();
  await expect(page.getByLabel('Loading')).toBeVisible();
  await expect(statusBar(page)).toBeHidden();
  released.resolve();
  await expect(titleField(page)).toBeFocused();
  await titleField(page).fill(note.title);
  await expectSaveState(page, 'saved');
});

test('where the storage worker does not start, the page says so instead of waiting, and shows the way to the work', async ({
  openBrowser,
}) => {
  const { context } = await openBrowser();
  const page = await context.newPage();
  await page.route('**/store.worker-*.js', (route) => route.abort());
  await page.goto('/');
  await expect(page.getByRole('heading', { name: 'Your workspace did not open' })).toBeVisible();
  await expect(page.getByRole('alert').filter({ hasText: 'The storage worker stopped' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Open the rescue page' })).toBeVisible();
  await page.unroute('**/store.worker-*.js');
  await page.getByRole('link', { name: 'Try again' }).click();
  await expectOpen(page);
});

test('every part of the app opens offline, lazy ones too, and an unknown address leads into the app', async ({
  server,
  openBrowser,
}) => {
  const { context } = await openBrowser();
  const page = await openApp(context);
  await waitForServiceWorker(page);
  await server.kill('SIGKILL');
  await context.setOffline(true);

  await page.goto('/settings/account');
  await expect(page.getByRole('button', { name: 'Show recovery code' })).toBeVisible();
  await writeNote(page, note);
  await page.getByRole('switch', { name: 'Preview' }).click();
  await expect(page.getByRole('heading', { name: 'Light reactions' })).toBeVisible();
  await page.goto('/no/such/place');
  await expect(page.getByText('There is nothing at this address')).toBeVisible();
  await expect(newNoteButton(page)).toBeVisible();
});

test('who has work elsewhere enters from the first screen, and is asked nothing about the work here, of which there is none', async ({
  openBrowser,
}) => {
  const first = await openApp((await openBrowser()).context);
  await writeNote(first, { title: 'Photosynthesis', text: 'Water in, oxygen out.' });
  await expectSyncedSince(first, Date.now() - 1000);
  const code = await readRecoveryCode(first);

  const second = await openApp((await openBrowser('second')).context);
  await second.getByRole('link', { name: /I already have work/ }).click();
  await expect(second.getByRole('heading', { name: 'I already have work' })).toBeVisible();
  await expect(second.getByRole('radio')).toHaveCount(0);
  await second.getByRole('textbox', { name: 'Recovery code' }).fill(code);
  await second.getByRole('button', { name: 'Open with the code' }).click();
  await expect(noteInList(second, 'Photosynthesis')).toBeVisible();
});
