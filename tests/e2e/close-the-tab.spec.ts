/**
 * The main job: write, lose the way to the server, close the tab. The service worker brings it there with no tab open,
 * woken by the browser's own Background Sync, and another browser finds it.
 */
import { type BrowserContext, expect, type Page } from '@playwright/test';
import { type ApiClient, enterAsDevice } from '#support/api-client.ts';
import {
  appendText,
  enterByCode,
  expectOpenNote,
  expectSyncState,
  noteInList,
  openApp,
  openNote,
  readAccountKeys,
  readRecoveryCode,
  typeAtEnd,
  waitForServiceWorker,
  writeNote,
} from '#support/app-page.ts';
import { test } from '#support/test.ts';

/**
 * Chromium tries a sync three times: at once, after 5 minutes, and 15 minutes after that. Here minutes are seconds; the
 * number of attempts and their growth stay the browser's own.
 */
const SHORT_RETRIES = [
  '--force-fieldtrials=BackgroundSync/Enabled',
  '--force-fieldtrial-params=BackgroundSync.Enabled:initial_retry_delay_sec/5/retry_delay_factor/3',
];

/** All three attempts, and a server that needs time to start. */
const ARRIVAL_MS = 30_000;

const before = { title: 'Before', text: 'Written while everything works.' };
const note = { title: 'On the train', text: 'No network here.\nStill writing.' };

/** Opens the app and gets one note to the server, so that the account exists there and the service worker is ready. */
async function startOnline(context: BrowserContext, url: string): Promise<{ page: Page; client: ApiClient }> {
  const page = await openApp(context);
  await waitForServiceWorker(page);
  await writeNote(page, before);
  await expectSyncState(page, 'synced');
  const client = await enterAsDevice(url, await readAccountKeys(page));
  await expect.poll(() => readTexts(client)).toEqual([before]);
  return { page, client };
}

async function readTexts(client: ApiClient): Promise<{ title: unknown; text: unknown }[]> {
  const { notes } = await client.readState();
  return notes.map(({ fields: { title, text } }) => ({ title, text }));
}

/** Closes the tab as a person does; a tab without the app stays, so that the browser itself goes on. */
async function closeTab(context: BrowserContext, page: Page): Promise<void> {
  const closed = page.waitForEvent('close');
  await page.close({ runBeforeUnload: true });
  await closed;
  expect(context.pages().map((open) => open.url())).toEqual(['about:blank']);
}

// What is sent with no tab open goes by Background Sync.
test.use({ fullBrowser: true });

test('network lost, tab closed in the middle of a word: with no tab open all of it is on the server once the network is back, and in a second browser', async ({
  server,
  openBrowser,
}) => {
  const { context } = await openBrowser('first', SHORT_RETRIES);
  const { page, client } = await startOnline(context, server.url);
  const code = await readRecoveryCode(page);

  await context.setOffline(true);
  await writeNote(page, note);
  await expectSyncState(page, 'offline', 'Offline');
  await typeAtEnd(page, ' And the last wor');
  await closeTab(context, page);
  expect(await readTexts(client)).toEqual([before]);

  await context.setOffline(false);
  const whole = { ...note, text: `${note.text} And the last wor` };
  await expect.poll(() => readTexts(client), { timeout: ARRIVAL_MS }).toEqual([before, whole]);
  expect(context.pages().map((open) => open.url())).toEqual(['about:blank']);

  const second = await openBrowser('second');
  const other = await openApp(second.context);
  await enterByCode(other, code, 'Bring it along');
  await openNote(other, note.title);
  await expectOpenNote(other, whole);
  await expect(noteInList(other, before.title)).toBeVisible();
});

test('what is being typed goes out in its pace, not word by word, though each request of the page wakes the service worker again', async ({
  server,
  openBrowser,
}) => {
  const { context } = await openBrowser('first');
  const { page, client } = await startOnline(context, server.url);
  const { seq } = await client.readState();

  const typed = ' one two three four five six seven eight nine ten';
  await typeAtEnd(page, '');
  await page.keyboard.type(typed, { delay: 60 });
  // The first words, and at most what was typed when their pace was over.
  expect((await client.readState()).seq - seq).toBeLessThanOrEqual(2);

  await expect.poll(() => readTexts(client)).toEqual([{ ...before, text: before.text + typed }]);
  expect((await client.readState()).seq - seq).toBeLessThanOrEqual(4);
});

test('server down, tab closed: with no tab open the note is on the server after it has come back', async ({
  server,
  openBrowser,
}) => {
  const { context } = await openBrowser('first', SHORT_RETRIES);
  const { page, client } = await startOnline(context, server.url);

  await server.kill('SIGKILL');
  await writeNote(page, note);
  await appendText(page, ' The server sleeps.');
  await closeTab(context, page);
  await server.restart();

  const whole = { ...note, text: `${note.text} The server sleeps.` };
  await expect.poll(() => readTexts(client), { timeout: ARRIVAL_MS }).toEqual([before, whole]);
  expect(context.pages().map((open) => open.url())).toEqual(['about:blank']);
});

test('server down, browser killed: the next start of the browser, without opening the app, brings the note to the server', async ({
  server,
  openBrowser,
}) => {
  const { context, kill } = await openBrowser('first', SHORT_RETRIES);
  const { page, client } = await startOnline(context, server.url);

  await server.kill('SIGKILL');
  await writeNote(page, note);
  await expectSyncState(page, 'waiting', 'The server cannot be reached');
  await kill();
  await server.restart();
  expect(await readTexts(client)).toEqual([before]);

  const again = await openBrowser('first', SHORT_RETRIES);
  await expect.poll(() => readTexts(client), { timeout: ARRIVAL_MS }).toEqual([before, note]);
  expect(again.context.pages().map((open) => open.url())).toEqual(['about:blank']);
});
