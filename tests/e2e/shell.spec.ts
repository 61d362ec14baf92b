/** The shell as a person uses it: the palette by keyboard, tabs that stay, a phone's More, the main tasks without a mouse. */
import { expect, type Locator, type Page } from '@playwright/test';
import {
  enterByCode,
  expectOpen,
  expectOpenNote,
  expectSaveState,
  expectSyncedSince,
  expectSyncState,
  noteInList,
  openApp,
  readRecoveryCode,
  statusBar,
  textField,
  titleField,
  undoButton,
  waitForServiceWorker,
  writeNote,
} from '#support/app-page.ts';
import { messageField } from '#support/chats-page.ts';
import { expectNoViolation } from '#support/no-violation.ts';
import { test } from '#support/test.ts';
import { holdWrites } from '#support/workspace-database.ts';

const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

const palette = (page: Page): Locator => page.getByRole('dialog', { name: 'Commands and names' });
const paletteField = (page: Page): Locator => page.getByRole('combobox', { name: 'Command or name' });
const searchField = (page: Page): Locator => page.getByRole('combobox', { name: 'Search everything' });
const option = (page: Page, name: string | RegExp): Locator => page.getByRole('option', { name });
const tabs = (page: Page): Locator => page.getByRole('navigation', { name: 'Open documents' }).getByRole('link');
const menu = (page: Page): Locator => page.getByRole('button', { name: 'Tabs', exact: true });

async function openPalette(page: Page): Promise<void> {
  await page.keyboard.press('Control+k');
  await expect(paletteField(page)).toBeFocused();
}

/** Runs what the words find first. */
async function command(page: Page, words: string, label: string): Promise<void> {
  await openPalette(page);
  await page.keyboard.type(words);
  await expect(page.locator('[role=option][aria-selected=true]')).toContainText(label);
  await page.keyboard.press('Enter');
  await expect(palette(page)).toBeHidden();
}

async function writeNotes(page: Page, ...titles: readonly string[]): Promise<void> {
  for (const title of titles) await writeNote(page, { title, text: `About ${title}.` });
}

test('the palette finds commands and names by keyboard, offline and after a kill, with what was typed and used', async ({
  openBrowser,
}) => {
  const browser = await openBrowser();
  const page = await openApp(browser.context);
  await waitForServiceWorker(page);
  await writeNotes(page, 'Photosynthesis', 'Mitosis');
  await openPalette(page);
  await expectNoViolation(page, 'palette');
  await page.keyboard.type('phôto');
  await expect(option(page, /Photosynthesis/)).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Enter');
  await expect(titleField(page)).toHaveValue('Photosynthesis');
  // Where nothing is written, a question mark is a key.
  await page.getByRole('main').focus();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
  await expectNoViolation(page, 'shortcut sheet');
  await page.keyboard.press('Escape');
  // Chosen before the palette could read what it remembers.
  const release = await holdWrites(page);
  await command(page, 'theme dark', 'Theme: dark');
  await release();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  // Half a command, and the power goes.
  await openPalette(page);
  await page.keyboard.type('>go to set');
  const typedAt = Date.now();
  await expect(option(page, /Go to Settings/)).toBeVisible();
  // "Saved" alone may still be the earlier one.
  const savedAt = statusBar(page).getByTitle('Last saved');
  await expect.poll(async () => Date.parse((await savedAt.getAttribute('datetime')) ?? '')).toBeGreaterThanOrEqual(typedAt);
  await browser.kill();

  const again = await openBrowser();
  await again.context.setOffline(true);
  const restored = await openApp(again.context);
  await openPalette(restored);
  await expect(paletteField(restored)).toHaveValue('>go to set');
  await restored.keyboard.press('Enter');
  await expect(restored.getByRole('heading', { name: 'Settings' })).toBeVisible();
  await openPalette(restored);
  await expect(paletteField(restored)).toHaveValue('');
  const recent = restored.getByRole('group', { name: 'Recent' }).getByRole('option');
  await expect(recent).toHaveText([/Go to Settings/, /Theme: dark/, /Photosynthesis/]);
  await restored.keyboard.press('Control+k');
  await expect(palette(restored)).toBeHidden();
});

