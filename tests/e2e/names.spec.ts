/** Tags, notebooks, pins and the order of the list, as a person meets them in the built product, with more notes than fit on a page. */
import { type BrowserContext, expect, type Locator, type Page } from '@playwright/test';
import type { Fields } from '#core/entity.ts';
import { enterAsDevice } from '#support/api-client.ts';
import { appendText, expectSyncState, openApp, readAccountKeys, undoButton, writeNote } from '#support/app-page.ts';
import { test } from '#support/test.ts';

/** A page in which so many notes of another device have arrived, the first one being the oldest. */
async function openWith(context: BrowserContext, url: string, notes: readonly Fields[]): Promise<Page> {
  const first = await openApp(context);
  await writeNote(first, { title: 'Mine', text: 'Something to send.' });
  await expectSyncState(first, 'synced', 'Synced', 30_000);
  const other = await enterAsDevice(url, await readAccountKeys(first));
  await other.write('note', [...notes]);
  await first.goto('/notes');
  await expect(row(first, 'Mine').or(row(first, String(notes.at(-1)?.['title'])))).not.toHaveCount(0);
  await expect(list(first).getByRole('listitem').first()).toHaveAttribute('aria-setsize', String(notes.length + 1), {
    timeout: 60_000,
  });
  return first;
}

const list = (page: Page): Locator => page.getByRole('list', { name: 'Notes' });
const row = (page: Page, title: string): Locator => list(page).getByRole('link', { name: new RegExp(`(^|\\W)${title}(\\W|$)`) });
const titles = (page: Page): Promise<readonly string[]> => list(page).locator('.title').allTextContents();

async function choose(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'List of notes' }).click();
  await page.getByRole('menuitem', { name }).click();
}

const many = (length: number): readonly Fields[] =>
  Array.from({ length }, (_, at) => ({ title: `Note ${at}`, tags: ['common'], notebook: 'Book' }));

test('filters know the tags and notebooks of all notes, counted, also of those that nobody has scrolled to', async ({
  server,
  openBrowser,
}) => {
  const { context } = await openBrowser();
  const page = await openWith(context, server.url, [
    { title: 'The oldest', tags: ['oldest', 'caf\u00e9'], notebook: 'Old book' },
    { title: 'Composed', tags: ['caf\u00e9'] },
    { title: 'Decomposed', tags: ['cafe\u0301'] },
    ...many(147),
  ]);
  const tags = page.getByRole('combobox', { name: 'Filter by tag' });
  await expect(tags.locator('option')).toHaveText(['All tags', 'café (3)', 'common (147)', 'oldest (1)'], { timeout: 30_000 });
  await expect(page.getByRole('combobox', { name: 'Filter by notebook' }).locator('option')).toHaveText([
    'All notebooks',
    'Book (147)',
    'Old book (1)',
  ]);
  await tags.selectOption('oldest (1)');
  await expect(list(page).locator('.title')).toHaveText(['The oldest']);
  await tags.selectOption({ index: 1 });
  await expect(list(page).locator('.title')).toHaveCount(3);
});

