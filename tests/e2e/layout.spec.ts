/**
 * Every surface at every width, with the largest text, in both directions of writing, filled with what people really have:
 * long titles, a long first line, many tags. Nothing reaches beyond its scroller.
 */
import { expect, type Locator, type Page } from '@playwright/test';
import { expectSaveState, openApp, titleField, writeNote } from '#support/app-page.ts';
import { answers, ask, messageField, newChat, setEndpoint } from '#support/chats-page.ts';
import { longContent, setLook } from '#support/long-content.ts';
import { test } from '#support/model-test.ts';
import { end, type OpenAiServer, stream, words } from '#support/openai-server.ts';
import { overreach } from '#support/overreach.ts';
import { emptySurfaces, filledSurfaces, fillWorkspace, type Surface, sectionSurfaces } from '#support/surfaces.ts';

const WIDTHS = [320, 390, 768, 1024, 1280, 1920];
type Pick = (page: Page, model: OpenAiServer) => Promise<readonly Surface[]>;

const filled =
  (names: RegExp): Pick =>
  async (page, model) => {
    await fillWorkspace(page, model, longContent);
    return filledSurfaces(longContent).filter(({ name }) => names.test(name));
  };

const PARTS: readonly (readonly [name: string, pick: Pick])[] = [
  ['what is empty', async () => emptySurfaces],
  ['documents', filled(/^(?!palette|search|.*bin|notes$|chats$)/)],
  ['lists, palette and search', filled(/^(palette|search|.*bin|notes|chats)$/)],
  [
    'settings and status',
    async (page, model) => {
      await fillWorkspace(page, model, longContent);
      return sectionSurfaces(page);
    },
  ],
];

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

/** All widths, text sizes and directions of what is shown now. */
async function expectInside(page: Page, surface: string, problems: Problems): Promise<void> {
  for (const direction of ['ltr', 'rtl'] as const) {
    for (const size of ['1', '1.5']) {
      await setLook(page, size, direction);
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 800 });
        await page.evaluate(
          () => new Promise((done) => setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(done)), 30)),
        );
        for (const problem of await overreach(page)) problems.add(`${surface}: ${problem}`, `${width}/${size}/${direction}`);
      }
    }
  }
  await setLook(page, '1', 'ltr');
  await page.setViewportSize({ width: 1280, height: 800 });
}

for (const [part, pick] of PARTS)
  test(`${part}: nothing reaches beyond its scroller`, async ({ openBrowser, model }) => {
    const problems = createProblems();
    const { context } = await openBrowser('first', [], { reducedMotion: 'reduce' });
    const page = await openApp(context);
    for (const { name, show } of await pick(page, model)) {
      await show(page);
      await expectInside(page, name, problems);
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

test('on a phone, in the largest text, one line is enough for what a message field says, and the title leaves room for the chat', async ({
  openBrowser,
  model,
}) => {
  const page = await openApp((await openBrowser('phone', [], { viewport: { width: 390, height: 800 } })).context);
  await setEndpoint(page, model.endpoint);
  await newChat(page);
  model.next(stream([...words('Short.'), end()]));
  await ask(page, longContent.prompt);
  await expect(answers(page)).toHaveCount(1);
  await setLook(page, '1.5', 'ltr');
  const lines = (field: Locator): Promise<number> =>
    field.evaluate((area) => area.clientHeight / Number.parseFloat(getComputedStyle(area).lineHeight));
  await expect.poll(() => lines(messageField(page))).toBeLessThan(2);
  await expect(page.getByRole('button', { name: 'Send', exact: true })).toBeInViewport({ ratio: 1 });
  const titleLines = await lines(page.getByRole('textbox', { name: 'Chat title' }));
  expect(titleLines).toBeLessThan(3.2);
  // No line is cut in its middle.
  expect(Math.abs(titleLines - Math.round(titleLines))).toBeLessThan(0.1);
});

test('the path over a document says the list whole, and what is long is cut behind it', async ({ openBrowser }) => {
  const page = await openApp((await openBrowser()).context);
  await writeNote(page, { title: longContent.notes.at(-1)?.title ?? '', text: 'Words.' });
  const notebook = page.getByRole('combobox', { name: 'Notebook', exact: true });
  await notebook.fill(longContent.notebook);
  await notebook.press('Enter');
  await setLook(page, '1.5', 'ltr');
  const [list, place] = await page
    .getByRole('navigation', { name: 'Breadcrumb' })
    .getByRole('listitem')
    .evaluateAll((items) => items.map((item) => ({ cut: item.scrollWidth - item.clientWidth, width: item.clientWidth })));
  expect(list?.cut).toBe(0);
  expect(place?.width).toBeGreaterThan(100);
});
