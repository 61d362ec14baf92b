/** Writing in a note: formats by button, key and command, finding and replacing, links to other notes, words of a search marked. */
import { expect, type Locator, type Page } from '@playwright/test';
import { expectSaveState, newNoteButton, openApp, textField, titleField, undoButton, writeNote } from '#support/app-page.ts';
import { answers, ask, newChat, setEndpoint } from '#support/chats-page.ts';
import { test } from '#support/model-test.ts';
import { expectNoViolation } from '#support/no-violation.ts';
import { end, stream, words } from '#support/openai-server.ts';
import { readText } from '#support/typist.ts';

const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

const toolbar = (page: Page): Locator => page.getByRole('toolbar', { name: 'Formatting' });
const format = (page: Page, name: string): Locator => toolbar(page).getByRole('button', { name, exact: true });
const preview = (page: Page): Locator => page.getByRole('region', { name: 'Preview' });
const findField = (page: Page): Locator => page.getByRole('searchbox', { name: 'Find in this note' });
const selected = (page: Page): Promise<string> => page.evaluate(() => getSelection()?.toString() ?? '');

async function openNote(page: Page, title: string, text: string): Promise<void> {
  await newNoteButton(page).click();
  await titleField(page).fill(title);
  await textField(page).fill(text);
  await expectSaveState(page, 'saved');
}

/** Counts from now on how often the focus leaves the text: whoever presses beside it loses the keyboard of a phone by that. */
async function watchBlurs(page: Page): Promise<() => Promise<number>> {
  const counter = await textField(page).evaluateHandle((field) => {
    const blurs = { count: 0 };
    field.addEventListener('blur', () => {
      blurs.count += 1;
    });
    return blurs;
  });
  return () => counter.evaluate(({ count }) => count);
}

/** By the palette, as a person finds a command. */
async function command(page: Page, name: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Command or name' }).fill(`>${name}`);
  await page.keyboard.press('Enter');
}

test('the toolbar, the keys and the palette format the selection, which stays with the focus in the text', async ({
  openBrowser,
}) => {
  const page = await openApp((await openBrowser()).context);
  await openNote(page, 'Formats', 'one\ntwo');
  await page.keyboard.press('Control+a');
  await format(page, 'List').click();
  expect(await readText(page)).toBe('- one\n- two');
  await expect(textField(page)).toBeFocused();
  await page.keyboard.press('Control+z');
  expect(await readText(page)).toBe('one\ntwo');
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Control+Shift+Digit7');
  expect(await readText(page)).toBe('1. one\n2. two');
  await page.keyboard.press('Control+Shift+Digit7');
  await page.keyboard.press('Control+Shift+Period');
  expect(await readText(page)).toBe('> one\n> two');
  await page.keyboard.press('Control+Shift+Period');
  // A selection takes Ctrl+K for a link; without one it opens the palette, whose command is for the word at the caret.
  await page.keyboard.press('Control+End');
  await command(page, 'format bold');
  expect(await readText(page)).toBe('one\n**two**');
  await expect(textField(page)).toBeFocused();
  await page.keyboard.press('Control+b');
  expect(await readText(page)).toBe('one\ntwo');
  await page.keyboard.press('Control+End');
  await format(page, 'Bold').focus();
  await page.keyboard.press('ArrowRight');
  await expect(format(page, 'Italic')).toBeFocused();
  await page.keyboard.press('Enter');
  await page.keyboard.type('!');
  expect(await readText(page)).toBe('one\n*two!*');
  await expectSaveState(page, 'saved');
  await expectNoViolation(page, 'a note with its toolbar');
});

