/** Files of a device beside the notes that name them: what they take, how they make room, how they leave with an export or an erasure. */
import { readFile } from 'node:fs/promises';
import { expect, type Page } from '@playwright/test';
import { strFromU8, unzipSync } from 'fflate';
import { expectSaveState, goTo, openApp, openNote, waitForServiceWorker, writeNote } from '#support/app-page.ts';
import { cancelAt } from '#support/backups-page.ts';
import {
  addFile,
  ageFiles,
  beginToAdd,
  hashesOfRows,
  hashOfBytes,
  namesInOrigin,
  namesOfFiles,
  waitForSent,
} from '#support/device-files.ts';
import { startFaultProxy } from '#support/fault-proxy.ts';
import { test } from '#support/test.ts';

const MB = 1_000_000;

/** Downloads the export, as its paths and bytes. */
async function exportAll(page: Page, form = 'ZIP, with pictures and files'): Promise<ReadonlyMap<string, Uint8Array>> {
  await page.getByRole('radio', { name: form }).check();
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export everything' }).click();
  return new Map(Object.entries(unzipSync(await readFile(await (await downloading).path()))));
}

test('an export has the files that its notes name, and a list of those that nobody has, as a backup and as Markdown', async ({
  openBrowser,
}) => {
  const { context } = await openBrowser();
  const page = await openApp(context);
  const picture = await addFile(page, { bytes: 5 * MB });
  const small = await addFile(page, { bytes: 900, seed: 3, type: 'application/pdf' });
  const lost = 'ab'.repeat(32);
  await writeNote(page, {
    title: 'With files',
    text: `![Leaf](files/${picture}.png) [Paper](files/${small}.pdf) files/${lost}.txt`,
  });
  await expectSaveState(page, 'saved');
  await page.goto('/settings/data');
  const files = await exportAll(page);
  expect(hashOfBytes(files.get(`files/${picture}.png`) as Uint8Array)).toBe(picture);
  expect(hashOfBytes(files.get(`files/${small}.pdf`) as Uint8Array)).toBe(small);
  expect(strFromU8(files.get('backup.json') as Uint8Array)).toContain('With files');
  expect(strFromU8(files.get('files/MISSING.txt') as Uint8Array)).toContain(`files/${lost}.txt\n  named in note “With files”`);
  await expect(page.getByText('1 file is not in it')).toBeVisible();

  const folder = await exportAll(page, 'Markdown, with pictures and files');
  expect(strFromU8(folder.get('With files.md') as Uint8Array)).toContain(`![Leaf](files/${picture}.png)`);
  expect(hashOfBytes(folder.get(`files/${picture}.png`) as Uint8Array)).toBe(picture);
  expect(strFromU8(folder.get('files/MISSING.txt') as Uint8Array)).toContain(`files/${lost}.txt\n  named in With files.md`);
});

test('an export that is canceled leaves nothing on the device', async ({ openBrowser }) => {
  const { context } = await openBrowser();
  const page = await openApp(context);
  const hashes: string[] = [];
  for (const seed of [1, 2, 3, 4]) hashes.push(await addFile(page, { bytes: 60 * MB, seed }));
  await writeNote(page, { title: 'Large', text: hashes.map((hash) => `files/${hash}.png`).join(' ') });
  await expectSaveState(page, 'saved');
  await page.goto('/settings/data');
  // While the files are looked for.
  await cancelAt(page.locator('export-card download-form'), 'of 4');
  await page.getByRole('button', { name: 'Export everything' }).click();
  await expect(page.getByText('Stopped. No file was made.')).toBeVisible({ timeout: 30_000 });
  await expect.poll(() => namesInOrigin(page)).not.toContainEqual(expect.stringContaining('holdfast-exports'));
});

