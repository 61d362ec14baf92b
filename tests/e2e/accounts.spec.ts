/** The ways into an account, and out of it: recovery code, name and password, a device that is signed out from another. */
import { expect, type Page } from '@playwright/test';
import { type ApiClient, enterAsDevice } from '#support/api-client.ts';
import {
  codeForm,
  enterByCode,
  expectOpen,
  expectOpenNote,
  expectSaveState,
  expectSyncedSince,
  expectSyncState,
  noteInList,
  openApp,
  openNote,
  readAccountKeys,
  readRecoveryCode,
  waitForServiceWorker,
  writeNote,
} from '#support/app-page.ts';
import { test } from '#support/test.ts';

/** Two browsers, started one after the other. */
test.describe.configure({ timeout: 120_000 });

const ARRIVAL_MS = 25_000;
/** Background Sync of the workspace that is not open: minutes are seconds here (see close-the-tab.spec.ts). */
const SHORT_RETRIES = [
  '--force-fieldtrials=BackgroundSync/Enabled',
  '--force-fieldtrial-params=BackgroundSync.Enabled:initial_retry_delay_sec/5/retry_delay_factor/3',
];

const home = { title: 'At home', text: 'Written on the first device.' };
const away = { title: 'Away', text: 'Written on the second device.\nBefore it was in the account.' };

async function readNotes(client: ApiClient): Promise<{ id: string; title: unknown; text: unknown }[]> {
  const { notes } = await client.readState();
  return notes.map(({ id, fields: { title, text } }) => ({ id, title, text }));
}

const noteId = (page: Page): string => new URL(page.url()).pathname.split('/')[2] ?? '';

async function startAtHome(page: Page): Promise<string> {
  await writeNote(page, home);
  await expect(page.getByText('Only this browser can open your work')).toBeVisible();
  const id = noteId(page);
  await expectSyncedSince(page, Date.now(), ARRIVAL_MS);
  return id;
}

test('recovery code, work brought along: both are in one account, each note once and under its old id', async ({
  server,
  openBrowser,
}) => {
  const first = await openApp((await openBrowser('first')).context);
  const homeId = await startAtHome(first);
  // A look at the words is no way back in yet.
  await first.goto('/settings/account');
  await first.getByRole('button', { name: 'Show recovery code' }).click();
  await expect(first.getByRole('list', { name: 'Recovery code' })).toBeVisible();
  await expect(first.getByText('Only this browser can open your work').first()).toBeVisible();
  const code = await readRecoveryCode(first);
  expect(new Set(code.split(' ')).size).toBeGreaterThan(12);
  await first.goto('/notes');
  await expect(noteInList(first, home.title)).toBeVisible();
  await expect(first.getByText('Only this browser can open your work')).toHaveCount(0);

  const { context } = await openBrowser('second');
  const second = await openApp(context);
  await waitForServiceWorker(second);
  await context.setOffline(true);
  await writeNote(second, away);
  const awayId = noteId(second);
  // Opening an account needs no network; what it holds comes when there is one.
  await enterByCode(second, code, 'Bring it along');
  await openNote(second, away.title);
  await expectOpenNote(second, away);
  await context.setOffline(false);
  await openNote(second, home.title);
  await expectOpenNote(second, home);
  const arrival =
    /^\d notes? (is|are) here\. Chrom.* was last seen at .*; what was written there since comes when it is online\.$/;
  await expect(second.getByText(arrival)).toBeVisible();

  const client = await enterAsDevice(server.url, await readAccountKeys(first));
  const notes = [
    { id: homeId, ...home },
    { id: awayId, ...away },
  ];
  await expect.poll(() => readNotes(client), { timeout: ARRIVAL_MS }).toEqual(notes);
  await openNote(first, away.title);
  await expectOpenNote(first, away);
});