test('a button of the toolbar that is held down, and let go beside it, leaves focus and selection in the text', async ({
  openBrowser,
}) => {
  const page = await openApp((await openBrowser()).context);
  await openNote(page, 'Held', 'one two');
  await textField(page)
    .locator('.cm-line')
    .dblclick({ position: { x: 8, y: 8 } });
  expect(await selected(page)).toBe('one');
  const blurs = await watchBlurs(page);
  await format(page, 'Bold').hover();
  await page.mouse.down();
  await expect(textField(page)).toBeFocused();
  expect(await selected(page)).toBe('one');
  await page.mouse.move(640, 500);
  await page.mouse.up();
  await expect(textField(page)).toBeFocused();
  expect(await selected(page)).toBe('one');
  await format(page, 'Bold').click();
  expect(await readText(page)).toBe('**one** two');
  await page.keyboard.type('1');
  expect(await readText(page)).toBe('**1** two');
  expect(await blurs()).toBe(0);
});

test('the toolbar can be hidden, and stays so', async ({ openBrowser }) => {
  const page = await openApp((await openBrowser()).context);
  await openNote(page, 'Plain', 'words');
  await expect(toolbar(page)).toBeVisible();
  await command(page, 'formatting toolbar');
  await expect(toolbar(page)).toBeHidden();
  await expectSaveState(page, 'saved');
  await page.reload();
  await expect(titleField(page)).toHaveValue('Plain');
  await expect(textField(page)).toBeVisible();
  await expect(toolbar(page)).toBeHidden();
  await page.getByRole('button', { name: 'Note actions' }).click();
  await page.getByRole('menuitem', { name: 'Show the formatting toolbar' }).click();
  await expect(toolbar(page)).toBeVisible();
});

test('nothing is formatted while an input method composes', async ({ openBrowser }) => {
  const page = await openApp((await openBrowser()).context);
  await openNote(page, 'Composed', 'x');
  await page.keyboard.press('Control+End');
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Input.imeSetComposition', { text: 'にほ', selectionStart: 2, selectionEnd: 2 });
  await format(page, 'Bold').click();
  await format(page, 'List').click();
  await devtools.send('Input.insertText', { text: '日本' });
  expect(await readText(page)).toBe('x日本');
  await format(page, 'List').click();
  expect(await readText(page)).toBe('- x日本');
});

test('on a phone a row over the keyboard formats by touch, and the text keeps the focus', async ({ openBrowser }) => {
  const page = await openApp((await openBrowser('phone', [], PHONE)).context);
  await newNoteButton(page).tap();
  await expect(toolbar(page)).toBeHidden();
  await textField(page).tap();
  await page.keyboard.type('water');
  await expect(toolbar(page)).toBeVisible();
  const boxes = await toolbar(page)
    .getByRole('button')
    .evaluateAll((all) => all.map((button) => button.getBoundingClientRect()));
  expect(boxes.every(({ width, height }) => width >= 44 && height >= 44)).toBe(true);
  const blurs = await watchBlurs(page);
  await format(page, 'Task list').tap();
  await expect(textField(page)).toBeFocused();
  expect(await readText(page)).toBe('- [ ] water');
  await format(page, 'Undo').tap();
  expect(await readText(page)).toBe('water');
  await expect(textField(page)).toBeFocused();
  expect(await blurs()).toBe(0);
  // An app page that is shorter, as with a keyboard: the row is still the last thing of the note in sight.
  await page.setViewportSize({ width: 390, height: 480 });
  await expect(toolbar(page)).toBeInViewport({ ratio: 1 });
  await titleField(page).tap();
  await expect(toolbar(page)).toBeHidden();
});

