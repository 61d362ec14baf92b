/** Backups with no tab open: installed, the browser wakes the service worker for what is due. */
import { type BrowserContext, expect, type Page } from '@playwright/test';
import { expectSaveState, openApp, waitForServiceWorker, writeNote } from '#support/app-page.ts';
import { backupsIn } from '#support/kept-in-page.ts';
import { test } from '#support/test.ts';

test.use({ fullBrowser: true });

const note = { title: 'Photosynthesis', text: 'Light becomes sugar.' };
const TAG = 'holdfast-backups';

const tagsOf = (page: Page): Promise<readonly string[]> =>
  page.evaluate(async () => {
    const registration = (await navigator.serviceWorker.ready) as unknown as {
      readonly periodicSync: { getTags(): Promise<readonly string[]> };
    };
    return registration.periodicSync.getTags();
  });

async function install(context: BrowserContext, page: Page, origin: string): Promise<void> {
  const devtools = await context.newCDPSession(page);
  await devtools.send('PWA.install', { manifestId: `${origin}/` });
  await devtools.send('Browser.setPermission', {
    permission: { name: 'periodic-background-sync' },
    setting: 'granted',
    origin,
  });
}

/** As the browser does it when it likes. */
async function wake(context: BrowserContext, origin: string): Promise<void> {
  const devtools = await context.newCDPSession(await context.newPage());
  const known = new Promise<string>((resolve) => {
    devtools.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const found = registrations.find(({ scopeURL }) => scopeURL === `${origin}/`);
      if (found) resolve(found.registrationId);
    });
  });
  await devtools.send('ServiceWorker.enable');
  await devtools.send('ServiceWorker.dispatchPeriodicSyncEvent', { origin, registrationId: await known, tag: TAG });
}

test('what a person has written is backed up after the last tab was closed, with all that it says', async ({
  openBrowser,
  server,
}) => {
  const { context } = await openBrowser();
  const page = await openApp(context);
  await waitForServiceWorker(page);
  await install(context, page, server.url);
  await page.reload();
  await expect(async () => expect(await tagsOf(page)).toEqual([TAG])).toPass({ timeout: 10_000 });
  await writeNote(page, note);
  await expectSaveState(page, 'saved');
  expect(await backupsIn(page)).toEqual([]);
  await page.goto('about:blank');

  await wake(context, server.url);
  const looker = await context.newPage();
  await looker.goto('/rescue.html');
  await expect(async () => expect(await backupsIn(looker)).toHaveLength(1)).toPass({ timeout: 30_000, intervals: [500] });
  const [made] = await backupsIn(looker);
  expect(made?.counts.note).toEqual({ live: 1, binned: 0 });
  expect(made?.text).toContain(note.text);
});