test('a key of the app that comes while the palette comes, is open or closes is not lost', async ({ openBrowser }) => {
  // Its code comes over the network, so that it can be late.
  const { context } = await openBrowser('first', [], { serviceWorkers: 'block' });
  const page = await openApp(context);
  await writeNotes(page, 'Photosynthesis');
  const code = Promise.withResolvers<void>();
  await context.route(/command-palette-(?!styles).*\.js$/, async (route) => {
    await code.promise;
    await route.continue();
  });

  // Asked for, and then not wanted any more; asked for twice because it does not come.
  await page.keyboard.press('Control+k');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+Shift+f');
  await expect(searchField(page)).toBeFocused();
  code.resolve();
  await page.waitForFunction(() => customElements.get('command-palette') !== undefined);
  await expect(searchField(page)).toBeFocused();
  await expect(palette(page)).toBeHidden();

  // Open: the key takes its place. A key that is held opens once.
  await page.keyboard.down('Control');
  await page.keyboard.down('k');
  for (let repeated = 0; repeated < 3; repeated++) await page.keyboard.down('k');
  await page.keyboard.up('k');
  await page.keyboard.up('Control');
  await expect(paletteField(page)).toBeFocused();
  await expect(searchField(page)).toBeHidden();
  await page.keyboard.press('Control+Shift+f');
  await expect(searchField(page)).toBeFocused();
  await expect(palette(page)).toBeHidden();

  // Closing: the key comes before the event that says it has closed.
  await openPalette(page);
  await page.evaluate(() => {
    const dialog = document
      .querySelector('app-shell')
      ?.shadowRoot?.querySelector('command-palette')
      ?.shadowRoot?.querySelector('dialog');
    dialog?.close();
    const keys = { key: 'k', code: 'KeyK', ctrlKey: true, bubbles: true, composed: true, cancelable: true };
    document.body.dispatchEvent(new KeyboardEvent('keydown', keys));
  });
  await expect(paletteField(page)).toBeFocused();
  await page.keyboard.press('Control+Alt+n');
  await expect(palette(page)).toBeHidden();
  await expect(titleField(page)).toHaveValue('');
});

test('the palette has every entry of the menus on the page: those of the open note, of its list, and of a chat', async ({
  openBrowser,
}) => {
  const { context } = await openBrowser();
  const page = await openApp(context);
  await writeNotes(page, 'Osmosis');
  await openPalette(page);
  const ofNote = page.getByRole('group', { name: 'This document' }).getByRole('option');
  await expect(ofNote.filter({ hasText: 'History' })).toBeVisible();
  await page.keyboard.press('Escape');
  for (const menu of ['Note actions', 'List of notes']) {
    await page.getByRole('button', { name: menu }).click();
    const entries = await page.getByRole('menu', { name: menu }).getByRole('menuitem').allTextContents();
    expect(entries.length).toBeGreaterThan(2);
    await page.keyboard.press('Escape');
    await openPalette(page);
    for (const entry of entries) {
      // A word of the menu leads to the same, whatever the palette calls it.
      await paletteField(page).fill(
        entry
          .trim()
          .replace('…', '')
          .replace(/^Pin to.*/, 'Pin'),
      );
      await expect(page.getByRole('option').first()).toBeVisible();
      await expect(page.getByRole('status').filter({ hasText: 'Nothing is called' })).toHaveCount(0);
    }
    await page.keyboard.press('Escape');
  }
  await command(page, 'versions', 'History');
  await expect(page.getByRole('dialog', { name: /History/ })).toBeVisible();
  await page.keyboard.press('Escape');
  await command(page, 'copy', 'Copy as Markdown');
  await expect(page.getByText(/^Copied|did not allow copying/)).toBeVisible();
  const [file] = await Promise.all([page.waitForEvent('download'), command(page, 'save', 'Download as Markdown')]);
  expect(file.suggestedFilename()).toBe('Osmosis.md');
  await command(page, 'sort title', 'Sort by title');
  await command(page, 'export', 'Export everything');
  await expect(page.getByRole('heading', { name: 'Data', exact: true })).toBeVisible();
  await page.keyboard.press('Control+Alt+c');
  await messageField(page).fill('Is it so?');
  await command(page, 'find in this', 'Find in this chat');
  await expect(page.getByRole('searchbox', { name: 'Find in this chat' })).toBeFocused();
});

