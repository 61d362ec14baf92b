/** Folders as places of backups: written, mirrored, restored from, and barred by the browser after a reload. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { appendText, expectSaveState, goTo, openApp, openNote, writeNote } from '#support/app-page.ts';
import { filesInOwnFolder, pickDraggedFolder, pickOwnFolder, saveOwnFolder } from '#support/picked-folder.ts';
import { test } from '#support/test.ts';

const places = (page: Page) => page.getByRole('list', { name: 'Places' }).getByRole('listitem');
/** The one of that name. */
const place = (page: Page, name: string) => places(page).filter({ has: page.getByText(name, { exact: true }) });
const backups = (page: Page) => page.getByRole('list', { name: 'Backups' }).getByRole('listitem');
async function writeFirst(page: Page): Promise<void> {
  await writeNote(page, { title: 'Photosynthesis', text: 'Water in, oxygen out.' });
  await expectSaveState(page, 'saved');
}

async function addFolder(page: Page, name: string): Promise<void> {
  await goTo(page, 'Backups');
  await page.getByRole('button', { name: 'Add a folder…' }).click();
  await expect(page.getByText(`${name} has everything, verified.`)).toBeVisible({ timeout: 30_000 });
}

test('a folder gets what the device has, is listed, restored from, and forgotten without losing it', async ({ openBrowser }) => {
  const { context } = await openBrowser();
  await pickOwnFolder(context, 'Stick');
  const page = await openApp(context);
  await writeFirst(page);
  await addFolder(page, 'Stick');
  await expect(page.getByRole('heading', { name: /Last verified just now, in [23] places/ })).toBeVisible();
  // The device, the server of the account, and the folder.
  await expect(places(page)).toHaveCount(3);
  await expect(place(page, 'Stick')).toContainText('1 backup');
  const files = await filesInOwnFolder(page, 'Stick');
  expect(files.filter((path) => path.startsWith('holdfast-backups/') && path.endsWith('.json.gz'))).toHaveLength(1);

  await page.reload();
  await expect(place(page, 'Stick')).toContainText('1 backup');
  await page.getByLabel('Schedule of Stick').selectOption('Once a day');
  await goTo(page, 'Notes');
  await goTo(page, 'Backups');
  await expect(page.getByLabel('Schedule of Stick')).toHaveValue('daily');

  // All backups of the device are gone, and the note is another: the one in the folder brings it back.
  await backups(page)
    .first()
    .getByRole('button', { name: /More about/ })
    .click();
  await page.getByRole('menuitem', { name: 'Remove' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove it' }).click();
  await expect(page.getByText('No backups yet')).toBeVisible();
  await goTo(page, 'Notes');
  await openNote(page, 'Photosynthesis');
  await page.getByRole('textbox', { name: 'Title' }).fill('Changed');
  await expectSaveState(page, 'saved');
  await goTo(page, 'Backups');
  await page.getByLabel('Place', { exact: true }).selectOption('Stick');
  await backups(page)
    .first()
    .getByRole('button', { name: /Restore from/ })
    .click();
  await page.getByRole('radio', { name: 'As it was then' }).check();
  await page.getByRole('button', { name: /Restore \d+ entr/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Restore' }).click();
  await expect(page.getByText(/Restored: \d+ entr/)).toBeVisible({ timeout: 30_000 });

  await goTo(page, 'Backups');
  await page.getByRole('button', { name: 'More about Stick' }).click();
  await page.getByRole('menuitem', { name: 'Remove from the list' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove from the list' }).click();
  await expect(places(page)).toHaveCount(2);
  expect(await filesInOwnFolder(page, 'Stick')).toEqual(expect.arrayContaining([...files]));
});

test('a live mirror follows what is typed, and keeps one', async ({ openBrowser }) => {
  test.slow();
  const { context } = await openBrowser();
  await pickOwnFolder(context, 'Mirror');
  const page = await openApp(context);
  await writeFirst(page);
  await addFolder(page, 'Mirror');
  await page.getByRole('switch', { name: 'Live mirror in Mirror' }).check();
  const lists = async () => (await filesInOwnFolder(page, 'Mirror')).filter((path) => path.endsWith('.json.gz'));
  // The schedule begins twenty seconds after the start.
  await expect.poll(async () => (await lists()).length, { timeout: 60_000 }).toBe(2);
  const [first] = [...(await lists())].reverse();
  await goTo(page, 'Notes');
  await openNote(page, 'Photosynthesis');
  await appendText(page, ' And sugar.');
  await expect.poll(async () => (await lists()).includes(first ?? ''), { timeout: 60_000 }).toBe(false);
  expect(await lists()).toHaveLength(2);
  await goTo(page, 'Backups');
  await expect(place(page, 'Mirror')).toContainText('mirrored just now');
  await page.getByLabel('Place', { exact: true }).selectOption('Mirror');
  await expect(backups(page)).toHaveCount(2);
  await expect(backups(page).first()).toContainText('live mirror');
});

test('a folder that the browser bars after a reload is said quietly, and asked for with one press', async ({
  openBrowser,
  folder,
}) => {
  const path = join(folder, 'Documents');
  await mkdir(path);
  const page = await openApp((await openBrowser()).context);
  await writeFirst(page);
  await goTo(page, 'Backups');
  await pickDraggedFolder(page, path);
  await page.getByRole('button', { name: 'Add a folder…' }).click();
  // A dragged folder may be read: the browser asks before it is written.
  await expect(page.getByText('No permission for the backup folder')).toBeVisible({ timeout: 30_000 });
  await expect(place(page, 'Documents')).toContainText('The browser asks for your permission again');

  await goTo(page, 'Notes');
  await page.reload();
  const banner = page.getByRole('status', { name: 'Backups' });
  await expect(banner).toContainText('before backups go to Documents again', { timeout: 20_000 });
  // The question is the browser's own, and nobody says yes here: the app says so, and the work goes on.
  await banner.getByRole('button', { name: 'Allow' }).click();
  await expect(page.getByText('Not backed up to Documents')).toBeVisible();
  await openNote(page, 'Photosynthesis');
  await appendText(page, ' More.');
  await expectSaveState(page, 'saved');
  await banner.getByRole('button', { name: 'Later' }).click();
  await expect(banner).toBeHidden();
  await goTo(page, 'Backups');
  await expect(page.getByRole('heading', { name: /Last verified / })).toBeVisible();
  await expect(place(page, 'Documents').getByRole('button', { name: 'Allow' })).toBeVisible();
});

/** The browser forgets everything but the folder that stands in for one of the person. */
async function forgetAllBut(page: Page, folder: string, url: string): Promise<void> {
  await page.goto(`${url}/rescue.html`);
  const devtools = await page.context().newCDPSession(page);
  const storageTypes = 'cookies,indexeddb,local_storage,service_workers,cache_storage';
  await devtools.send('Storage.clearDataForOrigin', { origin: url, storageTypes });
  await page.evaluate(async (kept) => {
    const origin = await navigator.storage.getDirectory();
    for await (const name of origin.keys()) if (name !== kept) await origin.removeEntry(name, { recursive: true });
  }, folder);
}

const bringBack = async (page: Page): Promise<void> => {
  await expect(page.getByRole('group', { name: /Backups in/ }).getByRole('radio')).toBeChecked();
  await page.getByRole('button', { name: 'Bring everything back' }).click();
  await expect(page.getByText(/entr.* back\. It can be undone/)).toBeVisible({ timeout: 60_000 });
  await page.getByRole('link', { name: 'To your notes' }).click();
  await openNote(page, 'Photosynthesis');
};

test('a browser that has forgotten everything gets it back from the folder, and goes on with it', async ({
  openBrowser,
  server,
}) => {
  test.slow();
  const { context } = await openBrowser();
  await pickOwnFolder(context, 'Stick');
  const page = await openApp(context);
  await writeFirst(page);
  await addFolder(page, 'Stick');
  await forgetAllBut(page, 'Stick', server.url);
  await page.goto('/');
  await page.getByRole('link', { name: /I already have work/ }).click();
  await page.getByRole('button', { name: 'Choose the folder…' }).click();
  await bringBack(page);
  await expect(page.getByText('Backups go on in Stick, with a live mirror')).toBeVisible();
  await goTo(page, 'Backups');
  await expect(page.getByRole('switch', { name: 'Live mirror in Stick' })).toBeChecked();
  const folders = new Set((await filesInOwnFolder(page, 'Stick')).map((path) => path.split('/')[1]));
  expect(folders.size).toBe(1);
});

test('another browser that gives no folder reads the files of one', async ({ openBrowser, folder }) => {
  test.slow();
  const first = await openBrowser();
  await pickOwnFolder(first.context, 'Stick');
  const page = await openApp(first.context);
  await writeFirst(page);
  await addFolder(page, 'Stick');
  const path = join(folder, 'Stick');
  await saveOwnFolder(page, 'Stick', path);

  const { context } = await openBrowser('second');
  await context.addInitScript(() => Reflect.deleteProperty(window, 'showDirectoryPicker'));
  const other = await openApp(context);
  await other.getByRole('link', { name: /I already have work/ }).click();
  await other.getByLabel('Folder of backups', { exact: true }).setInputFiles(path);
  await bringBack(other);
});
