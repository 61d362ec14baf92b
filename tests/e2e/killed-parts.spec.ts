/** One part dies and the others go on: the service worker in a drain, the store worker in a save, the tab right after a key. */
import { type BrowserContext, expect, type Page } from '@playwright/test';
import { type ApiClient, enterAsDevice } from '#support/api-client.ts';
import {
  appendText,
  expectOpenNote,
  expectSaveState,
  expectSyncState,
  openApp,
  readAccountKeys,
  textField,
  typeAtEnd,
  waitForServiceWorker,
  writeNote,
} from '#support/app-page.ts';
import { startFaultProxy } from '#support/fault-proxy.ts';
import type { ServerProcess } from '#support/server-process.ts';
import { test } from '#support/test.ts';
import { holdWrites, readSentKinds } from '#support/workspace-database.ts';

const note = { title: 'Killed in the middle', text: 'First words.' };
/** Longer than the deadline of a call to the store worker, after which it is taken for dead. */
const RESPAWN_MS = 30_000;

/** A note that is on the server, open in a page. */
async function startSynced(context: BrowserContext, server: ServerProcess): Promise<{ page: Page; client: ApiClient }> {
  const page = await openApp(context);
  await waitForServiceWorker(page);
  await writeNote(page, note);
  await expectSyncState(page, 'synced');
  return { page, client: await enterAsDevice(server.url, await readAccountKeys(page)) };
}

test.describe(() => {
  // What no open tab sends goes by Background Sync.
  test.use({ fullBrowser: true });

  test('the service worker is killed after the server took the push and before its answer: one effect, nothing lost', async ({
    server,
    openBrowser,
  }) => {
    const proxy = await startFaultProxy(server.url);
    const { context } = await openBrowser('first', [], { baseURL: proxy.url });
    const { page, client } = await startSynced(context, server);
    const [before] = (await client.readState()).notes;
    const devtools = await context.newCDPSession(page);
    await devtools.send('ServiceWorker.enable');
    const countPushes = (): number =>
      proxy.requests.filter(({ path, body }) => path.endsWith('/push') && JSON.stringify(body).includes('Second words')).length;

    proxy.setFault({ type: 'keep-answer' }, { path: /\/push$/ });
    await appendText(page, ' Second words.');
    await textField(page).blur();
    await expect.poll(countPushes).toBe(1);
    await expectSyncState(page, 'syncing');
    expect(await readSentKinds(page)).toContain('note');
    await devtools.send('ServiceWorker.stopAllWorkers');
    proxy.mend();

    await expectSyncState(page, 'synced');
    expect(await readSentKinds(page)).toEqual([]);
    expect(countPushes(), 'sent again').toBe(2);
    const { notes } = await client.readState();
    expect(notes.map(({ fields, rev }) => ({ text: fields.text, rev }))).toEqual([
      { text: 'First words. Second words.', rev: (before?.rev ?? 0) + 1 },
    ]);
    await proxy.close();
  });
});

test('the store worker is killed in the middle of a save: another one takes over, and what was typed meanwhile is saved, too', async ({
  server,
  openBrowser,
}) => {
  const { context } = await openBrowser();
  const { page, client } = await startSynced(context, server);
  const release = await holdWrites(page);
  await typeAtEnd(page, ' Second words.');
  await expectSaveState(page, 'saving');
  const worker = page.workers().find((candidate) => candidate.url().includes('store.worker'));
  if (!worker) throw new Error('There is no store worker');
  const gone = worker.waitForEvent('close');
  // It does not answer any more when it is closed.
  void worker.evaluate(() => close()).catch(() => {});
  await gone;
  await typeAtEnd(page, ' Third words.');
  await expectSaveState(page, 'saving');
  await release();

  await expect(page.locator('[data-save-state=saved]')).toBeVisible({ timeout: RESPAWN_MS });
  const whole = { ...note, text: 'First words. Second words. Third words.' };
  await expectSyncState(page, 'synced', '', 15_000);
  const { notes } = await client.readState();
  expect(notes.map(({ fields }) => fields.text)).toEqual([whole.text]);
  await page.reload();
  await expectOpenNote(page, whole);
});

test('closed, reloaded or left right after a key: not one letter is missing', async ({ openBrowser }) => {
  const { context } = await openBrowser();
  let page = await openApp(context);
  await writeNote(page, note);
  const url = page.url();
  let { text } = note;

  const ends: { readonly [name: string]: () => Promise<void> } = {
    reloaded: async () => {
      await page.reload();
    },
    left: async () => {
      await page.goto('about:blank');
    },
    closed: async () => {
      const closed = page.waitForEvent('close');
      await page.close({ runBeforeUnload: true });
      await closed;
      page = await context.newPage();
    },
  };
  for (const [name, end] of Object.entries(ends)) {
    for (const time of [1, 2, 3]) {
      const words = ` ${name} ${time}.`;
      await textField(page).click();
      await page.keyboard.press('Control+End');
      await page.keyboard.type(words);
      await end();
      text += words;
      await page.goto(url);
      await expectOpenNote(page, { ...note, text });
    }
  }
});