test('tabs are moved, closed and reopened, and are back after a kill and on the next device of the account', async ({
  openBrowser,
}) => {
  const browser = await openBrowser();
  const page = await openApp(browser.context);
  await writeNotes(page, 'Alpha', 'Beta', 'Gamma');
  await expect(tabs(page)).toHaveText(['Alpha', 'Beta', 'Gamma']);
  await tabs(page).nth(2).focus();
  await page.keyboard.press('Alt+Shift+ArrowLeft');
  await expect(tabs(page)).toHaveText(['Alpha', 'Gamma', 'Beta']);
  await expect(tabs(page).nth(1)).toBeFocused();
  const [first, last] = [await tabs(page).nth(0).boundingBox(), await tabs(page).nth(2).boundingBox()];
  if (!first || !last) throw new Error('the tabs are not on the screen');
  await page.mouse.move(last.x + 20, last.y + 10);
  await page.mouse.down();
  await page.mouse.move(last.x - 40, last.y + 10, { steps: 4 });
  await page.mouse.move(first.x + 10, first.y + 10, { steps: 6 });
  await page.mouse.up();
  await expect(tabs(page)).toHaveText(['Beta', 'Alpha', 'Gamma']);
  // The drag has not followed the link, and the open note is still Gamma.
  await expect(titleField(page)).toHaveValue('Gamma');

  await tabs(page).nth(1).click({ button: 'middle' });
  await expect(tabs(page)).toHaveText(['Beta', 'Gamma']);
  expect(browser.context.pages().filter((open) => open.url().includes('/notes/'))).toHaveLength(1);
  await page.keyboard.press('Control+Alt+w');
  await expect(tabs(page)).toHaveText(['Beta']);
  await expect(titleField(page)).toHaveValue('Beta');
  await page.keyboard.press('Control+Alt+z');
  await expect(tabs(page)).toHaveText(['Beta', 'Gamma']);
  await expect(titleField(page)).toHaveValue('Gamma');
  await menu(page).click();
  await page.getByRole('menuitem', { name: 'Reopen closed tab' }).click();
  await expect(tabs(page)).toHaveText(['Beta', 'Alpha', 'Gamma']);
  await expectNoViolation(page, 'tabs');
  await expectSaveState(page, 'saved');
  await browser.kill();

  const again = await openBrowser();
  const restored = await openApp(again.context);
  await expect(tabs(restored)).toHaveText(['Beta', 'Alpha', 'Gamma']);
  await expect(titleField(restored)).toHaveValue('Alpha');
  await expectSyncState(restored, 'synced');
  const code = await readRecoveryCode(restored);
  await expectSyncState(restored, 'synced');

  const other = await openBrowser('second');
  const fresh = await openApp(other.context);
  await enterByCode(fresh, code, 'Keep it apart');
  const offer = fresh.getByRole('region', { name: 'Go on from another device' });
  await expect(offer).toContainText('3 open documents');
  await expect(fresh.getByText('what was written there since comes when it is online')).toBeVisible();
  const beside = await openApp(other.context);
  await expect(beside.getByRole('region', { name: 'Go on from another device' })).toBeVisible();
  await offer.getByRole('button', { name: 'Continue' }).click();
  await expect(beside.getByRole('region', { name: 'Go on from another device' })).toBeHidden();
  await beside.close();
  await expect(tabs(fresh)).toHaveText(['Beta', 'Alpha', 'Gamma']);
  await expect(titleField(fresh)).toHaveValue('Alpha');
});

test('what a new device has answered and read is not asked and said again by a reload', async ({ openBrowser }) => {
  const page = await openApp((await openBrowser()).context);
  await writeNotes(page, 'Alpha');
  await expectSyncState(page, 'synced');
  const code = await readRecoveryCode(page);
  await expectSyncState(page, 'synced');
  const fresh = await openApp((await openBrowser('second')).context, '/settings');
  await enterByCode(fresh, code, 'Keep it apart');
  const offer = fresh.getByRole('region', { name: 'Go on from another device' });
  const arrival = fresh.getByText('what was written there since comes when it is online');
  await expect(arrival).toBeVisible();
  await offer.getByRole('button', { name: 'Start fresh' }).click();
  await expect(offer).toBeHidden();
  await expectSyncState(fresh, 'synced', 'Synced');
  // The first reload begins with the answer, and would ask and say when its first sync has ended.
  for (let time = 1; time <= 2; time++) {
    const sinceMs = Date.now();
    await fresh.goto('/settings/appearance');
    await expectSyncedSince(fresh, sinceMs);
    await expect(fresh.locator('continue-offer')).toBeAttached();
    await fresh.waitForFunction(() => document.readyState === 'complete');
    expect(await arrival.count()).toBe(0);
    await expect(offer).toHaveCount(0);
  }
});

