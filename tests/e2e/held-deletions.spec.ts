/** Another device deletes very much: this one asks, keeps asking, and does what is answered. */
import { expect, type Page } from '@playwright/test';
import { enterAsDevice } from '#support/api-client.ts';
import { expectSyncedSince, expectSyncState, openApp, readAccountKeys, statusBar, writeNote } from '#support/app-page.ts';
import { expectNoViolation } from '#support/no-violation.ts';
import { events, openStatus } from '#support/status-page.ts';
import { test } from '#support/test.ts';

test.describe.configure({ timeout: 120_000 });

const ARRIVAL_MS = 25_000;
const TITLES = Array.from({ length: 60 }, (_, n) => `Lecture ${String(n + 1).padStart(2, '0')}`);

const dialog = (page: Page) => page.getByRole('dialog', { name: 'A lot was deleted at once' });
const look = async (page: Page): Promise<void> => {
  await statusBar(page).getByRole('button', { name: 'Look at them' }).click();
  await expect(dialog(page)).toContainText('60 entries, deleted on');
};

test('sixty notes deleted elsewhere stay until the person answers, also after a reload and offline', async ({
  server,
  openBrowser,
}) => {
  const { context } = await openBrowser();
  const page = await openApp(context);
  await writeNote(page, { title: 'Mine', text: 'It stays.' });
  await expectSyncedSince(page, 0, ARRIVAL_MS);
  const other = await enterAsDevice(server.url, await readAccountKeys(page));
  const live = async () => (await other.readState()).notes.length;
  const ids = await other.writeNotes(TITLES);
  await expect(page.getByText('Lecture 60')).toBeVisible({ timeout: ARRIVAL_MS });

  await other.deleteNotes(ids);
  await expectSyncState(page, 'stuck', '60 deletions wait for you', ARRIVAL_MS);
  await expect(page.getByText('Lecture 60')).toBeVisible();
  await look(page);
  await expect(dialog(page)).toContainText('deleted on watcher');
  await expect(dialog(page)).toContainText('Lecture 01');
  await expectNoViolation(page, 'held deletions');
  await dialog(page).getByRole('button', { name: 'Decide later' }).click();

  // What is written here goes on, and nothing is deleted by a restart.
  await writeNote(page, { title: 'Later', text: 'Written meanwhile.' });
  await expect.poll(live, { timeout: ARRIVAL_MS }).toBe(2);
  await context.setOffline(true);
  await page.reload();
  await expect(page.getByText('Lecture 60')).toBeVisible({ timeout: ARRIVAL_MS });
  await expectSyncState(page, 'stuck', '60 deletions wait for you', ARRIVAL_MS);
  await look(page);
  await dialog(page).getByRole('button', { name: 'Keep everything' }).click();
  await expect(dialog(page)).toBeHidden();
  await context.setOffline(false);
  await expect.poll(live, { timeout: ARRIVAL_MS }).toBe(62);
  await openStatus(page, 'Event log');
  await expect(events(page)).toContainText('You kept 60 entries');

  // Once more, and meant this time.
  await other.deleteNotes(ids);
  await expectSyncState(page, 'stuck', '60 deletions wait for you', ARRIVAL_MS);
  await look(page);
  await dialog(page).getByRole('button', { name: 'Delete here, too' }).click();
  await expect(dialog(page)).toContainText('60 entries are deleted');
  await expectNoViolation(page, 'deletions that can be undone');
  await dialog(page).getByRole('button', { name: 'Close' }).click();
  await expect(events(page)).toContainText('You let 60 deletions happen');
  await page.getByRole('link', { name: 'Notes', exact: true }).click();
  await expect(page.getByText('Lecture 60')).toBeHidden();
  await expectSyncState(page, 'synced', '', ARRIVAL_MS);

  // Deleted by mistake, and taken back.
  const more = await other.writeNotes(TITLES);
  await expect(page.getByText('Lecture 60')).toBeVisible({ timeout: ARRIVAL_MS });
  await other.deleteNotes(more);
  await expectSyncState(page, 'stuck', '60 deletions wait for you', ARRIVAL_MS);
  await look(page);
  await dialog(page).getByRole('button', { name: 'Delete here, too' }).click();
  await dialog(page).getByRole('button', { name: 'Undo' }).click();
  await expect(dialog(page)).toBeHidden();
  await expect.poll(live, { timeout: ARRIVAL_MS }).toBe(62);
});
