/** The same note in two tabs of one browser: the second follows live, and a tab that has missed everything rolls nothing back. */
import { type BrowserContext, expect, type Page } from '@playwright/test';
import { enterAsDevice } from '#support/api-client.ts';
import {
  appendText,
  expectOpenNote,
  expectSaveState,
  expectSyncedSince,
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
import { test } from '#support/test.ts';

const note = { title: 'Two tabs', text: 'One.\n\nTwo.\n\nThree.' };

/** Two tabs on the same note. */
async function openBoth(context: BrowserContext): Promise<readonly [Page, Page]> {
  const left = await openApp(context);
  await writeNote(left, note);
  const right = await openApp(context);
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

test('a tab that was frozen while the other went on, and is typed in at once when it wakes, rolls nothing back', async ({
  openBrowser,
  server,
}) => {
  const { context } = await openBrowser();
  const [left, right] = await openBoth(context);
  await typeAtEnd(right, ' Four.');
  const four = `${note.text} Four.`;
  await expectOpenNote(left, { ...note, text: four });

  const debug = await context.newCDPSession(right);
  await debug.send('Page.setWebLifecycleState', { state: 'frozen' });
  // Rewritten from the first line to the last but one: whatever the stale tab still shows is gone.
  await textField(left).click();
  await left.keyboard.press('Control+Home');
  for (let line = 0; line < 4; line++) await left.keyboard.press('Shift+ArrowDown');
  await left.keyboard.press('Delete');
  await left.keyboard.insertText('Everything above is new.\n\n');
  await expectSaveState(left, 'saved');
  await titleField(left).fill('Renamed meanwhile');
  await expectSaveState(left, 'saved');

  await debug.send('Page.setWebLifecycleState', { state: 'active' });
  await typeAtEnd(right, ' Five, from the stale tab.');
  const whole = { title: 'Renamed meanwhile', text: 'Everything above is new.\n\nThree. Four. Five, from the stale tab.' };
  await expectOpenNote(right, whole);
  await expectOpenNote(left, whole);

  await expectSyncedSince(left, Date.now());
  const client = await enterAsDevice(server.url, await readAccountKeys(left));
  const { notes } = await client.readState();
  expect(notes.map(({ fields: { title, text } }) => ({ title, text }))).toEqual([whole]);
  // And after a start anew.
  await right.reload();
  await expectOpenNote(right, whole);
});
