/**
 * Files on their way: from one device to the server and on to another, over what goes wrong in between. They are added as the page
 * adds them, named by a note, and looked for in the storage of the other browser.
 */
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BrowserContext, expect, type Page } from '@playwright/test';
import { enterAsDevice } from '#support/api-client.ts';
import {
  appendText,
  enterByCode,
  expectOpen,
  expectSyncState,
  noteInList,
  openApp,
  openNote,
  readAccountKeys,
  readRecoveryCode,
  titleField,
  waitForServiceWorker,
  writeNote,
} from '#support/app-page.ts';
import { addFile, hashOfBytes, readFiles, readRows } from '#support/device-files.ts';
import { type FaultProxy, startFaultProxy } from '#support/fault-proxy.ts';
import { openStatus } from '#support/status-page.ts';
import { test as base } from '#support/test.ts';

const MB = 1024 * 1024;
const SENT_MS = 120_000;
const BLOBS = /\/blobs\//;

/** Minutes of the browser's retries are seconds (see `close-the-tab.spec.ts`). */
const SHORT_RETRIES = [
  '--force-fieldtrials=BackgroundSync/Enabled',
  '--force-fieldtrial-params=BackgroundSync.Enabled:initial_retry_delay_sec/5/retry_delay_factor/3',
];

const test = base.extend<{ readonly network: FaultProxy }>({
  network: async ({ server }, use) => {
    const proxy = await startFaultProxy(server.url);
    await use(proxy);
    await proxy.close();
  },
});
test.use({ fullBrowser: true });
test.slow();

/** An account on the server, and the service worker ready. */
async function startOnline(context: BrowserContext): Promise<Page> {
  const page = await openApp(context);
  await waitForServiceWorker(page);
  await writeNote(page, { title: 'Before', text: 'Words.' });
  await expectSyncState(page, 'synced');
  return page;
}

const naming = (hashes: readonly string[]): string => hashes.map((hash) => `![](files/${hash}.png)`).join('\n\n');

/** Adds files of these sizes, and writes a note that names them. Gives their hashes. */
async function writeWithFiles(page: Page, title: string, sizes: readonly number[], seed = 1): Promise<readonly string[]> {
  const hashes: string[] = [];
  for (const [at, bytes] of sizes.entries()) hashes.push(await addFile(page, { bytes, seed: seed + at }));
  await writeNote(page, { title, text: naming(hashes) });
  return hashes;
}

const unsentOf = async (page: Page): Promise<readonly string[]> =>
  (await readRows(page)).flatMap(({ hash, sent }) => (sent ? [] : [hash]));

/** What the server has of these: the hashes of what it gives out under them. */
async function onServer(url: string, page: Page, hashes: readonly string[]): Promise<() => Promise<readonly (string | null)[]>> {
  const client = await enterAsDevice(url, await readAccountKeys(page));
  return () =>
    Promise.all(
      hashes.map(async (hash) => {
        const bytes = await client.readBlob(hash);
        return bytes && hashOfBytes(bytes);
      }),
    );
}

const putBytes = ({ requests }: FaultProxy, hash: string): number =>
  requests.reduce((sum, { method, path, bytes }) => sum + (method === 'PUT' && path.includes(hash) ? bytes : 0), 0);
/** Waits until so many bytes of a blob have come by. */
const passed = (proxy: FaultProxy, hash: string, bytes: number): Promise<void> =>
  expect.poll(() => putBytes(proxy, hash), { timeout: SENT_MS, intervals: [100] }).toBeGreaterThanOrEqual(bytes);

test("where the place of the server's files is gone, bar and Status say so and what helps, and all of them arrive once it is back", async ({
  openBrowser,
  server,
}) => {
  const { context } = await openBrowser();
  const page = await startOnline(context);
  const blobs = join(server.dataDir, 'blobs');
  const [first = ''] = await writeWithFiles(page, 'One that the server has', [100_000]);
  const server1 = await onServer(server.url, page, [first]);
  await expect.poll(server1, { timeout: SENT_MS }).toEqual([first]);
  await rename(blobs, `${blobs}-unmounted`);
  const hashes = await writeWithFiles(page, 'Two that wait', [200_000, 300_000], 50);
  const bar = page.locator('status-bar').getByRole('status');
  await expect(bar).toContainText('The server cannot take files now (503)', { timeout: SENT_MS });
  await expect(bar).toContainText('Synced');
  await openStatus(page, 'Overview');
  const card = page.getByRole('region', { name: 'Files on their way' });
  await expect(card).toContainText('2 files (500 kB) are still to be sent');
  await expect(card).toContainText('tell whoever runs the server');
  await expect(page.getByRole('region', { name: 'Is it safe to close?' })).toContainText('The server cannot take files now');
  await rename(`${blobs}-unmounted`, blobs);
  await card.getByRole('button', { name: 'Try again' }).click();
  await expect.poll(await onServer(server.url, page, hashes), { timeout: SENT_MS }).toEqual(hashes);
  await expect(card).toBeHidden();
});

