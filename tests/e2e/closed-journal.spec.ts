/** The journal's database alone is not to be had, or is deleted under open tabs: everything else goes on, and it is said. */
import { expect, type Page } from '@playwright/test';
import {
  appendText,
  expectOpenNote,
  expectSaveState,
  expectSyncState,
  openApp,
  openNote,
  readAccountKeys,
  typeAtEnd,
  writeNote,
} from '#support/app-page.ts';
import { test } from '#support/test.ts';

/** In the page, opening the journal fails as `how` says, until it is allowed. */
function refuseJournal(how: string): void {
  const open = IDBFactory.prototype.open;
  const isAllowed = (): boolean => (globalThis as { journalAllowed?: boolean }).journalAllowed === true;
  IDBFactory.prototype.open = function (name, version) {
    if (!name.startsWith('holdfast-journal-') || isAllowed()) return open.call(this, name, version);
    const request = open.call(this, name, version);
    // The engine's own failure: the version change is aborted, or the open fails with this error.
    Object.defineProperty(request, 'error', { get: () => new DOMException('injected', how) });
    request.addEventListener('upgradeneeded', (event) => {
      event.stopImmediatePropagation();
      request.transaction?.abort();
    });
    request.addEventListener('success', (event) => {
      event.stopImmediatePropagation();
      request.result.close();
      request.dispatchEvent(new Event('error'));
    });
    return request;
  };
}

const word = (page: Page) => page.getByRole('link', { name: 'Wait for “Saved” before you close' });
const allow = (page: Page): Promise<void> =>
  page.evaluate(() => {
    (globalThis as { journalAllowed?: boolean }).journalAllowed = true;
  });

for (const how of ['QuotaExceededError', 'UnknownError', 'AbortError']) {
  test(`the journal does not open (${how}): the app does, saves, says what is not safe, and opens it later`, async ({
    openBrowser,
  }) => {
    const { context } = await openBrowser();
    await context.addInitScript(refuseJournal, how);
    const page = await openApp(context);
    await writeNote(page, { title: 'Without a journal', text: 'Saved words.' });
    await expect(word(page)).toBeVisible();
    await word(page).click();
    await expect(page.getByRole('region', { name: 'Last words before closing' })).toContainText('may not be kept');
    await allow(page);
    await expect(word(page)).toBeHidden({ timeout: 60_000 });
    await page.goto('/');
    await openNote(page, 'Without a journal');
    await expectOpenNote(page, { title: 'Without a journal', text: 'Saved words.' });
  });
}

test('the journal is of a newer version, in every context: the app opens, saves and syncs', async ({ openBrowser }) => {
  const { context } = await openBrowser();
  const first = await openApp(context);
  await writeNote(first, { title: 'Before', text: 'One.' });
  const { workspaceId } = await readAccountKeys(first);
  await first.goto('/rescue.html');
  await first.evaluate(
    (name) =>
      new Promise<void>((resolve, reject) => {
        const request = indexedDB.open(name, 99);
        request.onsuccess = () => resolve(request.result.close());
        request.onerror = () => reject(request.error);
      }),
    `holdfast-journal-${workspaceId}`,
  );
  await first.goto('/');
  await openNote(first, 'Before');
  await expect(word(first)).toBeVisible();
  await appendText(first, ' Two.');
  await expectSaveState(first, 'saved');
  await expectSyncState(first, 'synced', 'Synced', 30_000);
});

test('the journal does not answer: the app opens without it, and has it as soon as it answers', async ({ openBrowser }) => {
  const { context } = await openBrowser();
  const page = await openApp(context);
  await writeNote(page, { title: 'Before', text: 'One.' });
  const { workspaceId } = await readAccountKeys(page);
  const other = await context.newPage();
  await other.goto('/rescue.html');
  await page.goto('/rescue.html');
  // A connection that does not let go, and a deletion behind it: every later open waits.
  await other.evaluate(
    (name) =>
      new Promise<void>((resolve) => {
        const request = indexedDB.open(name);
        request.onsuccess = () => {
          indexedDB.deleteDatabase(name).onblocked = () => resolve();
        };
      }),
    `holdfast-journal-${workspaceId}`,
  );
  await page.goto('/');
  await openNote(page, 'Before');
  await appendText(page, ' Two.');
  await expectSaveState(page, 'saved');
  await expect(word(page)).toBeVisible();
  await other.close();
  await expect(word(page)).toBeHidden();
  await expectOpenNote(page, { title: 'Before', text: 'One. Two.' });
});

test('the journal is deleted by hand under two tabs: their last words are kept all the same', async ({ openBrowser }) => {
  const { context } = await openBrowser();
  const left = await openApp(context);
  await writeNote(left, { title: 'Kept', text: 'One.' });
  const right = await context.newPage();
  await right.goto('/');
  await openNote(right, 'Kept');
  const { workspaceId } = await readAccountKeys(left);
  const name = `holdfast-journal-${workspaceId}`;
  await left.evaluate(
    (database) =>
      new Promise<void>((resolve, reject) => {
        const request = indexedDB.deleteDatabase(database);
        request.onsuccess = () => resolve();
        request.onerror = () => reject(request.error);
      }),
    name,
  );
  const exists = () =>
    right.evaluate(async (database) => (await indexedDB.databases()).some((one) => one.name === database), name);
  await expect.poll(exists).toBe(true);
  for (const page of [left, right]) {
    await expect(page.getByRole('alert', { name: 'Storage' })).toHaveCount(0);
    await appendText(page, ' More.');
    await expectSaveState(page, 'saved');
  }
  // The store worker is kept from answering, so that only the journal can have these words.
  await right.evaluate(() => {
    const post = Worker.prototype.postMessage;
    Worker.prototype.postMessage = function (this: Worker, ...args: Parameters<typeof post>) {
      if (!JSON.stringify(args[0]).includes('Last.')) post.apply(this, args);
    } as typeof post;
  });
  await typeAtEnd(right, ' Last.');
  await right.reload();
  await openNote(right, 'Kept');
  await expectOpenNote(right, { title: 'Kept', text: 'One. More. More. Last.' });
});
