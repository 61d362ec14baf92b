/** Another account is opened in this browser: every tab moves, every account can be opened again, and what is on its way arrives. */
import { randomBytes } from 'node:crypto';
import { expect, type Page } from '@playwright/test';
import { mintId, toHex } from '#core/ids.ts';
import { toRecoveryCode } from '#crypto/recovery-code.ts';
import { enterAsDevice } from '#support/api-client.ts';
import {
  appendText,
  codeForm,
  enterByCode,
  expectOpen,
  expectOpenNote,
  expectSyncState,
  noteInList,
  openApp,
  openNote,
  readAccountKeys,
  typeAtEnd,
  waitForServiceWorker,
  writeNote,
} from '#support/app-page.ts';
import { addFile, ageFiles, namesOfFiles, waitForSent } from '#support/device-files.ts';
import { putToSleep } from '#support/sleeping-tab.ts';
import { test } from '#support/test.ts';
import { multiplyNote } from '#support/workspace-database.ts';

test.describe.configure({ timeout: 120_000 });

const ARRIVAL_MS = 60_000;
const note = { title: 'Mine', text: 'Written in the first account.' };

/** An account that no server knows yet. */
function newAccount() {
  const random = { bytes: (length: number) => randomBytes(length), fraction: () => Math.random() };
  const account = { accountId: mintId(Date.now(), random), accountKey: toHex(randomBytes(16)) };
  return { ...account, code: toRecoveryCode(account).join(' ') };
}

const accountOf = async (page: Page): Promise<string> => (await readAccountKeys(page)).accountId;

/** The tab shows the account that is open: its list is empty, and nothing of the former one is on the screen. */
async function expectMoved(page: Page): Promise<void> {
  await expect(page.getByText(note.title, { exact: true })).toHaveCount(0, { timeout: ARRIVAL_MS });
  await expectOpen(page);
}

async function openFromSettings(page: Page): Promise<void> {
  await page.goto('/settings/account');
  await page
    .getByRole('button', { name: /^Open an account|^Open .* account/ })
    .first()
    .click();
  await page.waitForURL((url) => url.pathname !== '/settings/account');
  await expectOpen(page);
}

test('kept apart: the other tab saves what is typed where it was typed, and moves; the account is opened again from Settings', async ({
  openBrowser,
}) => {
  const { context } = await openBrowser();
  const left = await openApp(context);
  await writeNote(left, note);
  const first = await accountOf(left);
  const right = await openApp(context);
  await openNote(right, note.title);
  await left.goto('/settings/account');

  const { accountId, code } = newAccount();
  await codeForm(left).getByRole('textbox', { name: 'Recovery code' }).fill(code);
  await codeForm(left).getByRole('radio', { name: 'Keep it apart' }).check();
  await typeAtEnd(right, ' Typed at the last moment.');
  await codeForm(left).getByRole('button', { name: 'Open with the code' }).click();
  await left.waitForURL((url) => url.pathname !== '/settings/account');
  await expectMoved(right);
  expect(await accountOf(right)).toBe(accountId);
  await writeNote(right, { title: 'Second', text: 'In the second account.' });

  await openFromSettings(left);
  expect(await accountOf(left)).toBe(first);
  await expect(noteInList(right, note.title)).toBeVisible({ timeout: ARRIVAL_MS });
  await openNote(right, note.title);
  await expectOpenNote(right, { ...note, text: `${note.text} Typed at the last moment.` });
  await expect(noteInList(left, 'Second')).toHaveCount(0);
});

test('signed out in one tab: a tab that was frozen moves as soon as it wakes', async ({ openBrowser }) => {
  const browser = await openBrowser();
  const { context } = browser;
  const left = await openApp(context);
  await writeNote(left, note);
  const right = await openApp(context);
  await openNote(right, note.title);
  const wake = await putToSleep(browser, right);
  await left.goto('/settings/account');
  await left.getByRole('button', { name: 'Sign out', exact: true }).click();
  await left.getByRole('dialog').getByRole('button', { name: 'Sign out' }).click();
  await left.waitForURL((url) => url.pathname !== '/settings/account');
  wake();
  await expectMoved(right);

  await openFromSettings(right);
  await openNote(right, note.title);
  await expectOpenNote(right, note);
});

test('a tab that no broadcast reaches notices at its next key, and what was typed is in the account of that tab', async ({
  openBrowser,
}) => {
  const { context } = await openBrowser();
  const left = await openApp(context);
  await writeNote(left, note);
  const right = await context.newPage();
  await right.addInitScript(() => {
    BroadcastChannel.prototype.addEventListener = () => {};
  });
  await right.goto('/');
  await openNote(right, note.title);
  await enterByCode(left, newAccount().code, 'Keep it apart');
  // Whoever types for longer than a moment is informed.
  await expect(async () => {
    if ((await right.getByText(note.title, { exact: true }).count()) > 0) await right.keyboard.insertText('');
    await typeAtEnd(right, '!').catch(() => {});
    await expect(noteInList(right, note.title)).toHaveCount(0, { timeout: 1000 });
  }).toPass({ timeout: ARRIVAL_MS });
  await openFromSettings(left);
  await openNote(left, note.title);
  await expect(left.getByRole('textbox', { name: 'Note text' })).toContainText(`${note.text}!`);
});