test.describe(() => {
  // What no open tab sends goes by Background Sync.
  test.use({ fullBrowser: true });

  test('recovery code, work kept apart: it goes to its own account, although that is no longer open', async ({
    server,
    openBrowser,
  }) => {
    const first = await openApp((await openBrowser('first')).context);
    await startAtHome(first);
    const code = await readRecoveryCode(first);

    const { context } = await openBrowser('second', SHORT_RETRIES);
    const second = await openApp(context);
    const own = await readAccountKeys(second);
    await writeNote(second, away);
    await expectSyncedSince(second, Date.now(), ARRIVAL_MS);
    await context.setOffline(true);
    const unsent = { title: 'Unsent', text: 'Written just before leaving.' };
    await writeNote(second, unsent);
    await enterByCode(second, code, 'Keep it apart');
    await expect(noteInList(second, away.title)).toHaveCount(0);
    await context.setOffline(false);
    await expect(noteInList(second, home.title)).toBeVisible({ timeout: ARRIVAL_MS });

    const ownClient = await enterAsDevice(server.url, own);
    await expect.poll(() => readNotes(ownClient), { timeout: ARRIVAL_MS }).toMatchObject([away, unsent]);
    const client = await enterAsDevice(server.url, await readAccountKeys(first));
    expect(await readNotes(client)).toMatchObject([home]);
    await expect(noteInList(second, unsent.title)).toHaveCount(0);
  });
});

test('a recovery code with a slip in it opens nothing and says what is wrong', async ({ openBrowser }) => {
  const page = await openApp((await openBrowser('first')).context);
  const words = (await readRecoveryCode(page)).split(' ');
  const { accountId } = await readAccountKeys(page);
  const form = codeForm(page);
  const enter = async (code: string): Promise<void> => {
    await form.getByRole('textbox', { name: 'Recovery code' }).fill(code);
    await form.getByRole('button', { name: 'Open with the code' }).click();
  };
  await enter(words.slice(1).join(' '));
  await expect(form.getByRole('alert')).toContainText('A recovery code has 24 words; these are 23.');
  await enter(['holdfast', ...words.slice(1)].join(' '));
  await expect(form.getByRole('alert')).toContainText('“holdfast” is not a word of a recovery code.');
  expect((await readAccountKeys(page)).accountId).toBe(accountId);
});

test('name and password open the account on a second device; a wrong password and a taken name are said', async ({
  openBrowser,
}) => {
  const first = await openApp((await openBrowser('first')).context);
  await startAtHome(first);
  const setPassword = async (page: Page): Promise<void> => {
    await page.goto('/settings/account');
    const form = page.getByRole('form', { name: 'Set name and password' });
    await form.getByLabel('Your name').fill('Ada');
    await form.getByLabel('New password').fill('correct horse battery');
    await form.getByRole('button', { name: 'Set name and password' }).click();
  };
  await setPassword(first);
  await expect(first.getByText('You can sign in with them on any device.')).toBeVisible();
  await expect(first.getByText('Only this browser can open your work')).toHaveCount(0);

  const second = await openApp((await openBrowser('second')).context);
  await setPassword(second);
  await expect(second.getByRole('main').getByRole('alert')).toContainText('This name is taken');
  const form = second.getByRole('form', { name: 'Sign in' });
  const signIn = async (password: string): Promise<void> => {
    // Any case, as people write their names.
    await form.getByLabel('Name').fill(' ADA ');
    await form.getByLabel('Password').fill(password);
    await form.getByRole('button', { name: 'Sign in' }).click();
  };
  await signIn('wrong horse battery');
  await expect(form.getByRole('alert')).toContainText('Name or password is wrong');
  await signIn('correct horse battery');
  await second.waitForURL((url) => url.pathname !== '/settings/account');
  await expectOpen(second);
  await openNote(second, home.title);
  await expectOpenNote(second, home);
  expect((await readAccountKeys(second)).accountId).toBe((await readAccountKeys(first)).accountId);
});