test('where the browser keeps nothing, the export is a backup all the same', async ({ openBrowser }) => {
  const { context } = await openBrowser();
  // As a browser that blocks the data of sites: the worker's first look at IndexedDB is refused.
  await context.route(/\/store\.worker[^/]*\.js$/, async (route) => {
    const response = await route.fetch();
    const refuse = `Object.defineProperty(self, 'indexedDB', { get() { throw new DOMException('refused', 'SecurityError'); } });\n`;
    await route.fulfill({ contentType: 'text/javascript', headers: response.headers(), body: refuse + (await response.text()) });
  });
  const page = await openApp(context);
  await writeNote(page, { title: 'Only in memory', text: 'words' });
  await goTo(page, 'Settings');
  await page.getByRole('link', { name: 'Data' }).click();
  const files = await exportAll(page);
  expect(strFromU8(files.get('backup.json') as Uint8Array)).toContain('Only in memory');
  expect((await namesInOrigin(page)).filter((name) => /backups/.test(name))).toEqual([]);
});

test('files are counted by kind, and those that the server has make room, but not what was just used or never sent', async ({
  openBrowser,
}) => {
  const { context } = await openBrowser();
  const page = await openApp(context);
  const old = await addFile(page, { bytes: 3 * MB, seed: 1 });
  await writeNote(page, { title: 'Beside files', text: `files/${old}.png` });
  await waitForServiceWorker(page);
  await waitForSent(page, old);
  // A server that is asked would say that it lacks the others.
  await context.setOffline(true);
  const sound = await addFile(page, { bytes: 2 * MB, seed: 2, type: 'audio/mpeg' });
  await ageFiles(page, 5);
  const fresh = await addFile(page, { bytes: MB, seed: 3, sent: true });
  await page.goto('/settings/storage');
  await expect(page.getByRole('row', { name: 'Pictures 2 – 4 MB' })).toBeVisible();
  await expect(page.getByRole('row', { name: 'Audio 1 – 2 MB' })).toBeVisible();
  await expect(page.getByText('1 file that the server has was not opened here for two days')).toBeVisible();
  await page.getByRole('button', { name: 'Make room: 3 MB' }).click();
  await expect(page.getByText('3 MB are free: 1 file left this device.')).toBeVisible();
  await expect(page.getByRole('row', { name: 'Pictures 1 – 1 MB' })).toBeVisible();
  await expect(page.getByText('1 file (3 MB) left this device to make room')).toBeVisible();
  expect(await namesOfFiles(page)).toEqual([sound, fresh].toSorted());
  expect(await hashesOfRows(page)).toContain(old);
});

test('a file that finds no room gets that of a file that was not used for long and is on the server', async ({ openBrowser }) => {
  const { context } = await openBrowser();
  const page = await openApp(context);
  const old = await addFile(page, { bytes: 30 * MB, seed: 1 });
  await writeNote(page, { title: 'Full', text: `files/${old}.png` });
  await waitForSent(page, old);
  await context.setOffline(true);
  const unsent = await addFile(page, { bytes: 10 * MB, seed: 2 });
  await ageFiles(page, 40);
  const devtools = await context.newCDPSession(page);
  const { usage } = await devtools.send('Storage.getUsageAndQuota', { origin: new URL(page.url()).origin });
  await devtools.send('Storage.overrideQuotaForOrigin', { origin: new URL(page.url()).origin, quotaSize: usage + 5 * MB });
  const added = await addFile(page, { bytes: 20 * MB, seed: 3 });
  expect(await namesOfFiles(page)).toEqual([unsent, added].toSorted());
  expect(await hashesOfRows(page)).toContain(old);
  // Now nothing may go: what is refused leaves nothing.
  await beginToAdd(page, { bytes: 40 * MB, seed: 4 });
  await expect.poll(() => namesOfFiles(page)).toEqual([unsent, added].toSorted());
});

