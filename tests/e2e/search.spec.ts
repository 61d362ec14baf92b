/** Full text search as a person uses it: by keyboard, as one types, offline, in another tab, after the index is lost. */
import { expect, type Locator, type Page } from '@playwright/test';
import {
  expectOpen,
  expectOpenNote,
  goTo,
  noteInList,
  openApp,
  titleField,
  waitForServiceWorker,
  writeNote,
} from '#support/app-page.ts';
import { answers, ask, chatInList, newChat, setEndpoint } from '#support/chats-page.ts';
import { expectNoViolation } from '#support/no-violation.ts';
import { end, startOpenAiServer, stream, words } from '#support/openai-server.ts';
import { test } from '#support/test.ts';

const field = (page: Page): Locator => page.getByRole('combobox', { name: 'Search everything' });
const results = (page: Page): Locator => page.getByRole('listbox', { name: 'Search results' });
const hits = (page: Page, group: string): Locator => results(page).getByRole('group', { name: group }).getByRole('option');

/** Opens the search by its keys and types. */
async function search(page: Page, text: string): Promise<void> {
  await page.keyboard.press('Control+Shift+F');
  await expect(field(page)).toBeFocused();
  await field(page).fill(text);
}

const lines = (count: number): string => Array.from({ length: count }, (_, index) => `Line ${index}.`).join('\n');

test('notes and chats are found as one types, and opened at the match by keyboard alone', async ({ openBrowser }) => {
  const model = await startOpenAiServer();
  const { context } = await openBrowser();
  const page = await openApp(context);
  await writeNote(page, { title: 'Leaves', text: `${lines(120)}\n\nThe stomata close at night.` });
  await writeNote(page, { title: 'Stomata', text: 'Small mouths.' });
  await setEndpoint(page, model.endpoint);
  await newChat(page);
  model.next(stream([...words('They are pores. '), ...words(`${lines(60)} `), ...words('Guard cells open them.'), end()]));
  await ask(page, 'What are stomata?');
  await expect(answers(page).last()).toContainText('Guard cells open them.');

  await search(page, 'stoma');
  await expect(hits(page, 'Notes')).toHaveCount(2);
  await expect(hits(page, 'Notes').first()).toContainText('Small mouths.');
  await expect(hits(page, 'Notes').nth(1).locator('mark')).toHaveText('stomata');
  await expect(hits(page, 'Chats')).toHaveCount(1);
  await expectNoViolation(page, 'search');
  // A typing error, and words of two messages of one chat.
  await field(page).fill('stomatta');
  await expect(hits(page, 'Notes')).toHaveCount(2);
  await field(page).fill('stomata guard');
  await expect(hits(page, 'Chats')).toHaveCount(1);
  await expect(hits(page, 'Notes')).toHaveCount(0);
  await field(page).fill('nowhere');
  await expect(page.getByRole('dialog', { name: 'Search' }).getByRole('status')).toContainText('Nothing found');

  // Enter opens what the words in the field find, also where it comes before their answer.
  await field(page).fill('stomata');
  await expect(hits(page, 'Notes')).toHaveCount(2);
  await field(page).evaluate((input: HTMLInputElement) => {
    input.value = 'stomata guard';
    input.dispatchEvent(new InputEvent('input', { bubbles: true }));
    input.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));
  });
  await expect(page.getByRole('list', { name: 'Messages' })).toBeVisible();

  await search(page, 'stomata night');
  await expect(hits(page, 'Notes')).toHaveCount(1);
  await page.keyboard.press('Enter');
  await expect(titleField(page)).toHaveValue('Leaves');
  await expect(page.getByText('The stomata close at night.')).toBeInViewport();
  await expect(page).toHaveURL(/\/notes\/[0-9a-f-]+$/);
  // The same search again, one further: the words are kept.
  await search(page, 'stomata');
  await expect(hits(page, 'Notes')).toHaveCount(2);
  await page.keyboard.press('ArrowUp');
  await expect(results(page).getByRole('option', { selected: true })).toContainText('What are stomata?');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('list', { name: 'Messages' })).toBeVisible();
  await expect(page.getByRole('article', { name: 'You' })).toBeInViewport();
  await page.keyboard.press('Control+Shift+F');
  await expect(field(page)).toHaveValue('stomata');
  await page.keyboard.press('Escape');
  await expect(field(page)).toBeHidden();

  // The lists' own fields hold to the words: no near miss, what was said in a chat, what is inside a word.
  await page.getByRole('searchbox', { name: 'Search chats' }).fill('guard cel');
  await expect(chatInList(page, 'What are stomata?')).toBeVisible();
  await page.getByRole('searchbox', { name: 'Search chats' }).fill('stomatta');
  await expect(page.getByText('No chat fits.')).toBeVisible();
  await goTo(page, 'Notes');
  await page.getByRole('searchbox', { name: 'Search notes' }).fill('tomata');
  await expect(page.getByRole('list', { name: 'Notes' }).getByRole('link')).toContainText(['Stomata', 'Leaves']);
  await model.close();
});

test('it works offline, follows other tabs, forgets what is binned, and makes a lost index anew', async ({
  openBrowser,
  server,
}) => {
  const { context } = await openBrowser();
  const page = await openApp(context);
  await writeNote(page, { title: 'Roots', text: 'Mycorrhiza trades sugar for phosphate.' });
  await waitForServiceWorker(page);
  await server.stop();
  await context.setOffline(true);
  await page.reload();
  await expectOpen(page);
  await search(page, 'mycorrhiza');
  await expect(hits(page, 'Notes')).toHaveCount(1);

  const other = await openApp(context);
  await writeNote(other, { title: 'Fungi', text: 'Mycorrhiza again.' });
  await expect(hits(page, 'Notes')).toHaveCount(2);
  await page.keyboard.press('Escape');

  await noteInList(page, 'Fungi').click();
  await page.getByRole('button', { name: 'Note actions' }).click();
  await page.getByRole('menuitem', { name: 'Move to bin' }).click();
  await expect(noteInList(page, 'Fungi')).toHaveCount(0);
  await search(page, 'mycorrhiza');
  await expect(hits(page, 'Notes')).toHaveCount(1);
  await page.keyboard.press('Escape');

  await other.close();
  await page.reload();
  const lost = await page.evaluate(async () => {
    const all = (await indexedDB.databases()).map(({ name }) => name ?? '').filter((name) => name.startsWith('holdfast-search-'));
    for (const name of all) {
      await new Promise((resolve, reject) => {
        const deleting = indexedDB.deleteDatabase(name);
        deleting.onsuccess = resolve;
        deleting.onerror = reject;
      });
    }
    return all.length;
  });
  expect(lost).toBe(1);
  await page.getByRole('button', { name: 'Search', exact: true }).click();
  await field(page).fill('phosphate');
  await hits(page, 'Notes').click();
  await expectOpenNote(page, { title: 'Roots', text: 'Mycorrhiza trades sugar for phosphate.' });
});