test('Status shows how far a large file is', async ({ network: proxy, openBrowser }) => {
  const page = await startOnline((await openBrowser('first', [], { baseURL: proxy.url })).context);
  proxy.setRate(6000);
  await writeWithFiles(page, 'With a recording', [10 * MB]);
  await openStatus(page, 'Overview');
  const card = page.getByRole('region', { name: 'Files on their way' });
  const bar = card.getByRole('progressbar', { name: 'The file that is sent now' });
  const sent = () => bar.evaluate((progress: HTMLProgressElement) => progress.value);
  await expect.poll(sent, { timeout: SENT_MS }).toBeGreaterThan(0);
  const before = await sent();
  await expect(card).toContainText(/ of 10\.5 MB of the file that is sent now/);
  await expect.poll(sent, { timeout: SENT_MS, intervals: [100] }).toBeGreaterThan(before);
  proxy.setRate(200_000);
  await expect(card).toBeHidden({ timeout: SENT_MS });
});

test('60 MB over a connection that breaks ten times are on a second device, byte by byte', async ({
  server,
  network: proxy,
  openBrowser,
}) => {
  test.setTimeout(600_000);
  const options = { baseURL: proxy.url };
  const page = await startOnline((await openBrowser('first', [], options)).context);
  const code = await readRecoveryCode(page);
  proxy.setRate(60_000);
  const hashes = await writeWithFiles(
    page,
    'With pictures',
    [10, 10, 10, 10, 10, 10].map((size) => size * MB),
  );
  let breaks = 0;
  let seen = 0;
  for (; breaks < 10; breaks++) {
    await expect.poll(() => proxy.requests.length, { timeout: SENT_MS, intervals: [100] }).toBeGreaterThan(seen + 1);
    proxy.cut();
    seen = proxy.requests.length;
  }
  await expect.poll(() => unsentOf(page), { timeout: SENT_MS }).toEqual([]);
  const given = await onServer(server.url, page, hashes);
  expect(await given()).toEqual(hashes);

  const other = await openApp((await openBrowser('second', [], options)).context);
  await enterByCode(other, code, 'Bring it along');
  const gets = () => proxy.requests.filter(({ method, path }) => method === 'GET' && BLOBS.test(path)).length;
  for (let cuts = 0; cuts < 3; cuts++) {
    await expect.poll(gets, { timeout: SENT_MS, intervals: [100] }).toBeGreaterThan(cuts);
    proxy.cut();
  }
  await expect
    .poll(async () => (await readRows(other)).filter(({ at }) => at === 'file').length, { timeout: SENT_MS })
    .toBe(hashes.length);
  const files = await readFiles(other);
  for (const { name, hash } of files) expect(hash).toBe(name);
  expect(files.map(({ name }) => name).sort()).toEqual(hashes.toSorted());
});

test('the tab is closed half-way: with no tab open the rest is on the server once it can be reached again', async ({
  server,
  network: proxy,
  openBrowser,
}) => {
  const { context } = await openBrowser('first', SHORT_RETRIES, { baseURL: proxy.url });
  const page = await startOnline(context);
  proxy.setRate(8000);
  const [hash = ''] = await writeWithFiles(page, 'With a picture', [5 * MB]);
  const given = await onServer(server.url, page, [hash]);
  await passed(proxy, hash, MB);
  proxy.setFault({ type: 'reset' });
  proxy.cut();
  const closed = page.waitForEvent('close');
  await page.close({ runBeforeUnload: true });
  await closed;
  expect(await given()).toEqual([null]);
  const before = putBytes(proxy, hash);
  proxy.mend();
  proxy.setRate(null);
  await expect.poll(given, { timeout: SENT_MS }).toEqual([hash]);
  expect(context.pages().map((open) => open.url())).toEqual(['about:blank']);
  // What had arrived was not sent again.
  expect(putBytes(proxy, hash) - before).toBeLessThan(5 * MB);
});

test('browser and server are killed half-way, one after the other: both go on where they were', async ({
  server,
  network: proxy,
  openBrowser,
}) => {
  test.setTimeout(300_000);
  const options = { baseURL: proxy.url };
  const browser = await openBrowser('first', [], options);
  const page = await startOnline(browser.context);
  proxy.setRate(8000);
  const [hash = ''] = await writeWithFiles(page, 'With a picture', [5 * MB]);
  const given = await onServer(server.url, page, [hash]);
  await passed(proxy, hash, MB);
  await browser.kill();
  const next = await openApp((await openBrowser('first', [], options)).context);
  await passed(proxy, hash, 2 * MB);
  await server.kill('SIGKILL');
  await sleep(500);
  await server.restart();
  proxy.setRate(null);
  await expect.poll(() => unsentOf(next), { timeout: SENT_MS }).toEqual([]);
  expect(await given()).toEqual([hash]);
  // Each kill costs what was under way, and no more.
  expect(putBytes(proxy, hash)).toBeLessThan(10 * MB);
});