test('a large file that is fetched says how far it is and can be canceled, and its address is given back', async ({
  openBrowser,
  server,
}) => {
  test.setTimeout(120_000);
  const proxy = await startFaultProxy(server.url);
  const { context } = await openBrowser('first', [], { baseURL: proxy.url });
  await context.addInitScript(() => {
    const living = new Set<string>();
    const [create, revoke] = [URL.createObjectURL, URL.revokeObjectURL];
    URL.createObjectURL = (source) => {
      const url = create.call(URL, source);
      if (source instanceof Blob && source.size > 1_000_000) living.add(url);
      document.documentElement.dataset['living'] = String(living.size);
      return url;
    };
    URL.revokeObjectURL = (url) => {
      living.delete(url);
      document.documentElement.dataset['living'] = String(living.size);
      revoke.call(URL, url);
    };
  });
  const page = await openApp(context);
  const hash = await addFile(page, { bytes: 3 * MB, type: 'application/pdf' });
  await writeNote(page, { title: 'Paper', text: `[Thesis](files/${hash}.pdf)` });
  await waitForSent(page, hash);
  await ageFiles(page, 5);
  await page.goto('/settings/storage');
  await page.getByRole('button', { name: 'Make room: 3 MB' }).click();
  await expect.poll(() => namesOfFiles(page)).toEqual([]);

  proxy.setRate(1000);
  await page.goto('/notes');
  await openNote(page, 'Paper');
  await page.getByRole('switch', { name: 'Preview' }).click();
  const file = page.getByRole('region', { name: 'Preview' }).locator('kept-file');
  await expect(file.getByRole('progressbar', { name: 'Fetching Thesis' })).toBeVisible({ timeout: 30_000 });
  await expect(file.getByText('of 3 MB')).toBeVisible();
  await file.getByRole('button', { name: 'Cancel' }).click();
  await expect(file.getByText('It was not fetched: you have stopped it.')).toBeVisible();
  const again = file.getByRole('button', { name: 'Fetch it' });
  await expect(again).toBeFocused();
  // Nothing goes on behind it, and no sync asks for it again.
  await expect.poll(() => namesOfFiles(page)).toEqual([]);
  proxy.setRate(null);
  await again.click();
  await expect(file.getByRole('button', { name: 'Download' })).toBeVisible({ timeout: 30_000 });
  for (let time = 0; time < 3; time++) {
    await page.getByRole('switch', { name: 'Preview' }).click();
    await page.getByRole('switch', { name: 'Preview' }).click();
    await expect(file.getByRole('button', { name: 'Download' })).toBeVisible();
  }
  await expect(page.locator('html')).toHaveAttribute('data-living', '1');
  await page.getByRole('switch', { name: 'Preview' }).click();
  await expect(page.locator('html')).toHaveAttribute('data-living', '0');
  await proxy.close();
});

test('an erasure takes files, thumbnails, parts and archives along', async ({ openBrowser }) => {
  const { context } = await openBrowser();
  const page = await openApp(context);
  await waitForServiceWorker(page);
  const picture = await addFile(page, { bytes: 2 * MB });
  await writeNote(page, { title: 'Going', text: `![](files/${picture}.png)` });
  await expectSaveState(page, 'saved');
  await page.goto('/settings/data');
  await exportAll(page);
  await page.evaluate(async () => {
    const root = await (await navigator.storage.getDirectory()).getDirectoryHandle('holdfast-blobs');
    for await (const folder of root.values())
      await (folder as FileSystemDirectoryHandle).getFileHandle('left.part', { create: true });
  });
  expect((await namesInOrigin(page)).filter((name) => /blobs|exports/.test(name))).toHaveLength(3);
  // What another program has shared, and no account could take yet.
  await page.evaluate(async () => (await caches.open('holdfast-shared')).put('/share/x/0', new Response('private')));
  await page.getByRole('button', { name: 'Erase this device…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Erase everything in this browser?' });
  await dialog.getByRole('textbox', { name: 'Type “erase” to go on' }).fill('erase');
  await dialog.getByRole('button', { name: 'Erase everything' }).click();
  await page.waitForURL((url) => url.pathname !== '/settings/data');
  await expect(page.getByRole('heading', { name: 'Write. It is kept.' })).toBeVisible();
  expect((await namesInOrigin(page)).filter((name) => /blobs|exports/.test(name))).toEqual([]);
  expect(await hashesOfRows(page)).toEqual([]);
  expect(await page.evaluate(() => caches.has('holdfast-shared'))).toBe(false);
});
