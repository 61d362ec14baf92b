/** For everybody: no violation found by axe, in light and in dark; everything by keyboard alone; the main job by touch. */
import { expect, type Locator, type Page } from '@playwright/test';
import { enterAsDevice } from '#support/api-client.ts';
import {
  expectOpenNote,
  expectSaveState,
  expectSyncState,
  newNoteButton,
  noteInList,
  openApp,
  readAccountKeys,
  textField,
  titleField,
  undoButton,
  writeNote,
} from '#support/app-page.ts';
import { test } from '#support/model-test.ts';
import { expectNoViolation, expectReadable } from '#support/no-violation.ts';
import { emptySurfaces, filledSurfaces, fillWorkspace, type Surface, sectionSurfaces } from '#support/surfaces.ts';
import { usualContent } from '#support/usual-content.ts';

const note = {
  title: 'Photosynthesis',
  text: '# Light reactions\n\n- Water **in**, oxygen out 🌱\n- [ ] read [chapter 4](https://example.org)\n\n```\n6 CO2 + 6 H2O\n```\n\n> quoted',
};
const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

const starButton = (page: Page): Locator => page.getByRole('button', { name: 'Star', exact: true });

test('axe finds nothing in the notes: first run, list, editor, preview, history, menu, bin', async ({ openBrowser }) => {
  test.setTimeout(180_000);
  const { context } = await openBrowser();
  const page = await openApp(context);
  await expect(page.getByRole('heading', { name: 'Write. It is kept.' })).toBeVisible();
  await expectNoViolation(page, 'first run');

  await writeNote(page, note);
  await starButton(page).click();
  await expectNoViolation(page, 'editor');
  await page.getByRole('switch', { name: 'Preview' }).click();
  await expect(page.getByRole('heading', { name: 'Light reactions' })).toBeVisible();
  await expectNoViolation(page, 'preview');

  await page.getByRole('button', { name: 'Note actions' }).click();
  await expectNoViolation(page, 'menu');
  await page.getByRole('menuitem', { name: 'History' }).click();
  await expect(page.getByRole('dialog', { name: `History of ${note.title}` })).toBeVisible();
  await expectNoViolation(page, 'history');
  await page.getByRole('button', { name: 'Close history' }).click();

  await writeNote(page, { title: 'Thrown away', text: 'x' });
  await page.getByRole('button', { name: 'Note actions' }).click();
  await page.getByRole('menuitem', { name: 'Move to bin' }).click();
  await expect(undoButton(page)).toBeVisible();
  await expectNoViolation(page, 'undo');
  await page.goto('/notes');
  await expect(noteInList(page, note.title)).toBeVisible();
  await expectNoViolation(page, 'list');
  await page.goto('/notes/bin');
  await expect(page.getByRole('button', { name: 'Restore' })).toBeVisible();
  await expectNoViolation(page, 'bin');
});

test('axe finds nothing in any section of the settings', async ({ openBrowser }) => {
  test.setTimeout(180_000);
  const { context } = await openBrowser();
  const page = await openApp(context, '/settings');
  const sections = page.getByRole('navigation', { name: 'Settings' }).getByRole('link');
  await expect(sections.first()).toBeVisible();
  const names = (await sections.allTextContents()).map((name) => name.trim());
  expect(names).toContain('Account');
  for (const name of names) {
    await sections.filter({ hasText: name }).click();
    await expect(page).toHaveTitle(new RegExp(`^${name} `));
    await expectNoViolation(page, name);
  }
  await sections.filter({ hasText: 'Account' }).click();
  await page.getByRole('button', { name: 'Show recovery code' }).click();
  await expect(page.getByRole('list', { name: 'Recovery code' })).toBeVisible();
  await expectNoViolation(page, 'recovery code');
});

test('axe finds nothing on a phone: list and editor', async ({ openBrowser }) => {
  test.setTimeout(120_000);
  const { context } = await openBrowser('phone', [], PHONE);
  const page = await openApp(context);
  await writeNote(page, note);
  await expectNoViolation(page, 'editor on a phone');
  await page.getByRole('link', { name: 'All notes' }).tap();
  await expectNoViolation(page, 'list on a phone');
});

