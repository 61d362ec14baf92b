/** B1: a start without anything in a browser where there was work before, and the ways back from there. */
import { type BrowserContext, expect, type Page } from '@playwright/test';
import {
  codeForm,
  enterByCode,
  expectOpen,
  expectSaveState,
  expectSyncedSince,
  expectSyncState,
  goTo,
  noteInList,
  openApp,
  readRecoveryCode,
  writeNote,
} from '#support/app-page.ts';
import { backUp, backUpToServer, purgeNote } from '#support/backups-page.ts';
import { loseAll } from '#support/empty-start.ts';
import { test } from '#support/test.ts';

const banner = (page: Page) => page.getByRole('status', { name: 'Your earlier work' });

/** Writes a note, has a backup made, and waits until the server has all. */
async function openWithWork(context: BrowserContext): Promise<Page> {
  const page = await openApp(context);
  await writeNote(page, { title: 'Photosynthesis', text: 'Light becomes sugar.' });
  await expectSyncState(page, 'synced', 'Synced', 30_000);
  await backUp(page);
  return page;
}

test('backups in this browser bring everything back; what was written meanwhile joins it, and nothing is sent before the answer', async ({
  server,
  openBrowser,
}) => {
  test.slow();
  const { context } = await openBrowser();
  const page = await openWithWork(context);
  await loseAll(page, server.url, ['holdfast-backups', 'holdfast-blobs']);

  const sent: string[] = [];
  await context.route('**/api/**', (route) => {
    sent.push(route.request().url());
    return route.continue();
  });
  await page.goto('/');
  await expectOpen(page);
  await expect(banner(page)).toContainText('Nothing is sent, changed or removed before you say how to go on');
  await writeNote(page, { title: 'Written meanwhile', text: 'New words.' });
  await expectSaveState(page, 'saved');

  await banner(page).getByRole('link', { name: 'See what can be had' }).click();
  const found = page.getByRole('list', { name: 'Backups in this browser' }).getByRole('listitem');
  await expect(found).toHaveCount(1);
  await expect(found).toContainText('1 note');
  for (const way of ['With the recovery code', 'With name and password', 'From a backup file']) {
    await expect(page.getByRole('heading', { name: way })).toBeVisible();
  }
  await found.getByRole('button', { name: /Bring back the work of/ }).click();
  await page.getByRole('button', { name: /Restore \d+ entr/ }).click({ timeout: 30_000 });
  await page.getByRole('dialog').getByRole('button', { name: 'Restore' }).click();
  await expect(page.getByText(/Restored: \d+ entr/)).toBeVisible({ timeout: 30_000 });
  await goTo(page, 'Notes');
  for (const title of ['Photosynthesis', 'Written meanwhile']) await expect(noteInList(page, title)).toBeVisible();
  expect(sent).toEqual([]);

  await page.reload();
  await expect(banner(page)).toBeVisible();
  await banner(page).getByRole('button', { name: 'Go on with what is here' }).click();
  await expect(banner(page)).toBeHidden();
  await expectSyncState(page, 'synced', 'Synced', 30_000);
  expect(sent.length).toBeGreaterThan(0);
});

