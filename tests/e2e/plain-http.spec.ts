/** Plain http under the name of another machine: browsers give no locks, no service worker, no keys. The app works, saves, and says why it does not sync. */
import { expect, type Page } from '@playwright/test';
import {
  expectOpen,
  expectOpenNote,
  expectSaveState,
  expectSyncState,
  openNote,
  statusBar,
  typeAtEnd,
  writeNote,
} from '#support/app-page.ts';
import { expectNoViolation } from '#support/no-violation.ts';
import { test } from '#support/test.ts';

const NAME = 'holdfast.test';
const RULES = [`--host-resolver-rules=MAP ${NAME} 127.0.0.1`];

test.use({ serverEnv: { HOLDFAST_ALLOWED_HOSTS: NAME } });

const advice = (page: Page) => page.getByRole('region', { name: 'No sync at this address' });

test('over plain http the first start says why nothing syncs and what to do; work is saved, also what a closing tab left in its journal', async ({
  server,
  openBrowser,
}) => {
  const baseURL = `http://${NAME}:${server.port}`;
  const { context } = await openBrowser('first', RULES, { baseURL });
  const asked: string[] = [];
  context.on('request', (request) => {
    if (new URL(request.url()).pathname.startsWith('/api/')) asked.push(request.url());
  });
  const page = await context.newPage();
  await page.goto('/');
  await expectOpen(page);
  expect(await page.evaluate(() => [isSecureContext, 'locks' in navigator, 'serviceWorker' in navigator])).toEqual([
    false,
    false,
    false,
  ]);
  await expect(advice(page)).toContainText('https://');
  await expect(advice(page)).toContainText('http://localhost');
  await expectNoViolation(page, 'the banner');
  await expectSyncState(page, 'insecure', 'Sync needs https');

  await writeNote(page, { title: 'Here', text: 'Saved in this browser.' });
  await expectSaveState(page, 'saved');
  await expectSyncState(page, 'insecure', '1 change waiting');

  // The end of the page comes before the hand-over: what is typed is in the journal alone.
  await typeAtEnd(page, ' The last words');
  const closed = page.waitForEvent('close');
  await page.close({ runBeforeUnload: true });
  await closed;

  const again = await context.newPage();
  await again.goto('/notes');
  await expectOpen(again);
  await openNote(again, 'Here');
  await expectOpenNote(again, { title: 'Here', text: 'Saved in this browser. The last words' });
  await advice(again).getByRole('button', { name: 'Got it' }).click();
  await expect(advice(again)).toBeHidden();

  await statusBar(again).getByRole('link', { name: 'Sync needs https' }).click();
  await expect(again.getByText('This address begins with http://')).toBeVisible();
  await again.goto('/settings/account');
  await again.getByRole('button', { name: 'Sign in', exact: true }).first().scrollIntoViewIfNeeded();
  expect(asked).toEqual([]);
});