test('the same file named by two notes and added on two devices is sent once', async ({
  server,
  network: proxy,
  openBrowser,
}) => {
  const options = { baseURL: proxy.url };
  const page = await startOnline((await openBrowser('first', [], options)).context);
  const code = await readRecoveryCode(page);
  const size = 300_000;
  const [hash = ''] = await writeWithFiles(page, 'One', [size]);
  await writeWithFiles(page, 'Two', [size]);
  await expect.poll(() => unsentOf(page), { timeout: SENT_MS }).toEqual([]);
  const other = await openApp((await openBrowser('second', [], options)).context);
  await enterByCode(other, code, 'Bring it along');
  await writeWithFiles(other, 'Three', [size]);
  await expect
    .poll(async () => (await readRows(other)).map((row) => [row.hash, row.sent]), { timeout: SENT_MS })
    .toEqual([[hash, true]]);
  expect(putBytes(proxy, hash)).toBe(size);
  const given = await onServer(server.url, page, [hash]);
  expect(await given()).toEqual([hash]);
});

test('a file that something on the way finds too large keeps no smaller one back; Status says so, and tries again', async ({
  server,
  network: proxy,
  openBrowser,
}) => {
  const page = await startOnline((await openBrowser('first', [], { baseURL: proxy.url })).context);
  const large = await addFile(page, { bytes: 2 * MB, seed: 1 });
  proxy.setFault({ type: 'answer', status: 413, body: 'Request Entity Too Large' }, { path: new RegExp(large), overBytes: 1 });
  const small = await addFile(page, { bytes: 90_000, seed: 2 });
  await writeNote(page, { title: 'With pictures', text: `${naming([small])}\n\n![Leaf cells](files/${large}.png)` });
  await expect.poll(() => unsentOf(page), { timeout: SENT_MS }).toEqual([large]);
  await openStatus(page, 'Overview');
  const refused = page.getByRole('list', { name: 'Refused files' }).getByRole('listitem');
  await expect(refused).toContainText('Leaf cells (2.1 MB)');
  await expect(refused).toContainText('too large for something between this device and the server');
  await expect(page.getByRole('region', { name: 'Is it safe to close?' })).toContainText('1 file (2.1 MB) is still to be sent');
  // What is refused waits for nobody: words go on.
  await refused.getByRole('link', { name: 'With pictures' }).click();
  await expect(titleField(page)).toHaveValue('With pictures');
  await openNote(page, 'Before');
  await appendText(page, ' More words.');
  await expectSyncState(page, 'synced', 'Synced');
  proxy.mend();
  await openStatus(page, 'Overview');
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect.poll(() => unsentOf(page), { timeout: SENT_MS }).toEqual([]);
  await expect(refused).toHaveCount(0);
  const given = await onServer(server.url, page, [large, small]);
  expect(await given()).toEqual([large, small]);
});

test('a note is put into the bin, restored, binned again and deleted permanently while its file uploads: nothing is stuck', async ({
  server,
  network: proxy,
  openBrowser,
}) => {
  const page = await startOnline((await openBrowser('first', [], { baseURL: proxy.url })).context);
  proxy.setRate(800);
  const [hash = ''] = await writeWithFiles(page, 'Comes and goes', [2 * MB]);
  await passed(proxy, hash, 200_000);
  await page.getByRole('button', { name: 'Note actions' }).click();
  await page.getByRole('menuitem', { name: 'Move to bin' }).click();
  await expect(noteInList(page, 'Comes and goes')).toHaveCount(0);
  await passed(proxy, hash, 400_000);
  await page.goto('/notes/bin');
  const rows = page.getByRole('list', { name: /in the bin$/ }).getByRole('listitem');
  await expect(rows).toHaveCount(1);
  await page.getByRole('button', { name: 'Restore Comes and goes' }).click();
  await expect(rows).toHaveCount(0);
  proxy.setRate(null);
  await expect.poll(() => unsentOf(page), { timeout: SENT_MS }).toEqual([]);
  const given = await onServer(server.url, page, [hash]);
  expect(await given()).toEqual([hash]);

  // Once more, and this time it is deleted permanently in the middle.
  proxy.setRate(800);
  await page.goto('/notes');
  await expectOpen(page);
  const [second = ''] = await writeWithFiles(page, 'Gone', [2 * MB], 9);
  await passed(proxy, second, 200_000);
  await page.getByRole('button', { name: 'Note actions' }).click();
  await page.getByRole('menuitem', { name: 'Move to bin' }).click();
  await page.goto('/notes/bin');
  await page.getByRole('button', { name: 'Delete permanently: Gone' }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Delete/ })
    .click();
  await expect(rows).toHaveCount(0);
  proxy.setRate(null);
  await expect.poll(() => unsentOf(page), { timeout: SENT_MS }).toEqual([]);
  await expectSyncState(page, 'synced', 'Synced', SENT_MS);
  const client = await enterAsDevice(server.url, await readAccountKeys(page));
  expect((await client.readState()).notes.map(({ fields }) => fields['title']).sort()).toEqual(['Before', 'Comes and goes']);
});
