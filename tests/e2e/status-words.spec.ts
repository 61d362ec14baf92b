/** What the status bar says from the first frame on: "Synced" never before the server has answered. */
import { type BrowserContext, expect, type Page } from '@playwright/test';
import { expectSyncState, openApp, statusBar, waitForServiceWorker, writeNote } from '#support/app-page.ts';
import { startFaultProxy } from '#support/fault-proxy.ts';
import { test } from '#support/test.ts';

const PUSH = /\/push$/;

/** Opens the app in a page that notes every state of the sync that its bar ever shows. */
async function openWatched(
  context: BrowserContext,
): Promise<{ readonly page: Page; readonly said: () => Promise<readonly string[]> }> {
  const page = await context.newPage();
  await page.addInitScript(() => {
    const said: string[] = [];
    Object.assign(window, { said });
    const look = (): void => {
      const bar = document.querySelector('app-shell')?.shadowRoot?.querySelector('status-bar')?.shadowRoot;
      const state = bar?.querySelector('[data-sync-state]')?.getAttribute('data-sync-state');
      if (state && said.at(-1) !== state) said.push(state);
      requestAnimationFrame(look);
    };
    look();
  });
  await page.goto('/');
  await expect(statusBar(page)).toBeVisible();
  return { page, said: () => page.evaluate(() => (window as unknown as { readonly said: readonly string[] }).said) };
}

test('with every request blocked no start says "Synced", with changes that wait or without, until the server has answered', async ({
  server,
  openBrowser,
}) => {
  const proxy = await startFaultProxy(server.url);
  const options = { baseURL: proxy.url };
  const first = await openBrowser('first', [], options);
  const page = await openApp(first.context);
  await expectSyncState(page, 'unasked', 'Nothing to sync');
  await waitForServiceWorker(page);
  await writeNote(page, { title: 'One', text: 'On the server.' });
  await expectSyncState(page, 'synced', 'Synced');
  await first.context.close();

  proxy.setFault({ type: 'reset' });
  const second = await openBrowser('first', [], options);
  const quiet = await openWatched(second.context);
  await expectSyncState(quiet.page, 'offline', 'Offline');
  expect(await quiet.said()).not.toContain('synced');
  await writeNote(quiet.page, { title: 'Two', text: 'Not yet.' });
  await expectSyncState(quiet.page, 'waiting', '1 change waiting');
  await second.context.close();

  proxy.setFault({ type: 'reset' }, { path: PUSH });
  const third = await openBrowser('first', [], options);
  const waiting = await openWatched(third.context);
  await expectSyncState(waiting.page, 'waiting', '1 change waiting');
  expect(await waiting.said()).not.toContain('synced');
  proxy.mend();
  await expectSyncState(waiting.page, 'synced', 'Synced', 90_000);
  await proxy.close();
});
