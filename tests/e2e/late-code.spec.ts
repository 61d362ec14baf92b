/** Code that the browser does not get when it is wanted first is asked for again: nothing waits for the next start. */
import { expect, type Page } from '@playwright/test';
import { goTo, openApp, writeNote } from '#support/app-page.ts';
import { test } from '#support/test.ts';

const note = { title: 'On a bad line', text: 'Kept all the same.' };

/** The files of the second copy. */
const copies = (page: Page): Promise<number> =>
  page.evaluate(async () => {
    let files = 0;
    const root = await (await navigator.storage.getDirectory()).getDirectoryHandle('holdfast-copy').catch(() => null);
    for await (const folder of (root?.values() ?? []) as AsyncIterable<FileSystemDirectoryHandle>)
      if (folder.name !== 'registry') for await (const _ of folder.values()) files += 1;
    return files;
  });

test('the second copy and the schedule of backups begin when their code can be loaded', async ({ openBrowser }) => {
  test.setTimeout(120_000);
  // No service worker has the code, and words that are sent are in no copy.
  const { context } = await openBrowser('first', [], { serviceWorkers: 'block' });
  await context.route(/\/api\//, (route) => route.abort());
  let isAway = true;
  await context.route(/\/assets\/(keep-copy|backup-drivers)-/, (route) => (isAway ? route.abort() : route.continue()));
  const page = await openApp(context);
  await writeNote(page, note);
  // The schedule begins 20 s after the start.
  await expect.poll(() => page.evaluate(() => performance.now()), { timeout: 60_000 }).toBeGreaterThan(25_000);
  expect(await copies(page)).toBe(0);
  isAway = false;
  await expect.poll(() => copies(page), { timeout: 40_000 }).toBe(1);
  await goTo(page, 'Backups');
  await expect(page.getByRole('list', { name: 'Backups' }).getByRole('listitem')).toHaveCount(1, { timeout: 60_000 });
});

test('a form whose code does not load says so, and works when it is sent again', async ({ openBrowser }) => {
  const { context } = await openBrowser('first', [], { serviceWorkers: 'block' });
  const away = new Set<string>();
  await context.route(/\/assets\/(account-api|password|recovery-code)-/, (route, request) => {
    const isFirst = !away.has(request.url());
    away.add(request.url());
    return isFirst ? route.abort() : route.continue();
  });
  const page = await openApp(context);
  await page.goto('/settings/account');
  const form = page.getByRole('form', { name: 'Sign in' });
  await form.getByLabel('Name').fill('nobody');
  await form.getByLabel('Password').fill('wrong password');
  const answers = form.getByRole('alert');
  await form.getByRole('button', { name: 'Sign in' }).click();
  await expect(answers).toContainText('cannot be reached');
  await expect(async () => {
    await form.getByRole('button', { name: 'Sign in' }).click();
    await expect(answers).toContainText('Name or password is wrong', { timeout: 5000 });
  }).toPass();
  expect(away.size).toBeGreaterThan(0);
});
