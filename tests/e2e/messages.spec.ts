/** Messages of the frame cover nothing that one uses meanwhile: on a phone they are as wide as the screen and stay for up to 20 seconds. */
import { expect, type Locator, type Page } from '@playwright/test';
import { newNoteButton, openApp, textField, undoButton, writeNote } from '#support/app-page.ts';
import { messageField, newChat } from '#support/chats-page.ts';
import { bring, drawnPicture } from '#support/files-page.ts';
import { setLook } from '#support/long-content.ts';
import { test } from '#support/test.ts';

const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
const messages = (page: Page): Locator => page.getByRole('region', { name: 'Messages' });
const describeIt = (page: Page): Locator => messages(page).getByRole('button', { name: 'Describe it' });

/** Adds a picture without a name, which a message asks to describe. */
async function paste(page: Page, into: Locator): Promise<void> {
  const bytes = await drawnPicture(page, 64, 48);
  await bring(into, 'paste', [{ name: 'image.png', type: 'image/png', bytes }]);
}

const edges = async (place: Locator): Promise<{ top: number; bottom: number }> => {
  const box = await place.boundingBox();
  if (!box) throw new Error('nothing is there');
  return { top: box.y, bottom: box.y + box.height };
};

/** The line with the caret ends above the message, which is there. */
async function expectLineFree(page: Page): Promise<void> {
  const line = page.locator('.cm-activeLine');
  const overlap = async (): Promise<number> => (await edges(line)).bottom - (await edges(messages(page))).top;
  await expect.poll(overlap, { timeout: 5000 }).toBeLessThanOrEqual(0);
  await expect(describeIt(page)).toBeVisible();
}

for (const { size, height } of [
  { size: '1', height: 520 },
  { size: '1.5', height: 640 },
])
  test(`on a phone a message lies over neither the row of formats nor the line one writes in, with text of size ${size}`, async ({
    openBrowser,
  }) => {
    const page = await openApp((await openBrowser('phone', [], PHONE)).context);
    await setLook(page, size, 'ltr');
    await newNoteButton(page).tap();
    await textField(page).tap();
    // The keyboard is there: the page is as much lower.
    await page.setViewportSize({ width: 390, height });
    await page.keyboard.insertText(Array.from({ length: 40 }, (_, line) => `Line ${line + 1}`).join('\n'));
    await paste(page, textField(page));
    await expect(describeIt(page)).toBeVisible();
    await expectLineFree(page);
    for (const name of ['Take a picture', 'Bold']) await page.getByRole('button', { name, exact: true }).tap({ trial: true });
    // The next lines stay above it as well.
    await page.keyboard.press('Enter');
    await page.keyboard.insertText('and more');
    await expectLineFree(page);
  });

test('over the keyboard one message is shown at a time, the newest, and no message takes half of what is seen', async ({
  openBrowser,
}) => {
  const page = await openApp((await openBrowser('phone', [], PHONE)).context);
  await setLook(page, '1.5', 'ltr');
  await newNoteButton(page).tap();
  await textField(page).tap();
  await page.setViewportSize({ width: 390, height: 420 });
  await page.keyboard.insertText('Line\n'.repeat(40));
  await paste(page, textField(page));
  await expect(describeIt(page)).toBeVisible();
  const name = 'a picture with a long name, as cameras and other programs give them to what they keep.heic';
  await bring(textField(page), 'paste', [{ name, type: 'image/heic', bytes: Buffer.from('\0\0\0\x18ftypheic') }]);
  await expect(describeIt(page)).toBeHidden();
  await expect(messages(page).getByRole('button', { name: 'Dismiss' })).toHaveCount(1);
  const { top, bottom } = await edges(messages(page));
  expect(bottom - top).toBeLessThanOrEqual(210);
  expect(top).toBeGreaterThanOrEqual(0);
  await messages(page).getByRole('button', { name: 'Dismiss' }).tap();
  await expect(describeIt(page)).toBeVisible();
});

test('on a phone a message leaves the button for a new note free', async ({ openBrowser }) => {
  const page = await openApp((await openBrowser('phone', [], PHONE)).context);
  await writeNote(page, { title: 'Gone', text: 'soon' });
  await page.getByRole('button', { name: 'Note actions' }).tap();
  await page.getByRole('menuitem', { name: 'Move to bin' }).tap();
  await expect(undoButton(page)).toBeVisible();
  await newNoteButton(page).tap({ trial: true, timeout: 3000 });
  await undoButton(page).tap({ trial: true });
});

test('on a phone a message leaves the field and the buttons of a chat free, in the largest text', async ({ openBrowser }) => {
  const page = await openApp((await openBrowser('phone', [], PHONE)).context);
  await setLook(page, '1.5', 'ltr');
  await newChat(page);
  await page.getByRole('button', { name: 'Chat actions' }).tap();
  await page.getByRole('menuitem', { name: 'Copy as Markdown' }).tap();
  await expect(messages(page).getByRole('button', { name: 'Dismiss' })).toBeVisible();
  await messageField(page).tap({ trial: true });
});

test('who scrolls on while a message is there stays where they have scrolled to', async ({ openBrowser }) => {
  const page = await openApp((await openBrowser()).context);
  const words = (count: number): string => 'words that fill lines '.repeat(count);
  await writeNote(page, { title: 'Long', text: '' });
  await textField(page).click();
  await page.keyboard.insertText(Array.from({ length: 80 }, (_, at) => `Part ${at}: ${words(10 + (at % 7) * 12)}`).join('\n\n'));
  await page.keyboard.press('Control+Home');
  await paste(page, textField(page));
  await expect(describeIt(page)).toBeVisible();
  const top = (): Promise<number> =>
    page.locator('.cm-content').evaluate((content) => Math.round(content.getBoundingClientRect().top));
  const before = await top();
  await textField(page).hover();
  for (let turn = 0; turn < 20; turn++) {
    await page.mouse.wheel(0, 300);
    await page.waitForTimeout(50);
  }
  await expect(describeIt(page)).toBeVisible();
  expect(await top()).toBeLessThan(before - 3000);
});