test('a tag is renamed, merged and taken away in all notes, and Undo brings it back after other edits', async ({
  server,
  openBrowser,
}) => {
  const { context } = await openBrowser();
  const page = await openWith(context, server.url, [
    { title: 'Both', tags: ['bio', 'biology'] },
    ...many(120),
    { title: 'One', tags: ['bio'] },
  ]);
  await choose(page, 'Manage tags…');
  const dialog = page.getByRole('dialog', { name: 'Tags of your notes' });
  await dialog.getByRole('searchbox').fill('bio');
  await expect(dialog.getByRole('listitem')).toHaveText([/^\s*bio\s+2 notes/, /^\s*biology\s+1 note/], { timeout: 30_000 });
  await dialog.getByRole('button', { name: 'Rename bio', exact: true }).click();
  await page.keyboard.type('Biology');
  await expect(dialog.getByText('“biology” exists')).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(dialog.getByText('“bio” is now “biology” in 2 notes.')).toBeVisible();
  await expect(dialog.getByRole('listitem')).toHaveText([/^\s*biology\s+2 notes/]);
  await dialog.getByRole('button', { name: 'Close' }).click();
  await row(page, 'One').click();
  await expect(page.getByRole('button', { name: 'Remove tag biology' })).toBeVisible();
  await appendText(page, 'More.');
  await undoButton(page).click();
  await expect(page.getByRole('button', { name: 'Remove tag bio', exact: true })).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Note text' })).toContainText('More.');
  await choose(page, 'Manage tags…');
  await dialog.getByRole('button', { name: 'Remove common' }).click();
  await expect(dialog.getByText('Removed “common” from 120 notes.')).toBeVisible({ timeout: 60_000 });
  await expect(dialog.getByRole('listitem')).toHaveText([/^\s*bio\s+2/, /^\s*biology\s+1/]);
});

test('the list is sorted by title or creation, remembered on this device, with pinned notes first', async ({
  server,
  openBrowser,
}) => {
  const { context } = await openBrowser();
  const page = await openWith(context, server.url, [...many(650), { title: 'Äpfel' }, { title: 'Zoo' }, { title: 'apfel' }]);
  await choose(page, 'Sort by title');
  await expect
    .poll(async () => (await titles(page)).slice(0, 5), { timeout: 60_000 })
    .toEqual(['apfel', 'Äpfel', 'Mine', 'Note 0', 'Note 1']);
  await page.reload();
  await expect.poll(async () => (await titles(page)).slice(0, 3), { timeout: 60_000 }).toEqual(['apfel', 'Äpfel', 'Mine']);
  await row(page, 'Note 1').click();
  await page.getByRole('button', { name: 'Note actions' }).click();
  await page.getByRole('menuitem', { name: 'Pin to the top' }).click();
  await expect.poll(async () => (await titles(page)).slice(0, 2)).toEqual(['Note 1', 'apfel']);
  await choose(page, 'Sort by last change');
  await expect.poll(async () => (await titles(page))[0]).toBe('Note 1');
  await choose(page, 'Sort by creation');
  await writeNote(page, { title: 'Newest', text: 'Words.' });
  await expect.poll(async () => (await titles(page)).slice(0, 2)).toEqual(['Note 1', 'Newest']);
});

test('a star and a tag leave a note where it is, and "Edited" says what it said', async ({ openBrowser }) => {
  const { context } = await openBrowser();
  const page = await openApp(context);
  for (const title of ['First', 'Second']) await writeNote(page, { title, text: 'Words.' });
  await row(page, 'First').click();
  const edited = page.locator('note-foot').getByText('Edited');
  const before = await edited.getAttribute('title');
  await page.getByRole('button', { name: 'Star', exact: true }).click();
  await page.getByRole('combobox', { name: 'Add tag' }).fill('exam');
  await page.keyboard.press('Enter');
  await expect(row(page, 'First').getByText('exam')).toBeVisible();
  await expect(row(page, 'First').getByRole('img', { name: 'Starred' })).toBeVisible();
  expect(await titles(page)).toEqual(['Second', 'First']);
  expect(await edited.getAttribute('title')).toBe(before);
});

test('a row with 60 tags shows three and how many more, and the scrollbar is that of all notes', async ({
  server,
  openBrowser,
}) => {
  const { context } = await openBrowser();
  const tags = Array.from({ length: 60 }, (_, at) => `tag ${at}`);
  const page = await openWith(context, server.url, [...many(400), { title: 'Many tags', tags }]);
  await expect(row(page, 'Many tags').locator('.chip')).toHaveText(['tag 0', 'tag 1', 'tag 2', /\+57/]);
  const scroller = list(page).locator('xpath=..');
  await scroller.evaluate((element) => element.scrollTo(0, element.scrollHeight));
  await expect(row(page, 'Note 0')).toBeVisible({ timeout: 30_000 });
});