test('where the cookie alone was left, the account is back, and what only a backup has is found under Backups', async ({
  server,
  openBrowser,
}) => {
  test.slow();
  const { context } = await openBrowser();
  const page = await openWithWork(context);
  await loseAll(page, server.url, ['holdfast-backups'], true);
  await page.goto('/');
  const told = page.getByRole('status', { name: 'Storage' });
  await expect(told).toContainText('what had not been sent from here is gone, unless a backup has it');
  await told.getByRole('link', { name: 'Backups' }).click();
  const found = page.getByRole('list', { name: 'Backups in this browser' }).getByRole('listitem');
  await expect(found).toContainText('1 note');
  await found.getByRole('button', { name: /Bring back the work of/ }).click();
  await expect(page.getByRole('button', { name: /Restore \d+ entr|Nothing to restore/ })).toBeVisible({ timeout: 30_000 });

  // They are no longer wanted then, and can be removed.
  await goTo(page, 'Backups');
  await found.getByRole('button', { name: /^More/ }).click();
  await page.getByRole('menuitem', { name: 'Remove' }).click();
  const question = page.getByRole('dialog', { name: /Remove th/ });
  await question.getByRole('button', { name: 'Cancel' }).click();
  await expect(found).toHaveCount(1);
  await found.getByRole('button', { name: /^More/ }).click();
  await page.getByRole('menuitem', { name: 'Remove' }).click();
  await question.getByRole('button', { name: 'Remove' }).click();
  await expect(found).toHaveCount(0);
  await expect(page.getByText('Removed.')).toBeVisible();
  await page.reload();
  await expect(page.getByRole('list', { name: 'Backups' })).toContainText('1 note');
  await expect(found).toHaveCount(0);
});

test('the recovery code brings the account back, and what was written meanwhile comes along', async ({ server, openBrowser }) => {
  test.slow();
  const { context } = await openBrowser();
  const page = await openWithWork(context);
  const code = await readRecoveryCode(page);
  // Nothing is left but a word that there was something.
  await loseAll(page, server.url, []);
  await page.goto('/');
  await expectOpen(page);
  await expect(banner(page)).toBeVisible();
  await writeNote(page, { title: 'Written meanwhile', text: 'New words.' });
  await expectSaveState(page, 'saved');
  await enterByCode(page, code, 'Bring it along');
  await expect(banner(page)).toBeHidden();
  await goTo(page, 'Notes');
  for (const title of ['Photosynthesis', 'Written meanwhile'])
    await expect(noteInList(page, title)).toBeVisible({ timeout: 30_000 });
  await expectSyncState(page, 'synced', 'Synced', 30_000);
});

test('the copies of the server are listed beside the other ways as soon as the account is known, and bring back what was deleted there', async ({
  server,
  openBrowser,
}) => {
  test.slow();
  const { context } = await openBrowser();
  const page = await openWithWork(context);
  const code = await readRecoveryCode(page);
  await backUpToServer(page);
  await purgeNote(page, 'Photosynthesis');
  await expectSyncedSince(page, Date.now(), 25_000);
  await loseAll(page, server.url, []);

  await page.goto('/');
  await expectOpen(page);
  await banner(page).getByRole('link', { name: 'See what can be had' }).click();
  const copies = page.getByRole('region', { name: 'From backups on the server' });
  await expect(copies).toContainText('as soon as this browser is in it');
  const form = codeForm(page);
  await form.getByRole('textbox', { name: 'Recovery code' }).fill(code);
  await form.getByRole('button', { name: 'Open with the code' }).click();
  await page.waitForURL('**/settings/enter/opened');
  await expect(page.getByText('Your account is open')).toBeVisible();
  const rows = copies.getByRole('list', { name: 'Backups on the server' }).getByRole('listitem');
  await expect(rows).toHaveCount(1, { timeout: 30_000 });
  await expect(rows).toContainText('1 note');
  await rows.getByRole('button', { name: /Bring back the work of/ }).click();
  await page.getByRole('button', { name: /Restore \d+ entr/ }).click({ timeout: 30_000 });
  await page.getByRole('dialog').getByRole('button', { name: 'Restore' }).click();
  await expect(page.getByText(/Restored: \d+ entr/)).toBeVisible({ timeout: 30_000 });
  await goTo(page, 'Notes');
  await expect(noteInList(page, 'Photosynthesis')).toBeVisible();
});

test('a browser in which Holdfast was never used asks nothing', async ({ openBrowser }) => {
  const page = await openApp((await openBrowser()).context);
  await writeNote(page, { title: 'First', text: 'Words.' });
  await expectSyncState(page, 'synced', 'Synced', 30_000);
  await expect(banner(page)).toBeHidden();
});
