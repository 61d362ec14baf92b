/** Notes and answers as they are read and written: any script, formulas, tasks, links inside a text, files dropped beside it. */
import { expect, type Locator, type Page } from '@playwright/test';
import { expectSaveState, newNoteButton, openApp, textField, titleField } from '#support/app-page.ts';
import { answers, ask, messageField, newChat, prompts, setEndpoint } from '#support/chats-page.ts';
import { test } from '#support/model-test.ts';
import { expectNoViolation } from '#support/no-violation.ts';
import { end, stream, words } from '#support/openai-server.ts';
import { readText } from '#support/typist.ts';

const preview = (page: Page) => page.getByRole('region', { name: 'Preview' });
const directionOf = (page: Page, selector: string) =>
  page
    .locator(selector)
    .first()
    .evaluate((element) => getComputedStyle(element).direction);

/** What is shown is a fraction and not its source: one part stands over the other, and the source takes no room. */
async function expectFraction(place: Locator): Promise<void> {
  await expect(place.locator('math mfrac')).toBeVisible();
  const { over, under, source } = await place.locator('math').evaluateAll((all) => {
    const math = all.find((one) => one.querySelector('mfrac'));
    const [top, bottom] = math?.querySelector('mfrac')?.children ?? [];
    return {
      over: top?.getBoundingClientRect().bottom ?? Number.NaN,
      under: bottom?.getBoundingClientRect().top ?? Number.NaN,
      source: math?.querySelector('annotation')?.getBoundingClientRect().height ?? 0,
    };
  });
  expect(over).toBeLessThanOrEqual(under);
  expect(source).toBe(0);
}

/** A new note with its preview, and the reports of the content security policy. */
async function openNote(page: Page, title: string, text: string): Promise<string[]> {
  const reports: string[] = [];
  page.on('console', (message) => {
    if (/content security policy|trusted/i.test(message.text())) reports.push(message.text());
  });
  await newNoteButton(page).click();
  await titleField(page).fill(title);
  await textField(page).fill(text);
  await page.getByRole('switch', { name: 'Preview' }).click();
  await expectSaveState(page, 'saved');
  return reports;
}

test('HTML that would act neither acts nor is reported, in a note and in an answer', async ({ openBrowser, model }) => {
  const hostile = [
    '<img src=x onerror="document.title = 1"> and <b onclick=alert(1)>words</b>',
    '<p style="position:fixed;inset:0" onclick="alert(1)">over everything</p>',
    '<svg onload=alert(1)><style>p { color: red }</style><script>alert(1)</script></svg>',
    '<style>body { display: none }</style>',
    '<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>',
    '<iframe srcdoc="<p onclick=alert(1)>" onload=alert(1)></iframe>',
    '<details open ontoggle=alert(1)><summary style=color:red>more</summary></details>',
  ].join('\n\n');
  const page = await openApp((await openBrowser()).context);
  const reports = await openNote(page, 'Pasted', `${hostile}\n\nThe end.`);
  await expect(preview(page)).toContainText('The end.');
  await setEndpoint(page, model.endpoint);
  await newChat(page);
  model.next(stream([...words(`${hostile}\n\nThe end.`), end()]));
  await ask(page, 'Show me');
  await expect(answers(page)).toContainText('The end.');
  expect(reports).toEqual([]);
});

test('a task is ticked in the preview, in the text, and back by undo', async ({ openBrowser }) => {
  const page = await openApp((await openBrowser()).context);
  const text = '```\n- [ ] code\n```\n\n- [ ] water the plants\n- [ ] rest';
  await openNote(page, 'Tasks', text);
  const boxes = preview(page).getByRole('checkbox');
  await boxes.nth(1).click();
  await expect(boxes.nth(1)).toBeChecked();
  await expect(boxes.nth(0)).not.toBeChecked();
  expect(await readText(page)).toBe(text.replace('[ ] rest', '[x] rest'));
  await textField(page).focus();
  await page.keyboard.press('Control+z');
  expect(await readText(page)).toBe(text);
  await expect(boxes.nth(1)).not.toBeChecked();
  await expectSaveState(page, 'saved');
});

