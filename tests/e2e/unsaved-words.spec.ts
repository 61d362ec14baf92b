/** No control and no reload of ours throws away words that are on no disk; a store that hangs costs a second of them at most. */
import { expect, type Page } from '@playwright/test';
import {
  appendText,
  downloadedText,
  expectSaveState,
  expectSyncState,
  openApp,
  textField,
  typeAtEnd,
  writeNote,
} from '#support/app-page.ts';
import { test } from '#support/test.ts';
import { readText } from '#support/typist.ts';
import { holdWrites, outdate } from '#support/workspace-database.ts';

const note = { title: 'Precious', text: 'On the disk.' };

/** What the journal holds, read past the app. */
const readJournal = (page: Page): Promise<string> =>
  page.evaluate(async () => {
    const known = (await indexedDB.databases()).find(({ name }) => name?.startsWith('holdfast-journal-'));
    return new Promise<string>((resolve, reject) => {
      const opening = indexedDB.open(known?.name ?? '');
      opening.onerror = () => reject(opening.error);
      opening.onsuccess = () => {
        const rows = opening.result.transaction('unsaved').objectStore('unsaved').getAll();
        rows.onsuccess = () => {
          opening.result.close();
          resolve(JSON.stringify(rows.result));
        };
      };
    });
  });

/** The store worker of the page never answers again. */
function hangStore(page: Page): void {
  const worker = page.workers().findLast((candidate) => candidate.url().includes('store.worker'));
  if (!worker) throw new Error('There is no store worker');
  const hang = (): void => {
    for (;;);
  };
  void worker.evaluate(hang).catch(() => {});
}

test('a tab that is out of date keeps what was typed: Reload asks, offers it as a file, and whoever stays has lost nothing', async ({
  openBrowser,
}) => {
  const { context } = await openBrowser();
  const page = await openApp(context);
  await writeNote(page, note);
  await typeAtEnd(page, ' Typed at the last moment.');
  await outdate(page);
  // What was typed before the database was taken over reached the journal first.
  const before = await readJournal(page);
  await typeAtEnd(page, ' Nowhere else.');
  await expectSaveState(page, 'error');
  await page.getByRole('contentinfo').getByRole('button', { name: 'Reload' }).click();
  const dialog = page.getByRole('dialog', { name: 'Some of your words are not saved' });
  await expect(dialog).toContainText('Precious');
  const file = await downloadedText(page, () => dialog.getByRole('button', { name: 'Save as a file' }).click());
  expect(file).toContain('On the disk. Typed at the last moment. Nowhere else.');
  await dialog.getByRole('button', { name: 'Stay here' }).click();
  await expect(dialog).toBeHidden();
  expect(await readText(page)).toBe('On the disk. Typed at the last moment. Nowhere else.');
  expect(before === '[]' || before.includes('Typed at the last moment.')).toBe(true);
});

test('the browser asks before a tab ends whose words are not saved, and not before any other', async ({ openBrowser }) => {
  const { context } = await openBrowser();
  const page = await openApp(context);
  await writeNote(page, note);
  const asked: string[] = [];
  page.on('dialog', (dialog) => {
    asked.push(dialog.type());
    void dialog.dismiss();
  });
  await page.reload();
  await expect(textField(page)).toContainText('On the disk.');
  expect(asked).toEqual([]);
  await outdate(page);
  await typeAtEnd(page, ' Nowhere else.');
  await expectSaveState(page, 'error');
  await page.close({ runBeforeUnload: true });
  await expect.poll(() => asked).toEqual(['beforeunload']);
  expect(await readText(page)).toBe('On the disk. Nowhere else.');
});

test('a store worker that hangs is replaced within seconds, and a kill meanwhile takes at most a second of the typing', async ({
  openBrowser,
}) => {
  const first = await openBrowser('first');
  const page = await openApp(first.context);
  await writeNote(page, note);
  // Stopped by the debugger the thread lives on, and keeps the transaction that it is in: none is open when everything is synced.
  await expectSyncState(page, 'synced', 'Synced', 30_000);
  hangStore(page);
  await typeAtEnd(page, ' While it hangs.');
  await expectSaveState(page, 'saving');
  await expect.poll(() => readJournal(page), { timeout: 2000 }).toContain('While it hangs.');
  await appendText(page, ' And afterwards.');
  expect(await readText(page)).toBe('On the disk. While it hangs. And afterwards.');

  hangStore(page);
  await typeAtEnd(page, ' Before the kill.');
  await expect.poll(() => readJournal(page), { timeout: 2000 }).toContain('Before the kill.');
  await first.kill();
  const again = await openBrowser('first');
  const reopened = await openApp(again.context);
  await reopened.getByRole('link', { name: 'Precious' }).first().click();
  await expect(textField(reopened)).toContainText('And afterwards. Before the kill.');
});

for (const end of ['reload', 'close'] as const) {
  test(`words typed while the workspace's database is busy are there after a ${end}`, async ({ openBrowser }) => {
    const { context } = await openBrowser();
    const page = await openApp(context);
    await writeNote(page, note);
    const other = await openApp(context);
    const letGo = await holdWrites(other);
    await typeAtEnd(page, ' While it was busy.');
    if (end === 'reload') await page.reload({ waitUntil: 'commit' });
    else await page.close({ runBeforeUnload: true });
    await other.waitForTimeout(500);
    await letGo();
    const reopened = await openApp(context);
    await reopened.getByRole('link', { name: 'Precious' }).first().click();
    await expect(textField(reopened)).toContainText('On the disk. While it was busy.');
  });
}
