/** The browser's own judgement: it finds nothing that keeps the app from being installed, installs it, and starts it. */
import { expect } from '@playwright/test';
import { expectOpenNote, openApp, openNote, waitForServiceWorker, writeNote } from '#support/app-page.ts';
import { test } from '#support/test.ts';

const note = { title: 'Installed', text: 'Written in a window of its own.' };

test.use({ fullBrowser: true });

test('the browser finds no installability error, and no error in the manifest', async ({ openBrowser }) => {
  const { context } = await openBrowser();
  const page = await openApp(context);
  await waitForServiceWorker(page);
  const devtools = await context.newCDPSession(page);
  expect(await devtools.send('Page.getInstallabilityErrors')).toEqual({ installabilityErrors: [] });
  const { errors, url } = await devtools.send('Page.getAppManifest');
  expect(errors).toEqual([]);
  expect(new URL(url).pathname).toBe('/manifest.webmanifest');

  // The check is awake: a page without a manifest does not pass it.
  await page.goto('/rescue.html');
  const { installabilityErrors } = await devtools.send('Page.getInstallabilityErrors');
  expect(installabilityErrors.map(({ errorId }) => errorId)).toContain('no-manifest');
});

test('installed by the browser, the app starts in a window of its own, without the server too, and keeps what is written there', async ({
  server,
  openBrowser,
}) => {
  const { context } = await openBrowser('first', [], { viewport: null });
  const page = await openApp(context);
  await waitForServiceWorker(page);
  const devtools = await context.newCDPSession(page);
  const manifestId = `${server.url}/`;
  await expect(devtools.send('PWA.launch', { manifestId })).rejects.toThrow('Failed to launch');

  await devtools.send('PWA.install', { manifestId });
  await devtools.send('PWA.changeAppUserSettings', { manifestId, displayMode: 'standalone' });
  await server.kill('SIGKILL');
  const opening = context.waitForEvent('page');
  await devtools.send('PWA.launch', { manifestId });
  const app = await opening;
  await writeNote(app, note);
  expect(await app.evaluate(() => matchMedia('(display-mode: standalone)').matches)).toBe(true);

  await openNote(page, note.title);
  await expectOpenNote(page, note);
});