const MANY = 4000;

/** A browser with thousands of notes that were never sent, about to bring them into another account. */
async function beginBringing(page: Page): Promise<ReturnType<typeof newAccount>> {
  await waitForServiceWorker(page);
  await page.context().setOffline(true);
  await writeNote(page, note);
  await multiplyNote(page, MANY);
  const account = newAccount();
  await page.goto('/settings/account');
  const form = codeForm(page);
  await form.getByRole('textbox', { name: 'Recovery code' }).fill(account.code);
  await form.getByRole('button', { name: 'Open with the code' }).click();
  await expect(progress(page)).toContainText(/[1-9][\d,]* of 4,00/, { timeout: ARRIVAL_MS });
  return account;
}

const progress = (page: Page) => page.getByRole('region', { name: 'Bringing your work along' });

async function expectAllThere(page: Page, accountId: string, url: string): Promise<void> {
  await expect(async () => expect(await accountOf(page)).toBe(accountId)).toPass({ timeout: ARRIVAL_MS });
  await expect(progress(page)).toHaveCount(0, { timeout: ARRIVAL_MS });
  await expectOpen(page);
  await page.context().setOffline(false);
  await expectSyncState(page, 'synced', 'Synced', ARRIVAL_MS);
  const client = await enterAsDevice(url, { accountId, accountKey: (await readAccountKeys(page)).accountKey });
  expect((await client.readState()).notes).toHaveLength(MANY + 1);
}

test('brought along, and the browser is killed half-way: the next start goes on, says how far it is, and opens the account last', async ({
  openBrowser,
  server,
}) => {
  test.setTimeout(240_000);
  const { context, kill } = await openBrowser();
  const page = await openApp(context);
  const own = await accountOf(page);
  const { accountId } = await beginBringing(page);
  await kill();

  const again = (await openBrowser()).context;
  await again.setOffline(true);
  const second = await openApp(again);
  // The page is loaded again when the other account opens, maybe while this one is asked.
  await expect(async () => expect([own, accountId]).toContain(await accountOf(second))).toPass();
  await expectAllThere(second, accountId, server.url);
});

test('brought along, and the tab is closed half-way: the other tab goes on, and what is typed in it meanwhile comes along', async ({
  openBrowser,
  server,
}) => {
  test.setTimeout(240_000);
  const { context } = await openBrowser();
  const page = await openApp(context);
  const other = await openApp(context);
  const { accountId } = await beginBringing(page);
  await page.close();
  await openNote(other, note.title);
  await appendText(other, ' And on.');
  await expectAllThere(other, accountId, server.url);
  await openNote(other, note.title);
  await expectOpenNote(other, { ...note, text: `${note.text} And on.` });
});

test('a file that is only on the server of the former account comes along into another one, later where it must', async ({
  openBrowser,
  server,
}) => {
  test.setTimeout(120_000);
  const { context } = await openBrowser();
  const page = await openApp(context);
  const picture = await addFile(page, { bytes: 3_000_000 });
  await writeNote(page, { title: 'Brought', text: `![Leaf](files/${picture}.png)` });
  await waitForServiceWorker(page);
  await waitForSent(page, picture);
  await ageFiles(page, 5);
  await page.goto('/settings/storage');
  await page.getByRole('button', { name: 'Make room: 3 MB' }).click();
  await expect.poll(() => namesOfFiles(page)).toEqual([]);
  const former = await accountOf(page);
  const isFormer = (url: URL): boolean => url.pathname.includes(`${former}/blobs/${picture}`);
  await context.route(isFormer, (route) => route.abort());

  const account = newAccount();
  await enterByCode(page, account.code, 'Bring it along');
  await expect.poll(() => accountOf(page), { timeout: ARRIVAL_MS }).toBe(account.accountId);
  await page.goto('/settings/account');
  const kept = page.getByText('1 file of it is still on its server alone, so the copy stays.');
  await expect(kept).toBeVisible({ timeout: ARRIVAL_MS });
  await expect(page.getByRole('button', { name: /^Remove the copy/ })).toHaveCount(0);
  await context.unroute(isFormer);
  await page.getByRole('button', { name: /^Fetch the files of/ }).click();
  await expect(kept).toBeHidden({ timeout: ARRIVAL_MS });
  expect(await namesOfFiles(page)).toEqual([picture]);
  await expectSyncState(page, 'synced', 'Synced', ARRIVAL_MS);
  const client = await enterAsDevice(server.url, account);
  await expect.poll(() => client.hasBlob(picture), { timeout: ARRIVAL_MS }).toBe(true);
});
