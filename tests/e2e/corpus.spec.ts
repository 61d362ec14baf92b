/** A whole real writing session goes through the editor and is, to the letter, what every device and the server hold. */
import { expect } from '@playwright/test';
import { enterAsDevice } from '#support/api-client.ts';
import {
  enterByCode,
  expectSaveState,
  newNoteButton,
  openApp,
  openNote,
  readAccountKeys,
  readRecoveryCode,
  textField,
  titleField,
} from '#support/app-page.ts';
import { makeEdits } from '#support/editing-commands.ts';
import { test } from '#support/test.ts';
import { applyEdit, readTypingSession } from '#support/typing-session.ts';
import { readText } from '#support/typist.ts';

const MINUTE_MS = 60_000;
/** The text is compared with what it must be after so many strokes, so that a failure says where. */
const CHECK_EVERY = 2000;

// A trace would take a picture of the page with every step.
test.use({ trace: 'off' });

test('the whole session ends as exactly its end on the device, the server and a second device', async ({
  server,
  openBrowser,
}) => {
  test.setTimeout(20 * MINUTE_MS);
  const { strokes, endContent } = readTypingSession();
  const { context } = await openBrowser();
  const page = await openApp(context);
  await newNoteButton(page).click();
  await titleField(page).fill('Friends for ever');
  await textField(page).focus();

  let expected = '';
  for (let from = 0; from < strokes.length; from += CHECK_EVERY) {
    const part = strokes.slice(from, from + CHECK_EVERY);
    await makeEdits(page, part);
    expected = part.reduce((text, { edit }) => applyEdit(text, edit), expected);
    expect(await readText(page), `after ${from + part.length} strokes`).toBe(expected);
  }
  expect(await readText(page)).toBe(endContent);
  await expectSaveState(page, 'saved');
  const url = page.url();
  await page.close();

  const again = await context.newPage();
  await again.goto(url);
  await textField(again).waitFor();
  expect(await readText(again), 'on the device, from its store').toBe(endContent);

  const client = await enterAsDevice(server.url, await readAccountKeys(again));
  const readNotes = async () => (await client.readState()).notes.map(({ fields }) => fields.text);
  await expect.poll(readNotes, { message: 'on the server', timeout: MINUTE_MS }).toEqual([endContent]);

  const code = await readRecoveryCode(again);
  const other = await openApp((await openBrowser('second')).context);
  await enterByCode(other, code, 'Bring it along');
  await openNote(other, 'Friends for ever');
  expect(await readText(other), 'on the second device').toBe(endContent);
});
