/** The same note in two tabs of one browser: the second follows live, and a tab that has missed everything rolls nothing back. */
import { type BrowserContext, expect, type Page } from '@playwright/test';
import { enterAsDevice } from '#support/api-client.ts';
import {
  appendText,
  expectOpenNote,
  expectSaveState,
  noteInList,
  openApp,
  openNote,
  readAccountKeys,
  textField,
  titleField,
  typeAtEnd,
  typeAtStart,
  writeNote,
} from '#support/app-page.ts';
import { putToSleep } from '#support/sleeping-tab.ts';
import { test } from '#support/test.ts';

/** Paced changes, and a busy machine. */
const ARRIVAL_MS = 60_000;

const note = { title: 'Two tabs', text: 'One.\n\nTwo.\n\nThree.' };

/** Two tabs on the same note. `prepare` gets the right one before the app starts in it. */
async function openBoth(
  context: BrowserContext,
  prepare: (right: Page) => Promise<unknown> = async () => {},
): Promise<readonly [Page, Page]> {
  const left = await openApp(context);
  await writeNote(left, note);
  const right = await context.newPage();
  await prepare(right);
  await right.goto('/');
  await openNote(right, note.title);
  await expectOpenNote(right, note);
  return [left, right];
}

test('what is typed, renamed or made in one tab is in the other at once, its caret kept', async ({ openBrowser }) => {
  const { context } = await openBrowser();
  const [left, right] = await openBoth(context);

  await appendText(left, ' Four.');
  await expectOpenNote(right, { ...note, text: `${note.text} Four.` });
  await titleField(left).fill('Renamed');
  await expect(titleField(right)).toHaveValue('Renamed');
  await expect(noteInList(right, 'Renamed')).toBeVisible();

  // The right one is being written in at its start while the left one writes at the end.
  await typeAtStart(right, 'Zero. ');
  await appendText(left, ' Five.');
  await right.keyboard.insertText('Still zero. ');
  const whole = { title: 'Renamed', text: `Zero. Still zero. ${note.text} Four. Five.` };
  await expectOpenNote(right, whole);
  await expectOpenNote(left, whole);

  await writeNote(right, { title: 'Another', text: 'Made on the right.' });
  await expect(noteInList(left, 'Another')).toBeVisible();
});

/** The person rewrites everything but the last line, and the title. */
async function rewrite(page: Page): Promise<void> {
  await textField(page).click();
  await page.keyboard.press('Control+Home');
  for (let line = 0; line < 4; line++) await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Delete');
  await page.keyboard.insertText('Everything above is new.\n\n');
  await expectSaveState(page, 'saved');
  await titleField(page).fill('Renamed meanwhile');
  await expectSaveState(page, 'saved');
}

const rewritten = { title: 'Renamed meanwhile', text: 'Everything above is new.\n\nThree. Typed into the stale tab.' };

/** The right tab has slept or missed all news, and is typed in while it still shows the old note. */
async function expectNothingRolledBack(left: Page, right: Page, url: string): Promise<void> {
  await typeAtEnd(right, ' Typed into the stale tab.');
  await expectOpenNote(right, rewritten);
  await expectOpenNote(left, rewritten);
  const client = await enterAsDevice(url, await readAccountKeys(left));
  const onServer = async () => (await client.readState()).notes.map(({ fields: { title, text } }) => ({ title, text }));
  await expect.poll(onServer, { timeout: ARRIVAL_MS }).toEqual([rewritten]);
  await right.reload();
  await expectOpenNote(right, rewritten);
}

test('a tab that the browser froze, typed in as soon as it wakes, rolls nothing back', async ({ openBrowser, server }) => {
  const browser = await openBrowser();
  const { context } = browser;
  const [left, right] = await openBoth(context);
  const wake = await putToSleep(browser, right);
  await rewrite(left);
  wake();
  await expectNothingRolledBack(left, right, server.url);
});

test('a tab that no broadcast has reached, and that knows of the other by the database only, rolls nothing back', async ({
  openBrowser,
  server,
}) => {
  const { context } = await openBrowser();
  // Losing a broadcast must be harmless; this tab loses all of them.
  const [left, right] = await openBoth(context, (page) =>
    page.addInitScript(() => {
      BroadcastChannel.prototype.addEventListener = () => {};
    }),
  );
  await rewrite(left);
  await expectOpenNote(right, note);
  await expectNothingRolledBack(left, right, server.url);
});

test('a list and an open note whose broadcasts were lost are right again after the next summary', async ({ openBrowser }) => {
  const { context } = await openBrowser();
  // A page that has just started may not be known as a listener yet: here none of the first changes reaches it.
  const [left, right] = await openBoth(context, (page) =>
    page.addInitScript(() => {
      const listen = BroadcastChannel.prototype.addEventListener;
      BroadcastChannel.prototype.addEventListener = function (this: BroadcastChannel, type: string, listener: never) {
        const heard = listener as (event: MessageEvent) => void;
        listen.call(this, type, (event) => {
          const message = event as MessageEvent<{ readonly type?: string }>;
          if (message.data.type !== 'changed') heard(message);
        });
      };
    }),
  );
  await appendText(left, ' Four.');
  await expectOpenNote(right, { ...note, text: `${note.text} Four.` });
  await writeNote(left, { title: 'Another', text: 'Made on the left.' });
  await expect(noteInList(right, 'Another')).toBeVisible();
});

test('a value that arrives from another tab never replaces what is being typed into a field', async ({ openBrowser }) => {
  const { context } = await openBrowser();
  const page = await openApp(context, '/settings/model-server');
  const field = page.getByRole('textbox', { name: 'Address' });
  const other = await openApp(context, '/settings/model-server');
  const otherField = other.getByRole('textbox', { name: 'Address' });
  await field.fill('http://localhost:1/typed');
  await otherField.fill('http://localhost:2/other');
  await otherField.blur();
  // The model's field shows that the change has arrived here: it is drawn with the same rendering.
  await other.getByRole('combobox', { name: 'Model' }).fill('seen');
  await other.getByRole('combobox', { name: 'Model' }).blur();
  await expect(page.getByRole('combobox', { name: 'Model' })).toHaveValue('seen');
  await expect(field).toHaveValue('http://localhost:1/typed');
  await field.blur();
  await expect(otherField).toHaveValue('http://localhost:1/typed');
});