test('a device is named by its person, by keyboard and offline as well, and the other devices call it so', async ({
  openBrowser,
}) => {
  const { context } = await openBrowser('first');
  const first = await openApp(context);
  await startAtHome(first);
  const code = await readRecoveryCode(first);
  const second = await openApp((await openBrowser('second')).context);
  await enterByCode(second, code, 'Keep it apart');
  await expect(noteInList(second, home.title)).toBeVisible({ timeout: ARRIVAL_MS });

  const field = first.getByRole('textbox', { name: 'Name of this device' });
  const usual = await field.inputValue();
  expect(usual).toMatch(/ on /);
  const devicesOf = async (page: Page): Promise<string[]> => {
    await page.goto('/settings/account');
    const card = page.getByRole('region', { name: 'Devices' });
    await expect(card.getByRole('listitem')).toHaveCount(2);
    return card.getByRole('listitem').locator('strong').allTextContents();
  };
  await field.fill('👩‍🔬'.repeat(51));
  await field.press('Enter');
  await expect(first.getByRole('main').getByRole('alert')).toContainText('At most 50 characters');
  await expect(field).toHaveValue('👩‍🔬'.repeat(51));
  await field.fill('  الحاسوب (المختبر) ');
  await field.press('Enter');
  await expect(first.getByText('This device is called')).toBeVisible();
  await expect(field).toHaveValue('الحاسوب (المختبر)');
  expect(await field.evaluate((input) => getComputedStyle(input).direction)).toBe('rtl');
  await expect.poll(() => devicesOf(second)).toEqual(['الحاسوب (المختبر)', usual]);
  expect(await devicesOf(first)).toEqual(['الحاسوب (المختبر)', usual]);

  await context.setOffline(true);
  await field.fill('Desk');
  await field.press('Enter');
  await expect(first.getByText('This device is called Desk.')).toBeVisible();
  await context.setOffline(false);
  await expect.poll(() => devicesOf(second), { timeout: ARRIVAL_MS }).toEqual(['Desk', usual]);

  await field.fill(' ');
  await field.press('Enter');
  await expect(field).toHaveValue(usual);
  await expect.poll(() => devicesOf(second)).toEqual([usual, usual]);
});

test('a device signed out from another one stops syncing, says so, keeps its work, and brings it when it enters again', async ({
  server,
  openBrowser,
}) => {
  const first = await openApp((await openBrowser('first')).context);
  await startAtHome(first);
  const code = await readRecoveryCode(first);
  const second = await openApp((await openBrowser('second')).context);
  await enterByCode(second, code, 'Keep it apart');
  await expect(noteInList(second, home.title)).toBeVisible({ timeout: ARRIVAL_MS });
  await expectSyncState(second, 'synced');

  await first.goto('/settings/account');
  await first.getByRole('button', { name: /^Sign out this device:/ }).click();
  await first.getByRole('dialog').getByRole('button', { name: 'Sign out this device' }).click();
  await expect(first.getByRole('button', { name: /^Sign out this device:/ })).toHaveCount(0);

  // Nothing is written on it: its event stream is refused, and that is how it learns of it.
  await expectSyncState(second, 'signed-out', 'Sign in to sync', ARRIVAL_MS);
  await writeNote(second, away);
  await expectSyncState(second, 'signed-out', 'waiting');
  await expectSaveState(second, 'saved');
  const client = await enterAsDevice(server.url, await readAccountKeys(first));
  expect(await readNotes(client)).toMatchObject([home]);
  expect((await client.devices()).filter(({ name }) => name !== 'watcher')).toHaveLength(1);

  await enterByCode(second, code, 'Bring it along');
  await expect.poll(() => readNotes(client), { timeout: ARRIVAL_MS }).toMatchObject([home, away]);
  await expectSyncState(second, 'synced', 'Synced', ARRIVAL_MS);
  await openNote(second, away.title);
  await expectOpenNote(second, away);
});
