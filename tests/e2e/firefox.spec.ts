/** Firefox has no Background Sync: there the page's own times of draining must do. A smoke test, where Firefox is installed. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type BrowserContext, expect, firefox } from '@playwright/test';
import { enterAsDevice } from '#support/api-client.ts';
import { appendText, expectOpenNote, expectSyncState, openApp, readAccountKeys, writeNote } from '#support/app-page.ts';
import { watchPages } from '#support/page-watch.ts';
import { test } from '#support/test.ts';

const FIREFOX = ['/usr/bin/firefox-esr', '/usr/bin/firefox'].find((path) => existsSync(path));
const note = { title: 'From Firefox', text: 'No Background Sync here.' };

test.skip(FIREFOX === undefined, 'There is no Firefox on this machine (Debian: apt-get install firefox-esr)');

test('Firefox: a note reaches the server, one written while the server was dead after its return', async ({
  folder,
  server,
  pageProblems,
}) => {
  test.setTimeout(120_000);
  const open = async (): Promise<BrowserContext> => {
    const options = { channel: 'moz-firefox', baseURL: server.url, ...(FIREFOX && { executablePath: FIREFOX }) };
    const context = await firefox.launchPersistentContext(join(folder, 'profile-firefox'), options);
    await watchPages(context, pageProblems);
    return context;
  };
  const context = await open();
  const page = await openApp(context);
  expect(await page.evaluate(() => 'sync' in ServiceWorkerRegistration.prototype)).toBe(false);
  await writeNote(page, note);
  await expectSyncState(page, 'synced');
  const client = await enterAsDevice(server.url, await readAccountKeys(page));
  const readTexts = async () => (await client.readState()).notes.map(({ fields }) => fields.text);
  expect(await readTexts()).toEqual([note.text]);

  await server.kill('SIGKILL');
  await appendText(page, ' Nor a server.');
  await context.close();
  await server.restart();
  expect(await readTexts()).toEqual([note.text]);

  const again = await open();
  const reopened = await openApp(again);
  const whole = { ...note, text: `${note.text} Nor a server.` };
  await expectOpenNote(reopened, whole);
  await expect.poll(readTexts).toEqual([whole.text]);
  await again.close();
});
