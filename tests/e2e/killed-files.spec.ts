/** The browser is killed while a file is added: at the next start bytes and row are both there, or nothing of it is. */
import { expect, type Page } from '@playwright/test';
import { expectSaveState, openApp, writeNote } from '#support/app-page.ts';
import { beginToAdd, hashesOfRows, namesInOrigin, namesOfFiles, readFiles } from '#support/device-files.ts';
import { test } from '#support/test.ts';

const MB = 1024 * 1024;

/** The rows of files are written, and never committed: as on a disk that hangs. */
async function holdRows(page: Page): Promise<void> {
  const worker = page.workers().find((candidate) => candidate.url().includes('store.worker'));
  if (!worker) throw new Error('There is no store worker');
  await worker.evaluate(() => {
    const { put } = IDBObjectStore.prototype;
    IDBTransaction.prototype.commit = () => {};
    IDBObjectStore.prototype.put = function (...row: Parameters<typeof put>) {
      const goOn = (): void => {
        if (this.name === 'blobs') this.count().onsuccess = goOn;
      };
      const request = put.apply(this, row);
      goOn();
      return request;
    };
  });
}

test('killed between the bytes and their row: the next start has both', async ({ openBrowser }) => {
  const browser = await openBrowser('killed');
  const page = await openApp(browser.context);
  await writeNote(page, { title: 'With a file', text: '' });
  await expectSaveState(page, 'saved');
  await holdRows(page);
  await beginToAdd(page, { bytes: 5 * MB });
  await expect.poll(() => namesInOrigin(page)).toContainEqual(expect.stringMatching(/\/[0-9a-f]{64}$/));
  await browser.kill();

  const next = await openApp((await openBrowser('killed')).context);
  await expect.poll(async () => (await hashesOfRows(next)).length, { timeout: 30_000 }).toBe(1);
  const [hash] = await hashesOfRows(next);
  expect(await readFiles(next)).toEqual([{ name: hash, hash }]);
});

test('killed while the bytes are written: the next start has nothing of it', async ({ openBrowser }) => {
  const browser = await openBrowser('killed');
  const page = await openApp(browser.context);
  await writeNote(page, { title: 'Without a file', text: '' });
  await expectSaveState(page, 'saved');
  // Whatever is whole by then waits for its row, and would be seen.
  await beginToAdd(page, { bytes: 300 * MB });
  await expect
    .poll(async () => (await namesInOrigin(page)).filter((name) => name.endsWith('.part')).length, {
      intervals: [20],
    })
    .toBe(1);
  await browser.kill();

  const next = await openApp((await openBrowser('killed')).context);
  await expect.poll(() => namesOfFiles(next), { timeout: 30_000 }).toEqual([]);
  expect(await hashesOfRows(next)).toEqual([]);
});
