/** The browser is killed, or its disk is full, in the middle of a backup, of a restore and of taking one back: nothing is half, and all go on. */
import { expect, type Page } from '@playwright/test';
import { jsonForm } from '#backup/format/json-form.ts';
import { createPrng } from '#simulation/prng.ts';
import { expectSaveState, openApp, writeNote } from '#support/app-page.ts';
import { aRecord, documentOf } from '#support/backup-content.ts';
import { backupsIn } from '#support/kept-in-page.ts';
import { test } from '#support/test.ts';

const NOTES = 3000;
/** Words that no database makes smaller. */
const chance = createPrng('notes');
const words = (): string => Array.from({ length: 90 }, () => chance.below(2 ** 32).toString(36)).join(' ');
const records = Array.from({ length: NOTES }, (_, n) =>
  aRecord(n + 1, { title: `Kept ${n + 1}`, text: words(), binnedAt: null, tags: [], starred: false }),
).map((record) => ({ ...record, v: 2 }));

async function bringFile(page: Page): Promise<void> {
  await page.goto('/backups/file');
  await expect(page.getByRole('button', { name: 'Pick a file' })).toBeEnabled();
  const choosing = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Pick a file' }).click();
  const buffer = Buffer.from(await documentOf(jsonForm, records));
  await (await choosing).setFiles({ name: 'backup.json', mimeType: 'application/json', buffer });
  await expect(page.getByRole('button', { name: /^Restore .* entries$/ })).toBeVisible({ timeout: 60_000 });
}

async function beginRestore(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Restore .* entries$/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Restore' }).click();
}

interface Facts {
  /** Notes that are not tombstones, and how many of them the restore says to have brought. */
  readonly notes: number;
  readonly done: number;
  readonly state: string;
}

/** What the database holds, in one transaction. */
const readFacts = (page: Page): Promise<Facts> =>
  page.evaluate(async () => {
    const { name } = (await indexedDB.databases()).find((database) => database.name?.startsWith('holdfast-ws-')) ?? {};
    return new Promise<Facts>((resolve, reject) => {
      const opening = indexedDB.open(name as string);
      opening.onerror = () => reject(opening.error);
      opening.onsuccess = () => {
        const transaction = opening.result.transaction(['entities', 'meta']);
        const notes = transaction
          .objectStore('entities')
          .index('byPlace')
          .count(IDBKeyRange.bound(['note', 0], ['note', 1, []]));
        const restores = transaction.objectStore('meta').getAll(IDBKeyRange.bound('restore/', 'restore/~'));
        transaction.oncomplete = () => {
          opening.result.close();
          const { done = 0, state = '' } = restores.result[0] ?? {};
          resolve({ notes: notes.result, done, state });
        };
      };
    });
  });

const isAt = (page: Page, is: (facts: Facts) => boolean): Promise<void> =>
  expect.poll(async () => is(await readFacts(page)), { intervals: [20], timeout: 60_000 }).toBe(true);

test('killed in the middle of a restore, and of taking it back: both go on at the next start', async ({ openBrowser }) => {
  test.slow();
  let browser = await openBrowser('killed');
  let page = await openApp(browser.context);
  await bringFile(page);
  await beginRestore(page);
  await isAt(page, ({ done }) => done >= 400);
  await browser.kill();

  browser = await openBrowser('killed');
  page = await openApp(browser.context);
  const killed = await readFacts(page);
  expect(killed).toMatchObject({ state: 'applying', notes: killed.done });
  expect(killed.done).toBeGreaterThanOrEqual(400);
  expect(killed.done).toBeLessThan(NOTES);
  // Whoever goes anywhere else is told, too.
  const told = () => page.getByRole('status', { name: 'Interrupted restore' });
  await expect(told()).toContainText(/A restore was interrupted\. [\d,]+ entries changed so far/);
  await told().getByRole('link', { name: 'To the backups' }).click();
  await expect(page.getByText(/It was interrupted: .* entries changed so far/)).toBeVisible();
  await page.getByRole('button', { name: 'Go on', exact: true }).click();
  await expect(told()).toBeHidden();
  await expect(page.getByText(/^Restored: /)).toBeVisible({ timeout: 60_000 });
  expect(await readFacts(page)).toEqual({ state: 'applied', done: NOTES, notes: NOTES });

  await page.getByRole('button', { name: 'Undo this restore' }).click();
  await isAt(page, ({ notes }) => notes < NOTES - 400);
  await browser.kill();

  browser = await openBrowser('killed');
  page = await openApp(browser.context);
  expect(await readFacts(page)).toMatchObject({ state: 'undoing' });
  await expect(told()).toContainText('The undo of a restore was interrupted.');
  await told().getByRole('link', { name: 'To the backups' }).click();
  await page.getByRole('button', { name: 'Go on taking it back' }).click();
  await expect(page.getByText('Everything is as it was before the restore.')).toBeVisible({ timeout: 60_000 });
  expect(await readFacts(page)).toMatchObject({ state: 'undone', notes: 0 });
});

test('a full disk in the middle of a restore and of a backup: both are reported, nothing is half, and both go on with room', async ({
  openBrowser,
  server,
}) => {
  test.slow();
  const { origin } = new URL(server.url);
  let browser = await openBrowser('full');
  let page = await openApp(browser.context);
  await bringFile(page);
  await browser.context.close();

  // A browser asks for its quota when it opens a database, and not again for half a minute.
  browser = await openBrowser('full');
  const devtools = await browser.context.newCDPSession(await browser.context.newPage());
  const leave = async (bytes: number): Promise<void> => {
    const { usage } = await devtools.send('Storage.getUsageAndQuota', { origin });
    await devtools.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: usage + bytes });
  };
  const giveRoom = () => devtools.send('Storage.overrideQuotaForOrigin', { origin });
  await leave(4_000_000);
  page = await openApp(browser.context);
  await bringFile(page);
  await beginRestore(page);
  await expect(page.getByText('This device is full').first()).toBeVisible({ timeout: 60_000 });
  const full = await readFacts(page);
  expect(full).toMatchObject({ state: 'applying', notes: full.done });
  expect(full.done).toBeGreaterThan(0);
  expect(full.done).toBeLessThan(NOTES);
  await page.goto('/backups');
  await giveRoom();
  await page.getByRole('button', { name: 'Go on', exact: true }).click();
  await expect(page.getByText(/^Restored: /)).toBeVisible({ timeout: 60_000 });
  expect(await readFacts(page)).toEqual({ state: 'applied', done: NOTES, notes: NOTES });

  await writeNote(page, { title: 'One more', text: 'Words.' });
  await expectSaveState(page, 'saved');
  const before = await backupsIn(page);
  await page.goto('/backups');
  await leave(20_000);
  await page.getByRole('button', { name: 'Back up now' }).click();
  await expect(page.getByText('This device is full').first()).toBeVisible({ timeout: 60_000 });
  expect(await backupsIn(page)).toEqual(before);
  await giveRoom();
  await page.getByRole('button', { name: 'Back up now' }).click();
  await expect(page.getByText('Backed up and verified')).toBeVisible({ timeout: 60_000 });
  expect(await backupsIn(page)).toHaveLength(before.length + 1);
});
