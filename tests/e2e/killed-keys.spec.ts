/** The browser is killed while an encrypted file with an API key is read, and while that key is the last thing that a restore has to write. */
import { expect, type Page } from '@playwright/test';
import { jsonForm } from '#backup/format/json-form.ts';
import { encryptStream } from '#backup/format/passphrase.ts';
import { secretRecord } from '#backup/format/secret-record.ts';
import { PROVIDER_SECRET_ID } from '#entities/secret.ts';
import { createPrng } from '#simulation/prng.ts';
import { openApp } from '#support/app-page.ts';
import { aRecord, documentOf } from '#support/backup-content.ts';
import { openWithPassphrase } from '#support/backups-page.ts';
import { test } from '#support/test.ts';

const PASSPHRASE = 'six words that nobody guesses';
const ORIGIN = 'https://models.example';
const CANARY = 'sk-canary-77aa41';
const NOTES = 300;

const chance = createPrng('encrypted notes');
const words = (): string => Array.from({ length: 900 }, () => chance.below(2 ** 32).toString(36)).join(' ');

async function encryptedFile(): Promise<Buffer> {
  const notes = Array.from({ length: NOTES }, (_, n) =>
    aRecord(n + 1, { title: `Kept ${n + 1}`, text: words(), binnedAt: null, tags: [], starred: false }),
  ).map((record) => ({ ...record, v: 2 }));
  const key = secretRecord({ id: PROVIDER_SECRET_ID, origin: ORIGIN, key: CANARY });
  const plain = new Blob([await documentOf(jsonForm, [...notes, key], { secrets: true })]).stream();
  const encrypted = await encryptStream(plain, PASSPHRASE, 10);
  return Buffer.from(await new Response(encrypted as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer());
}

async function pickFile(page: Page, buffer: Buffer): Promise<void> {
  await page.goto('/backups/file');
  await expect(page.getByRole('button', { name: 'Pick a file' })).toBeEnabled();
  const choosing = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Pick a file' }).click();
  await (await choosing).setFiles({ name: 'backup.json.age', mimeType: '', buffer });
  await expect(page.getByLabel('Passphrase')).toBeVisible();
}

/** The names of the files in which an export, or what was decrypted, lies. */
const filesIn = (page: Page): Promise<readonly string[]> =>
  page.evaluate(async () => {
    const origin = await navigator.storage.getDirectory();
    const folder = await origin.getDirectoryHandle('holdfast-exports', { create: true });
    const names: string[] = [];
    for await (const name of folder.keys()) names.push(name);
    return names;
  });

test('killed while it reads an encrypted file, the browser keeps nothing of what was decrypted after the next start', async ({
  openBrowser,
}) => {
  test.slow();
  const file = await encryptedFile();
  let browser = await openBrowser('read');
  const page = await openApp(browser.context);
  await pickFile(page, file);
  const isThere = async () => (await filesIn(page)).some((name) => name.endsWith('.tmp'));
  await Promise.all([expect.poll(isThere, { intervals: [5], timeout: 60_000 }).toBe(true), openWithPassphrase(page, PASSPHRASE)]);
  await browser.kill();

  browser = await openBrowser('read');
  const looker = await browser.context.newPage();
  await looker.goto('/rescue.html');
  expect((await filesIn(looker)).filter((name) => name.endsWith('.tmp'))).toHaveLength(1);
  await openApp(browser.context);
  // The start does it, and not what looks after files ten seconds later.
  await expect.poll(() => filesIn(looker), { timeout: 5000 }).toEqual([]);
});

interface Facts {
  readonly state: string;
  readonly done: number;
  readonly notes: number;
  readonly hasKey: boolean;
}

/** What the database holds. With `holdAt` it answers when a restore has written so many, and no longer lets anybody write. */
const readFacts = (page: Page, holdAt: number | null = null): Promise<Facts> =>
  page.evaluate(
    async ([wanted, secret]) => {
      const { name } = (await indexedDB.databases()).find((database) => database.name?.startsWith('holdfast-ws-')) ?? {};
      const { promise, resolve, reject } = Promise.withResolvers<Facts>();
      const opening = indexedDB.open(name as string);
      opening.onerror = () => reject(opening.error);
      opening.onsuccess = () => {
        const look = (): void => {
          const transaction = opening.result.transaction(['entities', 'meta'], 'readwrite');
          const entities = transaction.objectStore('entities');
          const ask = (): void => {
            const notes = entities.index('byPlace').count(IDBKeyRange.bound(['note', 0], ['note', 1, []]));
            const key = entities.get(['secret', secret]);
            const restores = transaction.objectStore('meta').getAll(IDBKeyRange.bound('restore/', 'restore/~'));
            restores.onsuccess = () => {
              const { done = 0, state = '' } = restores.result[0] ?? {};
              const isHeld = wanted !== null && done === wanted;
              if (wanted === null || isHeld)
                resolve({ state, done, notes: notes.result, hasKey: Boolean(key.result?.fields.box) });
              // As long as it asks it is not over.
              if (isHeld) ask();
            };
          };
          ask();
          transaction.oncomplete = () => {
            if (wanted !== null) look();
            else opening.result.close();
          };
        };
        look();
      };
      return promise;
    },
    [holdAt, PROVIDER_SECRET_ID] as const,
  );

test('killed between the entries of a restore and its API key, it goes on with the key alone', async ({ openBrowser }) => {
  test.slow();
  const file = await encryptedFile();
  let browser = await openBrowser('keys');
  let page = await openApp(browser.context);
  await pickFile(page, file);
  await openWithPassphrase(page, PASSPHRASE);
  await expect(page.getByRole('checkbox', { name: 'Restore API keys' })).toBeChecked({ timeout: 60_000 });
  const held = readFacts(page, NOTES);
  await page.getByRole('button', { name: /^Restore .* entries$/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Restore' }).click();
  expect(await held).toMatchObject({ state: 'applying', notes: NOTES, hasKey: false });
  await browser.kill();

  browser = await openBrowser('keys');
  page = await openApp(browser.context);
  expect(await readFacts(page)).toEqual({ state: 'applying', done: NOTES, notes: NOTES, hasKey: false });
  await page.goto('/backups');
  await page.getByRole('button', { name: 'Go on', exact: true }).click();
  await expect(page.getByText(/^Restored: /)).toBeVisible({ timeout: 60_000 });
  expect(await readFacts(page)).toEqual({ state: 'applied', done: NOTES + 1, notes: NOTES, hasKey: true });
});
