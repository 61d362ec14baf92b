/**
 * Every surface at every width, with the largest text, in both directions of writing, filled with what people really have:
 * long titles, a long first line, many tags. Nothing reaches beyond its scroller.
 */
import { expect, type Page } from '@playwright/test';
import { expectSaveState, newNoteButton, openApp, titleField, writeNote } from '#support/app-page.ts';
import { answers, ask, newChat, setEndpoint } from '#support/chats-page.ts';
import { test } from '#support/model-test.ts';
import { end, stream, words } from '#support/openai-server.ts';
import { overreach } from '#support/overreach.ts';

const WIDTHS = [320, 390, 768, 1024, 1280, 1920];
const LONG_TITLE = `${'A title that somebody pasted from a lecture, '.repeat(6)}with aVeryLongWordThatNobodyCanBreakAnywhere${'x'.repeat(40)}`;
const LONG_LINE = `${'unbroken'.repeat(40)} and then words, ${'https://example.com/a/very/long/path'.repeat(4)}`;
const TAGS = Array.from({ length: 2 }, (_, number) => `tag-${number}-of-many`);
const CODE = `\`\`\`js\n${'const wide = 1; '.repeat(30)}\n\`\`\`\n\n| ${'wide column | '.repeat(20)}\n|${'---|'.repeat(20)}\n| ${'cell | '.repeat(20)}\n`;

interface Problems {
  add(what: string, where: string): void;
  /** Each problem once, with the widths, text sizes and directions in which it is. */
  all(): readonly string[];
}

function createProblems(): Problems {
  const places = new Map<string, string[]>();
  return {
    add: (what, where) => void places.set(what, [...(places.get(what) ?? []), where]),
    all: () => [...places].map(([what, where]) => `${what} (${where.join(' ')})`),
  };
}

/** The largest text and the direction are the person's settings and language: set where the app reads them. */
async function look(page: Page, textSize: string, direction: 'ltr' | 'rtl'): Promise<void> {
  await page.evaluate(
    ({ size, dir }) => {
      document.documentElement.dir = dir;
      document.documentElement.dataset['text'] = size;
    },
    { size: textSize, dir: direction },
  );
}

/** All widths, text sizes and directions of what is shown now. */
async function expectInside(page: Page, surface: string, problems: Problems): Promise<void> {
  for (const direction of ['ltr', 'rtl'] as const) {
    for (const size of ['1', '1.5']) {
      await look(page, size, direction);
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 800 });
        await page.evaluate(
          () => new Promise((done) => setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(done)), 30)),
        );
        for (const problem of await overreach(page)) problems.add(`${surface}: ${problem}`, `${width}/${size}/${direction}`);
      }
    }
  }
  await look(page, '1', 'ltr');
  await page.setViewportSize({ width: 1280, height: 800 });
}

async function tagAll(page: Page): Promise<void> {
  const field = page.getByRole('combobox', { name: 'Add tag' });
  for (const tag of TAGS) {
    await field.fill(tag);
    await field.press('Enter');
  }
  await expectSaveState(page, 'saved');
}

test('notes: nothing reaches beyond its scroller', async ({ openBrowser }) => {
  const problems = createProblems();
  const { context } = await openBrowser('first', [], { reducedMotion: 'reduce' });
  const page = await openApp(context);
  await expectInside(page, 'the first screen', problems);
  await writeNote(page, { title: 'Short', text: 'Words.' });
  await writeNote(page, { title: LONG_TITLE, text: `${LONG_LINE}\n\n${CODE}` });
  await tagAll(page);
  const notebook = page.getByRole('combobox', { name: 'Notebook' });
  await notebook.fill('A notebook with a long name for the whole of the winter term');
  await notebook.press('Enter');
  await expectSaveState(page, 'saved');
  await expectInside(page, 'a note', problems);
  await page.getByRole('switch', { name: 'Preview' }).click();
  await expectInside(page, 'a preview', problems);
  await page.getByRole('button', { name: 'Note actions' }).click();
  await page.getByRole('menuitem', { name: 'History' }).click();
  await expectInside(page, 'the history', problems);
  await page.goto('/notes');
  await expectInside(page, 'the list', problems);
  await page.keyboard.press('Control+k');
  await expectInside(page, 'the palette', problems);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await page.keyboard.press('Control+Shift+f');
  await page.getByRole('dialog').getByRole('combobox').fill('unbroken');
  await expect(page.getByRole('dialog').getByRole('option').first()).toBeVisible();
  await expectInside(page, 'the search', problems);
  await page.keyboard.press('Escape');
  await page
    .getByRole('link', { name: LONG_TITLE.slice(0, 30) })
    .first()
    .click();
  await expect(titleField(page)).toHaveValue(LONG_TITLE);
  await page.getByRole('button', { name: 'Note actions' }).click();
  await page.getByRole('menuitem', { name: /bin/ }).click();
  await page.goto('/notes/bin');
  await expectInside(page, 'the bin', problems);
  expect(problems.all()).toEqual([]);
});

