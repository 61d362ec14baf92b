/** The browser is killed while a file is added: at the next start bytes and row are both there, or nothing of it is. */
import { expect, type Page } from '@playwright/test';
import { expectSaveState, expectSyncState, openApp, writeNote } from '#support/app-page.ts';
import { test } from '#support/test.ts';
import { holdWrites } from '#support/workspace-database.ts';

const MB = 1024 * 1024;

/** Has the page's own store worker add so many bytes, as the page would ask it to. Does not wait. */
async function beginToAdd(page: Page, bytes: number): Promise<void> {
  const worker = page.workers().find((candidate) => candidate.url().includes('store.worker'));
  if (!worker) throw new Error('There is no store worker');
  await worker.evaluate((size) => {
    const call = { id: 'add', type: 'APPLY', path: ['putBlob'] };
    const about = { type: 'RAW', value: { type: 'image/png' } };
    const file = { type: 'RAW', value: new Blob([new Uint8Array(size).fill(7)]) };
    self.dispatchEvent(new MessageEvent('message', { data: { ...call, argumentList: [file, about] } }));
  }, bytes);
}

/** The hashes of the rows, and the names of the files with the hash of what is in each. */
const readAll = (page: Page) =>
  page.evaluate(async () => {
    const { name = '' } = (await indexedDB.databases()).find((database) => database.name?.startsWith('holdfast-ws-')) ?? {};
    const rows = await new Promise<string[]>((resolve, reject) => {
      const opening = indexedDB.open(name);
      opening.onerror = () => reject(opening.error);
      opening.onsuccess = () => {
        const all = opening.result.transaction('blobs').objectStore('blobs').getAll();
        all.onsuccess = () => {
          opening.result.close();
          resolve(all.result.map(({ hash }) => hash));
        };
      };
    });
    const files: { name: string; hash: string }[] = [];
    const root = await (await navigator.storage.getDirectory())
      .getDirectoryHandle('holdfast-blobs')
      .then((folder) => folder.getDirectoryHandle(name.slice('holdfast-ws-'.length)))
      .catch(() => null);
    for await (const handle of root?.values() ?? []) {
      if (!('getFile' in handle)) continue;
      const bytes = await (await (handle as FileSystemFileHandle).getFile()).arrayBuffer();
      const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
      files.push({ name: handle.name, hash: Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('') });
    }
    return { rows, files };
  });

const namesOf = async (page: Page): Promise<readonly string[]> => (await readAll(page)).files.map(({ name }) => name);

test('killed between the bytes and their row: the next start has both', async ({ openBrowser }) => {
  const browser = await openBrowser('killed');
  const page = await openApp(browser.context);
  await writeNote(page, { title: 'With a file', text: '' });
  await expectSaveState(page, 'saved');
  // What the sync writes would wait as well, and the file behind it.
  await expectSyncState(page, 'synced');
  await holdWrites(page);
  await beginToAdd(page, 5 * MB);
  await expect.poll(() => namesOf(page)).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)]);
  expect((await readAll(page)).rows).toEqual([]);
  await browser.kill();

  const next = await openApp((await openBrowser('killed')).context);
  await expect.poll(async () => (await readAll(next)).rows.length, { timeout: 30_000 }).toBe(1);
  const { rows, files } = await readAll(next);
  expect(files).toEqual([{ name: rows[0], hash: rows[0] }]);
});

test('killed while the bytes are written: the next start has nothing of it', async ({ openBrowser }) => {
  const browser = await openBrowser('killed');
  const page = await openApp(browser.context);
  await writeNote(page, { title: 'Without a file', text: '' });
  await expectSaveState(page, 'saved');
  // Whatever is whole by then waits for its row, and would be seen.
  await beginToAdd(page, 300 * MB);
  await expect
    .poll(
      () =>
        page.evaluate(async () => {
          const names: string[] = [];
          const walk = async (folder: FileSystemDirectoryHandle): Promise<void> => {
            for await (const handle of folder.values()) {
              if (handle.kind === 'directory') await walk(handle as FileSystemDirectoryHandle);
              else names.push(handle.name);
            }
          };
          await walk(await navigator.storage.getDirectory());
          return names.filter((name) => name.endsWith('.part')).length;
        }),
      { intervals: [20] },
    )
    .toBe(1);
  await browser.kill();

  const next = await openApp((await openBrowser('killed')).context);
  await expect.poll(() => namesOf(next), { timeout: 30_000 }).toEqual([]);
  expect((await readAll(next)).rows).toEqual([]);
});
