/** What a browser has deleted between two starts, or under an open tab, and what comes back. */
import { join } from 'node:path';
import { expect } from '@playwright/test';
import {
  downloadedText,
  expectOpenNote,
  expectSaveState,
  expectSyncState,
  noteInList,
  openApp,
  openNote,
  readAccountKeys,
  typeAtEnd,
  waitForServiceWorker,
  writeNote,
} from '#support/app-page.ts';
import { type StoreName, startLostStorageRun } from '#support/lost-storage-run.ts';
import { test } from '#support/test.ts';

const banner = 'Storage';

test('IndexedDB gone at a start: the same account, the synced words and the words that were never sent, and a sentence about it', async ({
  folder,
  server,
  openBrowser,
}) => {
  const run = startLostStorageRun({ server, profile: join(folder, 'profile-first'), openBrowser: () => openBrowser() });
  for (const how of ['close', 'kill'] as const) {
    const found = await run.lose(['indexedDB'], how);
    expect(found.accountAfter).toBe(found.accountBefore);
    await found.waitFor([found.synced, found.unsent]);
    await expect(found.page.getByRole('status', { name: banner })).toContainText('had not been sent');
    await openNote(found.page, found.unsent);
    await expectOpenNote(found.page, { title: found.unsent, text: `words of ${found.unsent}` });
    await expectSyncState(found.page, 'synced', 'Synced', 30_000);
    await found.page.close();
  }
});

for (const lost of [
  ['indexedDB', 'fileSystem'],
  ['indexedDB', 'fileSystem', 'cacheStorage', 'localStorage'],
] satisfies StoreName[][]) {
  test(`${lost.join(', ')} gone at a start: the account is entered again, and every synced word is back`, async ({
    folder,
    server,
    openBrowser,
  }) => {
    const run = startLostStorageRun({ server, profile: join(folder, 'profile-first'), openBrowser: () => openBrowser() });
    const found = await run.lose(lost);
    expect(found.accountAfter).toBe(found.accountBefore);
    await found.waitFor([found.synced]);
    await expect(found.page.getByRole('status', { name: banner })).toContainText('account is open again');
    await writeNote(found.page, { title: 'Afterwards', text: 'It goes on.' });
    await expectSyncState(found.page, 'synced', 'Synced', 30_000);
  });
}

test('storage deleted under an open tab: it says so, saves nothing elsewhere, gives the words as a file, and a reload brings the rest back', async ({
  server,
  openBrowser,
}) => {
  const { context } = await openBrowser();
  const page = await openApp(context);
  await waitForServiceWorker(page);
  await writeNote(page, { title: 'Before', text: 'Synced words.' });
  await expectSyncState(page, 'synced', 'Synced', 30_000);
  const before = await readAccountKeys(page);
  const devtools = await context.newCDPSession(page);
  await devtools.send('Storage.clearDataForOrigin', { origin: server.url, storageTypes: 'indexeddb' });
  const alert = page.getByRole('alert', { name: banner });
  await expect(alert).toContainText('deleted Holdfast’s storage');
  await expectSaveState(page, 'error');
  await typeAtEnd(page, ' Later words.');
  await expectSaveState(page, 'error');
  // Nobody makes the workspace's database again.
  expect(await page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name))).not.toContain(
    `holdfast-ws-${before.workspaceId}`,
  );
  const file = await downloadedText(page, () => alert.getByRole('button', { name: 'Save as a file' }).click());
  expect(file).toContain('Synced words. Later words.');

  await alert.getByRole('button', { name: 'Reload' }).click();
  await page.getByRole('button', { name: 'Go on without them' }).click();
  // Until then the list is that of the page before.
  await expect(page.getByRole('status', { name: banner })).toContainText('account is open again');
  await expect(noteInList(page, 'Before')).toBeVisible();
  expect((await readAccountKeys(page)).accountId).toBe(before.accountId);
});