test('on a phone the bar has three links and the search, and More has the rest: surfaces, commands, open documents', async ({
  openBrowser,
}) => {
  const { context } = await openBrowser('phone', [], PHONE);
  const page = await openApp(context);
  for (const title of ['Alpha', 'Beta']) {
    await writeNotes(page, title);
    await page.getByRole('link', { name: 'All notes' }).tap();
  }
  const bar = page.getByRole('navigation', { name: 'Main' });
  await expect(bar.getByRole('link').filter({ visible: true })).toHaveCount(3);
  await bar.getByRole('button', { name: 'Search' }).tap();
  await page.getByRole('combobox', { name: 'Search everything' }).fill('about alpha');
  await option(page, /Alpha/).tap();
  await expect(titleField(page)).toHaveValue('Alpha');
  await page.getByRole('link', { name: 'All notes' }).tap();
  const more = page.getByRole('dialog', { name: 'More' });
  await bar.getByRole('button', { name: 'More' }).tap();
  await expectNoViolation(page, 'More');
  await more.getByRole('link', { name: 'Alpha' }).tap();
  await expect(more).toBeHidden();
  await expect(titleField(page)).toHaveValue('Alpha');
  await page.getByRole('link', { name: 'All notes' }).tap();
  await bar.getByRole('button', { name: 'More' }).tap();
  await more.getByRole('button', { name: 'Close Beta' }).tap();
  await expect(more.getByRole('link', { name: 'Beta' })).toHaveCount(0);
  await more.getByRole('button', { name: 'Commands and names' }).tap();
  await expect(paletteField(page)).toBeFocused();
  await paletteField(page).fill('bet');
  await option(page, /Beta/).tap();
  await expect(titleField(page)).toHaveValue('Beta');
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(PHONE.viewport.width);
});

test('without a mouse: new note, write, find it, star, bin, undo, new chat; a hint stays away', async ({ openBrowser }) => {
  const { context } = await openBrowser();
  const page = await openApp(context);
  await page.keyboard.press('Control+Alt+n');
  await expect(titleField(page)).toBeFocused();
  await page.keyboard.type('Osmosis');
  await page.keyboard.press('Enter');
  await expect(textField(page)).toBeFocused();
  await page.keyboard.type('Water moves. Is it so?');
  await expectSaveState(page, 'saved');
  // A question mark in a text is a question mark.
  await expectOpenNote(page, { title: 'Osmosis', text: 'Water moves. Is it so?' });
  const hint = page.getByRole('complementary', { name: 'Hint' });
  await expect(hint).toContainText('Ctrl+K');
  await command(page, 'go to chats', 'Go to Chats');
  await expect(page.getByRole('heading', { name: 'Chats', exact: true })).toBeVisible();
  await command(page, 'osmo', 'Osmosis');
  await expect(titleField(page)).toHaveValue('Osmosis');
  await command(page, 'star', 'Star or unstar this');
  await expect(page.getByRole('button', { name: 'Star', exact: true })).toHaveAttribute('aria-pressed', 'true');
  await command(page, 'bin this', 'Move this to the bin');
  await expect(noteInList(page, 'Osmosis')).toBeHidden();
  // What had the focus is gone; it has not fallen to nowhere.
  await expect(page.getByRole('main')).toBeFocused();
  const undo = undoButton(page);
  for (let steps = 0; steps < 40; steps++) {
    if (await undo.evaluate((element) => (element.getRootNode() as ShadowRoot).activeElement === element)) break;
    await page.keyboard.press('Shift+Tab');
  }
  await page.keyboard.press('Enter');
  await expect(titleField(page)).toHaveValue('Osmosis');
  await page.keyboard.press('Control+Alt+c');
  await expect(messageField(page)).toBeFocused();

  await expect(hint).toBeVisible();
  await hint.getByRole('button', { name: 'Got it' }).press('Enter');
  await expect(hint).toBeHidden();
  const other = await context.newPage();
  await other.goto('/no/such/place');
  await expect(other.getByText('There is nothing at this address')).toBeVisible();
  await expectOpen(other);
});
