/** Backups with no tab open: installed, the browser wakes the service worker for what is due. */
import { type BrowserContext, expect, type Page } from '@playwright/test';
import type { App } from '#app/app.ts';
import type { ServerBackups } from '#core/backup-protocol.ts';
import { paths } from '#core/paths.ts';
import {
  expectSaveState,
  expectSyncState,
  openApp,
  readAccountKeys,
  waitForServiceWorker,
  writeNote,
} from '#support/app-page.ts';
import { backupsIn } from '#support/kept-in-page.ts';
import { filesInOwnFolder, pickOwnFolder } from '#support/picked-folder.ts';
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

/** The same, waiting for all that comes of it. */
async function wakeToTheEnd(context: BrowserContext): Promise<void> {
  const [worker] = context.serviceWorkers();
  await worker?.evaluate(async (tag) => {
    const work: Promise<unknown>[] = [];
    const waitUntil = (one: Promise<unknown>) => void work.push(one);
    self.dispatchEvent(Object.assign(new Event('periodicsync'), { tag, waitUntil }));
    if (work.length === 0) throw new Error('nothing waits for this event');
    await Promise.all(work);
  }, TAG);
}

/** Installed, with the wakes that the browser gives an app that is used, and with a note that was just written. */
async function openWithNote(context: BrowserContext, origin: string): Promise<Page> {
  const page = await openApp(context);
  await waitForServiceWorker(page);
  await install(context, page, origin);
  await page.reload();
  await expect(async () => expect(await tagsOf(page)).toEqual([TAG])).toPass({ timeout: 10_000 });
  await writeNote(page, note);
  await expectSaveState(page, 'saved');
  return page;
}

/** A page of the origin that runs none of the app. */
async function openLooker(context: BrowserContext): Promise<Page> {
  const looker = await context.newPage();
  await looker.goto('/rescue.html');
  return looker;
}

test('what a person has written is backed up after the last tab was closed, with all that it says', async ({
  openBrowser,
  server,
}) => {
  const { context } = await openBrowser();
  const page = await openWithNote(context, server.url);
  expect(await backupsIn(page)).toEqual([]);
  await page.goto('about:blank');

  await wake(context, server.url);
  const looker = await openLooker(context);
  await expect(async () => expect(await backupsIn(looker)).toHaveLength(1)).toPass({ timeout: 30_000, intervals: [500] });
  const [made] = await backupsIn(looker);
  expect(made?.counts.note).toEqual({ live: 1, binned: 0 });
  expect(made?.text).toContain(note.text);
});

type Shell = HTMLElement & { readonly app: App };

test('it is copied to a folder and to the server as well', async ({ openBrowser, server }) => {
  const { context } = await openBrowser();
  await pickOwnFolder(context, 'Stick');
  const page = await openWithNote(context, server.url);
  await expectSyncState(page, 'synced');
  const { accountId } = await readAccountKeys(page);
  // Before the tab itself keeps the schedule, twenty seconds into its start.
  await page.evaluate(async () => {
    const { app } = document.querySelector('app-shell') as Shell;
    const picked = await (
      window as unknown as { showDirectoryPicker(): Promise<FileSystemDirectoryHandle> }
    ).showDirectoryPicker();
    const added = await app.backups.addBackupFolder(picked);
    if (!added.ok) throw new Error(added.error.type);
  });
  await page.goto('about:blank');
  const looker = await openLooker(context);
  const listsInFolder = async () => (await filesInOwnFolder(looker, 'Stick')).filter((path) => path.endsWith('.json.gz'));
  const onServer = async () => {
    const answer = await context.request.get(`${server.url}${paths.backups(accountId)}`);
    return ((await answer.json()) as ServerBackups).backups;
  };
  expect([await backupsIn(looker), await listsInFolder(), await onServer()]).toEqual([[], [], []]);

  await wake(context, server.url);
  await expect(async () => expect(await onServer()).toHaveLength(1)).toPass({ timeout: 60_000, intervals: [500] });
  const [made] = await onServer();
  expect(await backupsIn(looker)).toHaveLength(1);
  expect(await listsInFolder()).toEqual([expect.stringContaining(`/${made?.id}.json.gz`)]);
});

test('an account that is being removed from the browser is not backed up meanwhile, and no folder of it comes back', async ({
  openBrowser,
  server,
}) => {
  const { context } = await openBrowser();
  const page = await openWithNote(context, server.url);
  const { workspaceId } = await readAccountKeys(page);
  await page.goto('about:blank');
  const looker = await openLooker(context);
  const release = await looker.evaluateHandle(
    (name) =>
      new Promise<() => void>((held, failed) => {
        navigator.locks.request(name, () => new Promise<void>((free) => held(() => free()))).catch(failed);
      }),
    `holdfast-open:${workspaceId}`,
  );
  await wakeToTheEnd(context);
  expect(await backupsIn(looker)).toEqual([]);

  await release.evaluate((free) => free());
  await wakeToTheEnd(context);
  expect(await backupsIn(looker)).toHaveLength(1);
});
