/** The end of an account: deleted on one device, while another one has words that were never sent. */
import { expect, type Page } from '@playwright/test';
import {
  enterByCode,
  expectOpenNote,
  expectSyncedSince,
  expectSyncState,
  goTo,
  noteInList,
  openApp,
  openNote,
  readRecoveryCode,
  writeNote,
} from '#support/app-page.ts';
import { backUp, backUpToServer } from '#support/backups-page.ts';
import { test } from '#support/test.ts';

test.describe.configure({ timeout: 180_000 });

const ARRIVAL_MS = 25_000;
const shared = { title: 'Shared', text: 'On both devices.' };
const unsent = { title: 'Never sent', text: 'Written on the second device, without a network.' };

const deleteForm = (page: Page) => page.getByRole('form', { name: 'Delete the account' });

test('both devices keep their words, are told what to do, and one goes on in a new account', async ({ openBrowser }) => {
  const first = await openApp((await openBrowser('first')).context);
  await writeNote(first, shared);
  await expectSyncedSince(first, Date.now(), ARRIVAL_MS);
  await backUp(first);
  await backUpToServer(first);
  await expect(first.getByRole('heading', { name: /, in 2 places$/ })).toBeVisible();
  const code = await readRecoveryCode(first);
  const { context } = await openBrowser('second');
  const second = await openApp(context);
  await enterByCode(second, code, 'Bring it along');
  await openNote(second, shared.title);
  await context.setOffline(true);
  await writeNote(second, unsent);
  await expectSyncState(second, 'offline');

  await first.goto('/settings/account');
  const form = deleteForm(first);
  await form.getByLabel('Type “delete” to confirm').fill('no');
  await form.getByRole('button', { name: 'Delete the account permanently' }).click();
  await expect(form.getByText('Nothing was deleted')).toBeVisible();
  await form.getByLabel('Type “delete” to confirm').fill('delete');
  await form.getByRole('button', { name: 'Delete the account permanently' }).click();
  await expect(first.getByRole('heading', { name: 'This account was deleted' })).toBeVisible();
  await expectSyncState(first, 'account-deleted');
  await first.goto('/notes');
  await openNote(first, shared.title);
  await expectOpenNote(first, shared);
  // The server's backups went with the account: they are not counted as a way back.
  await goTo(first, 'Backups');
  await expect(first.getByRole('list', { name: 'Places' })).toContainText(
    'The account was deleted there, and its backups with it.',
  );
  await expect(first.getByRole('heading', { name: /, on this device$/ })).toBeVisible();

  await context.setOffline(false);
  await expectSyncState(second, 'account-deleted');
  // Refused once, it does not ask again and again.
  let asked = 0;
  context.on('request', (request) => {
    if (/\/api\/a\/[^/]+\/(push|pull)/.test(request.url())) asked += 1;
  });
  await second.goto('/status');
  await expect(second.getByText('Saved on this device only: the account was deleted')).toBeVisible();
  await second.goto('/notes');
  await expectSyncState(second, 'account-deleted');
  for (const note of [shared, unsent]) {
    await openNote(second, note.title);
    await expectOpenNote(second, note);
  }
  expect(asked).toBeLessThan(4);

  await second.goto('/settings/account');
  await second.getByRole('button', { name: 'Begin a new account with it' }).click();
  await expectSyncState(second, 'synced', '', 60_000);
  await second.goto('/notes');
  for (const note of [shared, unsent]) {
    await openNote(second, note.title);
    await expectOpenNote(second, note);
  }
  // The new account is a real one: a third browser opens it.
  const anew = await readRecoveryCode(second);
  expect(anew).not.toBe(code);
  const third = await openApp((await openBrowser('third')).context);
  await enterByCode(third, anew, 'Keep it apart');
  await expect(noteInList(third, unsent.title)).toBeVisible();
  // Nobody enters the deleted one.
  await enterByCode(third, code, 'Keep it apart');
  await expectSyncState(third, 'account-deleted');
});

test('deleted where sync is off, it is said as well, with the way on, and no code is shown that leads nowhere', async ({
  openBrowser,
}) => {
  const page = await openApp((await openBrowser()).context);
  await writeNote(page, shared);
  await expectSyncedSince(page, Date.now(), ARRIVAL_MS);
  await page.goto('/settings/sync');
  await page.getByRole('switch', { name: 'Sync this device' }).setChecked(false);
  await expectSyncState(page, 'off');
  await page.goto('/settings/account');
  const form = deleteForm(page);
  await form.getByLabel('Type “delete” to confirm').fill('delete');
  await form.getByRole('button', { name: 'Delete the account permanently' }).click();
  await expect(page.getByRole('heading', { name: 'This account was deleted' })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Recovery code', exact: true })).toHaveCount(0);
  await expect(page.getByRole('heading', { name: 'Name and password', exact: true })).toHaveCount(0);
  await page.reload();
  await page.getByRole('button', { name: 'Begin a new account with it' }).click();
  await page.waitForURL((url) => url.pathname !== '/settings/account', { timeout: 60_000 });
  await page.goto('/notes');
  await openNote(page, shared.title);
  await expectOpenNote(page, shared);
});
