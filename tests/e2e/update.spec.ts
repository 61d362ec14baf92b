/** A new version is offered, never forced: what is typed is kept, and every tab moves over once. */
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { WORKSPACE_VERSION } from '#store/schema/schema.ts';
import {
  appendText,
  expectOpen,
  expectOpenNote,
  expectSaveState,
  openApp,
  openNote,
  textField,
  titleField,
  typeAtEnd,
  waitForServiceWorker,
  writeNote,
} from '#support/app-page.ts';
import type { PersistentBrowser } from '#support/browser.ts';
import { launchFirefox, whyNoFirefox } from '#support/firefox.ts';
import { startServer } from '#support/server-process.ts';
import { test as base } from '#support/test.ts';
import { outdate } from '#support/workspace-database.ts';

interface Installed {
  /** The folder of the build that is served: a copy, which a test may turn into the next version. */
  readonly app: string;
  /** A browser over the server that serves it. */
  readonly context: PersistentBrowser['context'];
}

const test = base.extend<{ readonly engine: 'chromium' | 'firefox'; readonly installed: Installed }>({
  engine: ['chromium', { option: true }],
  installed: async ({ folder, engine, openBrowser }, use) => {
    const app = join(folder, 'app');
    await cp('dist', app, { recursive: true });
    const server = await startServer({ dataDir: join(folder, 'updating'), env: { HOLDFAST_APP_DIR: app } });
    const open = {
      chromium: () => openBrowser('updating', [], { baseURL: server.url }),
      // It reports an event stream without a network as an error of the page, so nobody watches for those.
      firefox: () => launchFirefox(join(folder, 'profile-updating'), { baseURL: server.url }),
    };
    const { context } = await open[engine]();
    await use({ app, context });
    await context.close();
    await server.stop();
  },
});

/** Lets the service worker of the build in `folder` open workspaces with a newer version of their database. */
async function raiseDatabaseVersion(folder: string): Promise<void> {
  const worker = join(folder, 'sw.js');
  const script = await readFile(worker, 'utf8');
  const [, nameOf = ''] = /([\w$]+)=[\w$]+=>`holdfast-ws-/.exec(script) ?? [];
  const call = new RegExp(`(\\(${nameOf.replaceAll('$', '\\$')}\\([^)]*\\)),${WORKSPACE_VERSION},`);
  const raised = script.replace(call, `$1,${WORKSPACE_VERSION + 1},`);
  expect(raised, 'the service worker opens workspaces').not.toBe(script);
  await writeFile(worker, raised);
}

/** Makes the build in `folder` the next version: its page says so, and its service worker knows the new page. */
async function publishNextVersion(folder: string): Promise<void> {
  const page = join(folder, 'index.html');
  const worker = join(folder, 'sw.js');
  const html = await readFile(page, 'utf8');
  await writeFile(page, html.replace('<head>', '<head><meta name="version-of-this-test" content="2">'));
  const script = await readFile(worker, 'utf8');
  const revised = script.replace(
    /"revision":"[0-9a-f]{32}","url":"index\.html"/,
    `"revision":"${'2'.repeat(32)}","url":"index.html"`,
  );
  expect(revised, 'the service worker names the page with a revision').not.toBe(script);
  await writeFile(worker, revised);
  for (const file of [page, worker]) for (const ending of ['br', 'gz']) await rm(`${file}.${ending}`, { force: true });
}

const isNext = (page: Page): Promise<boolean> =>
  page.evaluate(() => document.querySelector('meta[name=version-of-this-test]') !== null);

/** How often this tab has loaded a document since the test began; a reload keeps session storage. */
async function countLoads(page: Page): Promise<void> {
  await page.addInitScript(() => sessionStorage.setItem('loads', String(Number(sessionStorage.getItem('loads') ?? 0) + 1)));
}
const loads = (page: Page): Promise<string | null> => page.evaluate(() => sessionStorage.getItem('loads'));

test('an update is offered in every tab, keeps what was just typed, and moves each tab once', async ({ installed }) => {
  const { app, context } = installed;
  const first = await openApp(context);
  await waitForServiceWorker(first);
  await writeNote(first, { title: 'Before', text: 'written in the old version' });
  const second = await context.newPage();
  await second.goto('/notes');
  await expectOpen(second);
  await Promise.all([countLoads(first), countLoads(second)]);

  await publishNextVersion(app);
  await first.evaluate(async () => (await navigator.serviceWorker.ready).update());
  const banner = (page: Page) => page.getByRole('region', { name: 'Update' });
  await expect(banner(first)).toBeVisible();
  await expect(banner(second)).toBeVisible();
  expect(await isNext(first)).toBe(false);

  // Typed, and nothing waited for: the update must not lose it.
  await typeAtEnd(first, ', and to the last key');
  await banner(first).getByRole('button', { name: 'Update now' }).click();
  await expect.poll(() => isNext(first).catch(() => false)).toBe(true);
  await expect.poll(() => isNext(second).catch(() => false)).toBe(true);
  await expect(titleField(first)).toHaveValue('Before');
  await expect(textField(first)).toContainText('written in the old version, and to the last key');
  await expectOpen(second);
  expect(await Promise.all([loads(first), loads(second)])).toEqual(['1', '1']);
  await expect(banner(first)).toBeHidden();
  await second.bringToFront();
  await openNote(second, 'Before');
  await appendText(second, '; the new one writes, too');
  await expect(textField(first)).toContainText('the new one writes, too');
});

for (const engine of ['chromium', 'firefox'] as const)
  test.describe(engine, () => {
    test.use({ engine });
    test.skip(engine === 'firefox' && whyNoFirefox !== null, whyNoFirefox ?? '');

    test('a newer version that waits opens no database: the tabs of the old one write on', async ({ installed }) => {
      const { app, context } = installed;
      const page = await openApp(context);
      await waitForServiceWorker(page);
      await context.setOffline(true);
      await writeNote(page, { title: 'Waiting', text: 'to be sent' });
      await context.setOffline(false);
      await raiseDatabaseVersion(app);
      await publishNextVersion(app);
      await page.evaluate(async () => (await navigator.serviceWorker.ready).update());
      await expect(page.getByRole('region', { name: 'Update' })).toBeVisible();
      await appendText(page, ', and more');
      await page.reload();
      await expectOpenNote(page, { title: 'Waiting', text: 'to be sent, and more' });
    });
  });

test('an update in a tab whose words are on no disk asks first, and offers them as a file', async ({ installed }) => {
  const { app, context } = installed;
  const page = await openApp(context);
  await waitForServiceWorker(page);
  await writeNote(page, { title: 'Precious', text: 'On the disk.' });
  await publishNextVersion(app);
  await page.evaluate(async () => (await navigator.serviceWorker.ready).update());
  const updateNow = page.getByRole('button', { name: 'Update now' });
  await expect(updateNow).toBeVisible();

  await outdate(page);
  await typeAtEnd(page, ' Nowhere else.');
  await expectSaveState(page, 'error');
  await updateNow.click();
  const dialog = page.getByRole('dialog', { name: 'Some of your words are not saved' });
  await expect(dialog).toContainText('Precious');
  await dialog.getByRole('button', { name: 'Stay here' }).click();
  await expect(updateNow).toBeEnabled();
  expect(await isNext(page)).toBe(false);
  await expectOpenNote(page, { title: 'Precious', text: 'On the disk. Nowhere else.' });

  // Once the person has said so, nobody asks again: not when the new version takes over, and not the browser.
  await updateNow.click();
  await dialog.getByRole('button', { name: 'Go on without them' }).click();
  await expect.poll(() => isNext(page).catch(() => false)).toBe(true);
});