test('words are found in a note, counted, walked through and replaced', async ({ openBrowser }) => {
  const page = await openApp((await openBrowser()).context);
  const text = `cat\n${'line\n'.repeat(200)}Cat and category\ncat`;
  await openNote(page, 'Cats', text);
  await page.keyboard.press('Control+Home');
  await page.keyboard.press('Control+f');
  await expect(findField(page)).toBeFocused();
  await page.keyboard.type('cat');
  await expect(page.getByText('1 of 4')).toBeVisible();
  await page.keyboard.press('Enter');
  await page.keyboard.press('F3');
  await expect(page.getByText('3 of 4')).toBeVisible();
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.press('Shift+F3');
  await expect(page.getByText('4 of 4')).toBeVisible();
  await page.getByRole('button', { name: 'Whole words' }).click();
  await expect(page.getByText('of 3')).toBeVisible();
  await page.getByRole('button', { name: 'Match case' }).click();
  await expect(page.getByText('of 2')).toBeVisible();
  await expectNoViolation(page, 'finding in a note');
  await findField(page).press('Escape');
  await expect(findField(page)).toBeHidden();
  await expect(textField(page)).toBeFocused();
  expect(await selected(page)).toBe('cat');

  await page.keyboard.press('Control+h');
  await expect(findField(page)).toHaveValue('cat');
  const replacement = page.getByRole('textbox', { name: 'Replace with' });
  await replacement.fill('dog');
  await page.getByRole('button', { name: 'Replace all' }).click();
  await expect(page.getByText('Not found')).toBeVisible();
  expect(await readText(page)).toBe(text.replaceAll('cat', 'dog').replaceAll('Cat', 'dog'));
  await replacement.press('Escape');
  await page.keyboard.press('Control+z');
  expect(await readText(page)).toBe(text);
  await page.keyboard.press('Control+End');
  await command(page, 'find in this note');
  await expect(findField(page)).toBeFocused();
});

test('with the preview alone what is found comes into sight in it, and the page itself does not move', async ({
  openBrowser,
}) => {
  const { context } = await openBrowser('narrow', [], { viewport: { width: 390, height: 700 } });
  const page = await openApp(context);
  const filler = Array.from({ length: 60 }, (_, n) => `Paragraph ${n} with words that go on for a while.`);
  filler[5] += ' needle';
  filler[40] += ' needle';
  await openNote(page, 'Long', filler.join('\n\n'));
  await page.getByRole('switch', { name: 'Preview' }).click();
  await expect(preview(page)).toContainText('Paragraph 59');
  await page.keyboard.press('Control+f');
  await findField(page).fill('needle');
  for (const place of ['1 of 2', '2 of 2', '1 of 2']) {
    await expect(page.getByText(place)).toBeVisible();
    await expect
      .poll(() =>
        page.evaluate(() => {
          const [range] = [...(CSS.highlights.get('found-current') ?? [])] as Range[];
          const box = range?.getBoundingClientRect();
          return box !== undefined && box.top > 100 && box.bottom < innerHeight - 60;
        }),
      )
      .toBe(true);
    expect(await page.evaluate(() => document.documentElement.scrollTop)).toBe(0);
    await page.keyboard.press('Enter');
  }
});

test('a link to a note is completed as one types, followed from the text and the preview, and makes what is missing', async ({
  openBrowser,
}) => {
  const page = await openApp((await openBrowser()).context);
  await writeNote(page, { title: 'Photosynthesis', text: 'Light.' });
  await openNote(page, 'Leaves', '');
  await textField(page).focus();
  await page.keyboard.type('See [[photo');
  await expect(page.getByRole('option', { name: 'Photosynthesis' })).toBeVisible();
  await page.keyboard.press('Enter');
  await page.keyboard.type(' and [[Chloroplasts|green bodies]].');
  expect(await readText(page)).toBe('See [[Photosynthesis]] and [[Chloroplasts|green bodies]].');
  await expectSaveState(page, 'saved');
  await page.getByRole('switch', { name: 'Preview' }).click();
  const link = preview(page).getByRole('link', { name: 'Photosynthesis' });
  await expect(link).toHaveAttribute('href', /^\/notes\/[0-9a-f-]{36}$/);
  await expect(preview(page).locator('.missing-link')).toHaveText('green bodies');
  await expectNoViolation(page, 'links to notes');
  await link.click();
  await expect(titleField(page)).toHaveValue('Photosynthesis');
  await page.goBack();
  await expect(titleField(page)).toHaveValue('Leaves');
  await preview(page).getByRole('link', { name: 'green bodies' }).click();
  await expect(titleField(page)).toHaveValue('Chloroplasts');
  await expectSaveState(page, 'saved');
  await expect(page).toHaveURL(/notes\/[0-9a-f-]{36}$/);
  await page.goBack();
  await expect(titleField(page)).toHaveValue('Leaves');
  await expect(preview(page).getByRole('link', { name: 'green bodies' })).toHaveAttribute('href', /^\/notes\/[0-9a-f-]{36}$/);
  await expect(preview(page).locator('.missing-link')).toHaveCount(0);
  await textField(page)
    .locator('.cm-title-link')
    .first()
    .click({ modifiers: ['Control'] });
  await expect(titleField(page)).toHaveValue('Photosynthesis');
});