test('chats: nothing reaches beyond its scroller', async ({ openBrowser, model }) => {
  const problems = createProblems();
  const { context } = await openBrowser('first', [], { reducedMotion: 'reduce' });
  const page = await openApp(context);
  await setEndpoint(page, model.endpoint);
  await newChat(page);
  await expectInside(page, 'a new chat', problems);
  model.next(stream([...words(`${LONG_LINE}\n\n${CODE}`), end()]));
  await ask(page, `${LONG_TITLE} ${LONG_LINE}`);
  await expect(answers(page)).toHaveCount(1);
  await expectSaveState(page, 'saved');
  await expectInside(page, 'a chat', problems);
  await page.goto('/chats');
  await expectInside(page, 'the chats', problems);
  await page.goto('/chats/bin');
  await expectInside(page, 'the bin of the chats', problems);
  expect(problems.all()).toEqual([]);
});

test('settings and status: nothing reaches beyond its scroller', async ({ openBrowser }) => {
  const problems = createProblems();
  const { context } = await openBrowser('first', [], { reducedMotion: 'reduce' });
  const page = await openApp(context);
  await newNoteButton(page).click();
  await titleField(page).fill(LONG_TITLE);
  await expectSaveState(page, 'saved');
  for (const panel of ['/settings', '/status']) {
    await page.goto(panel);
    const sections = page.getByRole('navigation', { name: /Settings|Status/ }).getByRole('link');
    await expect(sections.first()).toBeVisible();
    const addresses = await sections.evaluateAll((links) => links.map((link) => (link as HTMLAnchorElement).pathname));
    expect(addresses.length).toBeGreaterThan(3);
    for (const address of addresses) {
      await page.goto(address);
      await expect(page.getByRole('main').getByRole('heading').first()).toBeVisible();
      await expectInside(page, address, problems);
    }
  }
  expect(problems.all()).toEqual([]);
});

test('a tablet gives the width to the document, and the list comes over it; on a desktop the list can be hidden', async ({
  openBrowser,
}) => {
  const { context } = await openBrowser('first', [], { reducedMotion: 'reduce', viewport: { width: 768, height: 1024 } });
  const page = await openApp(context);
  await writeNote(page, { title: 'First', text: 'One.' });
  await writeNote(page, { title: 'Second', text: 'Two.' });
  const list = page.getByRole('region', { name: 'All notes' });
  const toggle = page.getByRole('button', { name: 'Show or hide the list' });
  await expect(list).toBeHidden();
  await toggle.click();
  await expect(page.getByRole('searchbox', { name: 'Search notes' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(list).toBeHidden();
  await expect(toggle).toBeFocused();
  await toggle.click();
  await list.getByRole('link', { name: 'First' }).click();
  await expect(titleField(page)).toHaveValue('First');
  await expect(list).toBeHidden();

  await page.setViewportSize({ width: 1280, height: 800 });
  await expect(list).toBeVisible();
  await toggle.click();
  await expect(list).toBeHidden();
  await expectSaveState(page, 'saved');
  await page.reload();
  await expect(titleField(page)).toHaveValue('First');
  await expect(list).toBeHidden();
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Command or name' }).fill('hide the list');
  await page.keyboard.press('Enter');
  await expect(list).toBeVisible();
});