test('formulas are drawn under the content security policy, and prices stay prices', async ({ openBrowser }) => {
  const { context } = await openBrowser();
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const page = await openApp(context);
  const reports = await openNote(
    page,
    'Maths',
    'From $5 and $6 to $x^2$\n\n$$\n\\frac{a}{b}\n$$\n\n$\\wrong$\n\n```js\nlet a = 1;\n```',
  );
  await expect(preview(page).locator('math')).toHaveCount(2);
  await expectFraction(preview(page));
  await expect(preview(page)).toContainText('From $5 and $6 to');
  await expect(preview(page).locator('code.wrong-formula')).toHaveText('\\wrong');
  await expect(preview(page).locator('.hljs-keyword')).toHaveText('let');
  await preview(page).getByRole('button', { name: 'Copy' }).click();
  await expect(preview(page).getByRole('button', { name: 'Copied' })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('let a = 1;');
  expect(reports).toEqual([]);
  await expectNoViolation(page, 'a note with formulas and code');
});

test('formulas in an answer are drawn, in the signs that models write them in', async ({ openBrowser, model }) => {
  const page = await openApp((await openBrowser()).context);
  await setEndpoint(page, model.endpoint);
  await newChat(page);
  model.next(stream([...words('So \\(e^{i\\pi} = -1\\), and:\n\n\\[\n\\frac{a}{b}\n\\]\n\nDone.'), end()]));
  await ask(page, 'Draw it');
  await expect(answers(page).last()).toContainText('Done.');
  await expect(answers(page).last().locator('math')).toHaveCount(2);
  await expectFraction(answers(page).last());
});

test('a link to a heading scrolls the preview to it', async ({ openBrowser }) => {
  const page = await openApp((await openBrowser()).context);
  await openNote(
    page,
    'Long',
    `- [there](#überschrift-zwei)\n\n${'Words.\n\n'.repeat(80)}## Überschrift Zwei\n\n${'More.\n\n'.repeat(80)}`,
  );
  const address = page.url();
  await preview(page).getByRole('link', { name: 'there' }).click();
  await expect(preview(page).getByRole('heading', { name: 'Überschrift Zwei' })).toBeInViewport();
  expect(page.url()).toBe(address);
  await expect(textField(page)).toBeVisible();
});

test('the name of a notebook is seen whole, in its own direction, and no wider than the page', async ({ openBrowser }) => {
  const page = await openApp((await openBrowser()).context);
  await openNote(page, 'Filed', 'Words.');
  const field = page.getByRole('combobox', { name: 'Notebook', exact: true });
  const cutBy = (): Promise<number> => field.evaluate((input) => input.scrollWidth - input.clientWidth);
  for (const [name, direction] of [
    ['Molecular biology of the cell, winter term', 'ltr'],
    ['دفتر علم الأحياء الجزيئي للفصل الشتوي', 'rtl'],
  ] as const) {
    await field.fill(name);
    await field.press('Enter');
    await expectSaveState(page, 'saved');
    expect(await field.evaluate((input) => getComputedStyle(input).direction)).toBe(direction);
    // A caret behind the last letter.
    expect(await cutBy()).toBeLessThanOrEqual(2);
  }
  await page.getByRole('switch', { name: 'Preview' }).click();
  await page.setViewportSize({ width: 320, height: 700 });
  const box = await field.boundingBox();
  expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(320);
});

test('titles, lines, rows and messages run in the direction of their own words', async ({ openBrowser }) => {
  const page = await openApp((await openBrowser()).context);
  await openNote(page, 'ملاحظة', 'هذه ملاحظة (test).\nEnglish line\n- [ ] שלום');
  const lines = textField(page).locator('.cm-line');
  expect(await lines.evaluateAll((all) => all.map((line) => getComputedStyle(line).direction))).toEqual(['rtl', 'ltr', 'rtl']);
  expect(await titleField(page).evaluate((field) => getComputedStyle(field).direction)).toBe('rtl');
  for (const place of ['document-list .title', 'document-list .excerpt', 'tab-strip .name', '.preview h2', 'markdown-preview p'])
    await expect.poll(() => directionOf(page, place), place).toBe('rtl');
  await page.getByRole('button', { name: 'Note actions' }).click();
  await page.getByRole('menuitem', { name: 'Move to bin' }).click();
  await page.goto('/notes/bin');
  for (const place of ['document-bin .what a', 'document-bin .what p'])
    await expect.poll(() => directionOf(page, place), place).toBe('rtl');
  await newChat(page);
  await messageField(page).fill('سؤال (one)');
  expect(await messageField(page).evaluate((field) => getComputedStyle(field).direction)).toBe('rtl');
  await messageField(page).press('Enter');
  await expect(prompts(page)).toHaveCount(1);
  expect(await directionOf(page, 'message-item .plain')).toBe('rtl');
});

test('the Enter that ends a composition in Safari sends no half message', async ({ openBrowser }) => {
  const page = await openApp((await openBrowser()).context);
  await newChat(page);
  await messageField(page).fill('にほん');
  await messageField(page).evaluate((field) => {
    const key = new KeyboardEvent('keydown', { key: 'Enter', keyCode: 229, bubbles: true, composed: true, cancelable: true });
    field.dispatchEvent(key);
  });
  await expect(messageField(page)).toHaveValue('にほん');
  await expect(prompts(page)).toHaveCount(0);
});

test('a file dropped beside the editor does not open in its place, and one in the editor becomes part of the note', async ({
  openBrowser,
}) => {
  const page = await openApp((await openBrowser()).context);
  await openNote(page, 'Drops', 'Text');
  const dropped = await page.evaluate(() => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File(['x'], 'x.png', { type: 'image/png' }));
    return ['dragover', 'drop'].map((type) => {
      const event = new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true, composed: true });
      document.body.firstElementChild?.dispatchEvent(event);
      return event.defaultPrevented;
    });
  });
  expect(dropped).toEqual([true, true]);
  await textField(page).evaluate((field) => {
    const clipboardData = new DataTransfer();
    clipboardData.items.add(new File(['x'], 'x.png', { type: 'image/png' }));
    field.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true, composed: true }));
  });
  await expect.poll(() => readText(page)).toMatch(/\[x\.png\]\(files\/[0-9a-f]{64}\.txt\)/);
});

test('a long title grows to several lines and stays one line of text', async ({ openBrowser }) => {
  const page = await openApp((await openBrowser()).context);
  await page.setViewportSize({ width: 390, height: 800 });
  await newNoteButton(page).click();
  const low = (await titleField(page).boundingBox())?.height ?? 0;
  await titleField(page).fill('A title that is much too long for one line of a phone, and goes on');
  expect((await titleField(page).boundingBox())?.height ?? 0).toBeGreaterThan(low * 1.8);
  await titleField(page).fill('');
  // As a paste announces itself; the clipboard of the machine is not the test's to use.
  await titleField(page).evaluate((field) =>
    field.dispatchEvent(new InputEvent('beforeinput', { inputType: 'insertFromPaste', data: 'two\nlines', cancelable: true })),
  );
  await expect(titleField(page)).toHaveValue('two lines');
  await titleField(page).press('Enter');
  await expect(textField(page)).toBeFocused();
});
