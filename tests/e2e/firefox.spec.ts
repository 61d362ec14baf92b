/** Firefox has no Background Sync: there the page's own times of draining must do. A smoke test, where Firefox is installed. */
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { enterAsDevice } from '#support/api-client.ts';
import {
  appendText,
  expectOpenNote,
  expectSyncState,
  openApp,
  openNote,
  readAccountKeys,
  textField,
  titleField,
  waitForServiceWorker,
  writeNote,
} from '#support/app-page.ts';
import type { PersistentBrowser } from '#support/browser.ts';
import { bring, drawnPicture } from '#support/files-page.ts';
import { firefoxStores, launchFirefox, whyNoFirefox } from '#support/firefox.ts';
import { backupsIn } from '#support/kept-in-page.ts';
import { type StoreName, startLostStorageRun } from '#support/lost-storage-run.ts';
import { watchPages } from '#support/page-watch.ts';
import { test as base } from '#support/test.ts';
import { readText } from '#support/typist.ts';

/** Opens the profile of the test, again where it has been closed. */
const test = base.extend<{ readonly openFirefox: () => Promise<PersistentBrowser> }>({
  openFirefox: async ({ folder, server, pageProblems }, use) => {
    const opened: PersistentBrowser[] = [];
    await use(async () => {
      const browser = await launchFirefox(join(folder, 'profile-firefox'), { baseURL: server.url });
      opened.push(browser);
      await watchPages(browser.context, pageProblems);
      return browser;
    });
    for (const { context } of opened) await context.close();
  },
});

const note = { title: 'From Firefox', text: 'No Background Sync here.' };

test.skip(whyNoFirefox !== null, whyNoFirefox ?? '');
test.describe.configure({ timeout: 180_000 });

test('Firefox: a note reaches the server, one written while the server was dead after its return', async ({
  server,
  openFirefox,
}) => {
  const { context } = await openFirefox();
  const page = await openApp(context);
  expect(await page.evaluate(() => 'sync' in ServiceWorkerRegistration.prototype)).toBe(false);
  await writeNote(page, note);
  // Where fields do not grow by themselves the app makes them.
  const height = async () => (await titleField(page).boundingBox())?.height ?? 0;
  const low = await height();
  await titleField(page).fill('A title that is much too long for one line of this window, '.repeat(4));
  expect(await height()).toBeGreaterThan(low * 1.8);
  await titleField(page).fill(note.title);
  expect(await height()).toBe(low);
  await expectSyncState(page, 'synced');
  const client = await enterAsDevice(server.url, await readAccountKeys(page));
  const readTexts = async () => (await client.readState()).notes.map(({ fields }) => fields.text);
  expect(await readTexts()).toEqual([note.text]);

  // The app starts without its server, from what the service worker has kept.
  await waitForServiceWorker(page);
  await server.kill('SIGKILL');
  await page.reload();
  await expectOpenNote(page, note);
  await appendText(page, ' Nor a server.');
  await context.close();
  await server.restart();
  expect(await readTexts()).toEqual([note.text]);

  const reopened = await openApp((await openFirefox()).context);
  const whole = { ...note, text: `${note.text} Nor a server.` };
  await expectOpenNote(reopened, whole);
  await expect.poll(readTexts).toEqual([whole.text]);
});

const losses: readonly { readonly lost: readonly StoreName[]; readonly unsent: boolean; readonly said: string }[] = [
  { lost: ['indexedDB'], unsent: true, said: 'had not been sent' },
  { lost: ['indexedDB', 'fileSystem'], unsent: false, said: 'account is open again' },
];

for (const { lost, unsent, said } of losses)
  test(`Firefox: ${lost.join(', ')} gone at a start, and the same account with its words is back`, async ({
    folder,
    server,
    openFirefox,
  }) => {
    const stores = firefoxStores(server.url);
    const run = startLostStorageRun({ server, profile: join(folder, 'profile-firefox'), openBrowser: openFirefox, stores });
    for (const how of ['close', 'kill'] as const) {
      const found = await run.lose(lost, how);
      expect(found.accountAfter).toBe(found.accountBefore);
      await found.waitFor(unsent ? [found.synced, found.unsent] : [found.synced]);
      await expect(found.page.getByRole('status', { name: 'Storage' })).toContainText(said);
      const title = unsent ? found.unsent : found.synced;
      await openNote(found.page, title);
      await expectOpenNote(found.page, { title, text: `words of ${title}` });
      await expectSyncState(found.page, 'synced', 'Synced', 30_000);
      await found.page.close();
    }
  });

test('Firefox: a picture is in the text, the preview and the list, also after a start without a server, and reaches it', async ({
  server,
  openFirefox,
}) => {
  const { context } = await openFirefox();
  const page = await openApp(context);
  await writeNote(page, { title: 'Leaf', text: 'A leaf:' });
  await page.getByRole('switch', { name: 'Preview' }).click();
  // Above 64 KB its bytes are a file of the browser.
  const bytes = await drawnPicture(page, 1200, 900, 'image/png', true);
  expect(bytes.length).toBeGreaterThan(100_000);
  // Firefox takes no files with a made-up paste.
  await bring(textField(page), 'drop', [{ name: 'Leaf.png', type: 'image/png', bytes }]);
  const shown = page.getByRole('region', { name: 'Preview' }).getByRole('img', { name: 'Leaf', exact: true });
  const width = () => shown.evaluate((image) => (image instanceof HTMLImageElement ? image.naturalWidth : 0));
  await expect.poll(width).toBe(1200);
  await expect(page.locator('document-picture img')).toBeVisible();
  const keys = await readAccountKeys(page);
  const client = await enterAsDevice(server.url, keys);
  const [, hash = ''] = /files\/([0-9a-f]{64})\.png/.exec(await readText(page)) ?? [];
  await expect.poll(() => client.hasBlob(hash), { timeout: 30_000 }).toBe(true);
  await waitForServiceWorker(page);
  await server.stop();
  await page.reload();
  await expect.poll(width).toBe(1200);
});

test('Firefox: a first backup is made by itself, in a worker of the store worker, and holds what was written', async ({
  openFirefox,
}) => {
  const { context } = await openFirefox();
  const page = await openApp(context);
  await writeNote(page, note);
  await expect.poll(async () => (await backupsIn(page)).length, { timeout: 90_000 }).toBe(1);
  const [made] = await backupsIn(page);
  expect(made?.counts.note).toEqual({ live: 1, binned: 0 });
  expect(made?.text).toContain(note.text);
});