for (const themes of [
  ['light', 'dark'],
  ['matrix', 'tron'],
])
  test(`axe finds nothing to object to in the colours of any surface: ${themes.join(', ')}`, async ({ openBrowser, model }) => {
    const { context } = await openBrowser('first', [], { reducedMotion: 'reduce' });
    const page = await openApp(context);
    const look = async (surfaces: readonly Surface[]): Promise<void> => {
      for (const { name, show } of surfaces) {
        await show(page);
        for (const theme of themes) {
          // The attribute is what a chosen theme sets: the tests of the settings have seen that it does.
          await page.evaluate((chosen) => Object.assign(document.documentElement.dataset, { theme: chosen, still: '' }), theme);
          await expectReadable(page, `${name}, ${theme}`);
        }
      }
    };
    await look(emptySurfaces);
    await fillWorkspace(page, model, usualContent);
    await look([...filledSurfaces(usualContent), ...(await sectionSurfaces(page))]);
  });

/** More than the controls of any screen: whoever does not find a control in so many steps never finds it. */
const MAX_TABS = 60;

/** Goes to a control as a person without a mouse does, forwards or backwards. */
async function tabTo(page: Page, control: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  for (let tabs = 0; tabs < MAX_TABS; tabs++) {
    if (await control.evaluate((element) => (element.getRootNode() as Document | ShadowRoot).activeElement === element)) return;
    await page.keyboard.press(key);
  }
  throw new Error(`${control} is not reached by ${key}`);
}

test('without a mouse: new note, type, star, bin, undo', async ({ openBrowser }) => {
  const { context } = await openBrowser();
  const page = await openApp(context);
  await tabTo(page, newNoteButton(page));
  await page.keyboard.press('Enter');
  await expect(titleField(page)).toBeFocused();
  await page.keyboard.type(note.title);
  await page.keyboard.press('Enter');
  await expect(textField(page)).toBeFocused();
  await page.keyboard.type('Water in, oxygen out.');
  await expectSaveState(page, 'saved');

  const star = starButton(page);
  await tabTo(page, star, 'Shift+Tab');
  await page.keyboard.press('Space');
  await expect(star).toHaveAttribute('aria-pressed', 'true');

  await tabTo(page, page.getByRole('button', { name: 'Note actions' }));
  await page.keyboard.press('Enter');
  const bin = page.getByRole('menuitem', { name: 'Move to bin' });
  await expect(bin).toBeVisible();
  await page.keyboard.press('End');
  await expect(bin).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(noteInList(page, note.title)).toBeHidden();

  await tabTo(page, undoButton(page));
  await page.keyboard.press('Enter');
  await expect(noteInList(page, note.title)).toBeVisible();
  await tabTo(page, noteInList(page, note.title), 'Shift+Tab');
  await page.keyboard.press('Enter');
  await expectOpenNote(page, { title: note.title, text: 'Water in, oxygen out.' });
  await expect(star).toHaveAttribute('aria-pressed', 'true');
});

test('by touch on a phone: a note is written, found again in the list, and on the server', async ({ server, openBrowser }) => {
  const { context } = await openBrowser('phone', [], PHONE);
  const page = await openApp(context);
  const expectNoSideways = async (): Promise<void> =>
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(PHONE.viewport.width);
  await expectNoSideways();
  await newNoteButton(page).tap();
  await titleField(page).tap();
  await page.keyboard.type(note.title);
  await textField(page).tap();
  await page.keyboard.type('Water in, oxygen out.');
  await expectSaveState(page, 'saved');
  await expectNoSideways();

  await page.getByRole('link', { name: 'All notes' }).tap();
  await expect(titleField(page)).toBeHidden();
  await expect(page.getByRole('navigation').getByRole('link', { name: 'Notes' }).first()).toBeVisible();
  await noteInList(page, note.title).tap();
  await expectOpenNote(page, { title: note.title, text: 'Water in, oxygen out.' });

  await expectSyncState(page, 'synced');
  const client = await enterAsDevice(server.url, await readAccountKeys(page));
  const { notes } = await client.readState();
  expect(notes.map(({ fields }) => [fields.title, fields.text])).toEqual([[note.title, 'Water in, oxygen out.']]);
});