test('a model that writes brackets makes links of known notes only', async ({ openBrowser, model }) => {
  const page = await openApp((await openBrowser()).context);
  await writeNote(page, { title: 'Sources', text: 'Books.' });
  await setEndpoint(page, model.endpoint);
  await newChat(page);
  model.next(stream([...words('As in [[1]] and [[Sources]].'), end()]));
  await ask(page, 'Where from?');
  await expect(answers(page).last().getByRole('link', { name: 'Sources' })).toBeVisible();
  await expect(answers(page).last()).toContainText('As in [[1]] and Sources.');
});

test('the words of a search are marked where a hit is opened, until one presses Escape or writes', async ({
  openBrowser,
  model,
}) => {
  const page = await openApp((await openBrowser()).context);
  await writeNote(page, { title: 'Leaves', text: `${'Line.\n'.repeat(100)}Stomata close. More stomata, 光合作用 too.` });
  await setEndpoint(page, model.endpoint);
  await newChat(page);
  model.next(stream([...words('Guard cells guard the pores.'), end()]));
  await ask(page, 'What protects them?');
  await expect(answers(page).last()).toContainText('pores');
  const marked = textField(page).locator('.cm-searched');
  const open = async (text: string): Promise<void> => {
    await page.keyboard.press('Control+Shift+f');
    await page.getByRole('combobox', { name: 'Search everything' }).fill(text);
    await expect(page.getByRole('listbox', { name: 'Search results' }).getByRole('option')).toHaveCount(1);
    await page.keyboard.press('Enter');
  };
  await open('stoma 光合');
  await expect(marked).toHaveText(['Stomata', 'stomata', '光合']);
  await expect(marked.first()).toBeInViewport();
  await textField(page).press('Escape');
  await expect(marked).toHaveCount(0);
  await open('stomata');
  await expect(marked.first()).toHaveText('Stomata');
  await textField(page).press('End');
  await page.keyboard.type('!');
  await expect(marked).toHaveCount(0);

  await open('guard');
  const marks = (): Promise<number> => page.evaluate(() => CSS.highlights.get('found')?.size ?? 0);
  await expect.poll(marks).toBe(2);
  const item = page.locator('message-item[found]');
  await expect(item).toBeInViewport();
  await page.keyboard.press('Escape');
  await expect.poll(marks).toBe(0);
});

test('after the last note was thrown away nobody is asked to write the first one', async ({ openBrowser }) => {
  const page = await openApp((await openBrowser()).context);
  await expect(page.getByRole('button', { name: 'Write your first note' })).toBeVisible();
  await writeNote(page, { title: 'Only', text: 'One.' });
  await page.getByRole('button', { name: 'Note actions' }).click();
  await page.getByRole('menuitem', { name: 'Move to bin' }).click();
  await expect(page.getByText('All notes are in the bin.').first()).toBeVisible();
  // A link in a sentence, not a row of the list.
  const sentence = page
    .getByRole('list', { name: 'Notes' })
    .or(page.locator('document-list'))
    .getByText('All notes are in the bin.');
  expect((await sentence.first().boundingBox())?.height ?? 0).toBeLessThan(40);
  await expect(page.getByRole('button', { name: 'Write your first note' })).toBeHidden();
  await undoButton(page).click();
  await expect(page.getByText('All notes are in the bin.')).toHaveCount(0);
});
