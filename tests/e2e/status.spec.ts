/** The Status panel: what the server refused, what two devices wrote against each other, and whether it is safe to close. */
import { expect, type Page } from '@playwright/test';
import { enterAsDevice } from '#support/api-client.ts';
import {
  downloadedText,
  enterByCode,
  expectOpenNote,
  expectSaveState,
  expectSyncedSince,
  expectSyncState,
  goTo,
  noteInList,
  openApp,
  openNote,
  readAccountKeys,
  readRecoveryCode,
  textField,
  titleField,
  typeAtEnd,
  undoButton,
  waitForServiceWorker,
  writeNote,
} from '#support/app-page.ts';
import { ask, newChat, prompts } from '#support/chats-page.ts';
import { expectNoViolation } from '#support/no-violation.ts';
import { closeSentence, conflicts, events, merges, openStatus, pressByKey, refusedEntries } from '#support/status-page.ts';
import { test } from '#support/test.ts';

test.describe.configure({ timeout: 120_000 });

const ARRIVAL_MS = 25_000;

/** Room for a few short notes. */
const SMALL_QUOTA = { HOLDFAST_QUOTA_BYTES: '8000' };

test('what the server refuses waits in quarantine: edited, exported, tried again, discarded and brought back', async ({
  server,
  openBrowser,
}) => {
  await server.restart(SMALL_QUOTA);
  const page = await openApp((await openBrowser()).context);
  await writeNote(page, { title: 'Small', text: 'It fits.' });
  await expectSyncedSince(page, 0, ARRIVAL_MS);
  await openStatus(page, 'Overview');
  await expect(closeSentence(page)).toContainText('Safe to close');

  await writeNote(page, { title: 'Long essay', text: 'x'.repeat(9000) });
  await writeNote(page, { title: 'Huge list', text: 'y'.repeat(9000) });
  await expectSyncState(page, 'stuck', 'The server refused 2 entries', ARRIVAL_MS);
  await page.getByRole('link', { name: 'The server refused 2 entries' }).click();
  await expect(refusedEntries(page)).toHaveCount(2);
  // The note itself says so as well.
  await expect(page.getByRole('link', { name: 'Edit: Huge list' })).toBeVisible();
  const large = refusedEntries(page).filter({ hasText: 'Long essay' });
  await expect(large).toContainText('no room left');
  await expectNoViolation(page, 'quarantine');

  const file = JSON.parse(await downloadedText(page, () => page.getByRole('button', { name: 'Export all' }).click()));
  expect(file.entries.map(({ fields }: { fields: { title: string } }) => fields.title).sort()).toEqual([
    'Huge list',
    'Long essay',
  ]);

  // Edited until it fits, and sent.
  await page.getByRole('link', { name: 'Edit: Long essay', exact: true }).click();
  await expect(page.getByText('Not on the server: the server has no room left for it.')).toBeVisible();
  await textField(page).click();
  await page.keyboard.press('Control+A');
  await page.keyboard.insertText('It fits now.');
  await expectSaveState(page, 'saved');
  await openStatus(page, 'Quarantine');
  await pressByKey(page.getByRole('button', { name: 'Try again: Long essay', exact: true }));
  await expect(refusedEntries(page)).toHaveCount(1);
  const client = await enterAsDevice(server.url, await readAccountKeys(page));
  const onServer = async () => (await client.readState()).notes.map(({ fields }) => `${fields.title}: ${fields.text}`).sort();
  await expect.poll(onServer, { timeout: ARRIVAL_MS }).toContain('Long essay: It fits now.');

  // Given up after a question, and brought back by Undo, whole.
  await page.getByRole('button', { name: 'Discard: Huge list' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('kept in its history on this device');
  await dialog.getByRole('button', { name: 'Discard' }).click();
  await expect(page.getByText('Nothing was refused.')).toBeVisible();
  await undoButton(page).click();
  await page.getByRole('link', { name: 'Notes', exact: true }).click();
  await expect(noteInList(page, 'Huge list')).toBeVisible();

  // The server gets room: everything is there, and the log tells the story without a title.
  await server.restart({ HOLDFAST_QUOTA_BYTES: '1000000' });
  await openStatus(page, 'Overview');
  await page.getByRole('button', { name: 'Sync now' }).click();
  await expect.poll(onServer, { timeout: ARRIVAL_MS }).toContain(`Huge list: ${'y'.repeat(9000)}`);
  await expect(closeSentence(page)).toContainText('Safe to close', { timeout: ARRIVAL_MS });
  await openStatus(page, 'Event log');
  await expect(events(page)).toContainText('The server refused a note');
  await expect(events(page)).not.toContainText('Long essay');
});

/** Two devices of one account, each with the note open. */
async function openTwo(
  openBrowser: Parameters<Parameters<typeof test>[2]>[0]['openBrowser'],
  note: { title: string; text: string },
) {
  const [{ context: here }, { context: there }] = [await openBrowser('here'), await openBrowser('there')];
  const left = await openApp(here);
  await writeNote(left, note);
  await expectSyncedSince(left, 0, ARRIVAL_MS);
  const code = await readRecoveryCode(left);
  const right = await openApp(there);
  await enterByCode(right, code, 'Keep it apart');
  await expect(noteInList(right, note.title)).toBeVisible({ timeout: ARRIVAL_MS });
  return { here, there, left, right };
}

/** The left device has sent its change before the right one, offline until then, comes with its own. */
async function collide(
  left: Page,
  right: Page,
  title: string,
  [mine, theirs]: readonly [() => Promise<void>, () => Promise<void>],
) {
  for (const page of [left, right]) {
    await goTo(page, 'Notes');
    await openNote(page, title);
  }
  await right.context().setOffline(true);
  await mine();
  await expectSyncedSince(left, Date.now(), ARRIVAL_MS);
  await theirs();
  await right.context().setOffline(false);
}

test('two devices against each other: the merge log undoes, a conflict is decided by keyboard, by both and together', async ({
  openBrowser,
}) => {
  const note = { title: 'Plan', text: 'Monday: read.' };
  const { left, right } = await openTwo(openBrowser, note);

  // Newer wins: what lost is in the merge log, and comes back.
  const rename = (page: Page, title: string) => async () => {
    await titleField(page).fill(title);
    await expectSaveState(page, 'saved');
  };
  await collide(left, right, note.title, [rename(left, 'Plan A'), rename(right, 'Plan B')]);
  await expect(titleField(left)).toHaveValue('Plan B', { timeout: ARRIVAL_MS });
  await openStatus(right, 'Merge log');
  await expect(merges(right).first().getByRole('region', { name: 'Lost' })).toContainText('Plan A');
  await expectNoViolation(right, 'merge log');
  await right.getByRole('button', { name: 'Undo: title of Plan B' }).click();
  await expect(titleField(left)).toHaveValue('Plan A', { timeout: ARRIVAL_MS });
  await expect(merges(right).first()).toContainText('Stands there again');

  // Asked: mine stays until the person has chosen, on either device.
  await right.goto('/settings/sync');
  await right.getByRole('radio', { name: 'Ask me' }).check();
  await expectSyncedSince(right, Date.now(), ARRIVAL_MS);
  const write = (page: Page, text: string) => async () => {
    await textField(page).click();
    await page.keyboard.press('Control+A');
    await page.keyboard.insertText(text);
    await expectSaveState(page, 'saved');
  };
  await collide(left, right, 'Plan A', [write(left, 'Monday: swim.'), write(right, 'Monday: sleep.')]);
  await expectSyncState(right, 'synced', '1 to decide', ARRIVAL_MS);
  await expectSyncState(left, 'synced', '1 to decide', ARRIVAL_MS);
  // Each device goes on showing what was written there, and what is typed goes on from it.
  await expectOpenNote(right, { title: 'Plan A', text: 'Monday: sleep.' });
  await expectOpenNote(left, { title: 'Plan A', text: 'Monday: swim.' });
  await expect(left.getByText(/^(Chrome|Chromium).* wrote something else here\. You see what you wrote/)).toBeVisible();
  await typeAtEnd(left, ' Early.');
  await expectSyncedSince(left, Date.now(), ARRIVAL_MS);
  await left.reload();
  await expectOpenNote(left, { title: 'Plan A', text: 'Monday: swim. Early.' });
  await left.getByRole('button', { name: 'Show theirs' }).click();
  await expectOpenNote(left, { title: 'Plan A', text: 'Monday: sleep.' });
  await expectNoViolation(left, 'the other side of a note in conflict');
  await left.getByRole('button', { name: 'Show mine' }).click();
  await expectOpenNote(left, { title: 'Plan A', text: 'Monday: swim. Early.' });
  await left.getByRole('button', { name: 'Keep mine' }).click();
  await expect(left.getByRole('button', { name: 'Keep mine' })).toBeHidden();
  await expectOpenNote(left, { title: 'Plan A', text: 'Monday: swim. Early.' });
  await expectOpenNote(right, { title: 'Plan A', text: 'Monday: swim. Early.' });
  await undoButton(left).click();
  await expectOpenNote(left, { title: 'Plan A', text: 'Monday: swim. Early.' });
  await expectOpenNote(right, { title: 'Plan A', text: 'Monday: sleep.' });

  await right.getByRole('link', { name: 'Synced' }).click();
  await expect(conflicts(right)).toHaveCount(1);
  const card = conflicts(right).first();
  await expect(card.getByRole('region', { name: 'Mine, this device' })).toContainText('Monday: sleep.');
  await expect(card.getByRole('region', { name: /^Theirs/ })).toContainText('Monday: swim. Early.');
  await expectNoViolation(right, 'conflicts');
  await pressByKey(card.getByRole('button', { name: 'Keep theirs: Plan A' }));
  await expect(right.getByText('Nothing to decide.')).toBeVisible();
  await expectOpenNote(left, { title: 'Plan A', text: 'Monday: swim. Early.' });
  await pressByKey(undoButton(right));
  await expect(conflicts(right)).toHaveCount(1);

  // The other device sees its own words as mine, and puts both together.
  await openStatus(left, 'Conflicts');
  const other = conflicts(left).first();
  await expect(other.getByRole('region', { name: 'Mine, this device' })).toContainText('Monday: swim.', { timeout: ARRIVAL_MS });
  await pressByKey(other.getByRole('button', { name: 'Edit together: Plan A' }));
  const both = left.getByRole('textbox', { name: 'Both texts together' });
  await expect(both).toBeFocused();
  await expect(both).toHaveValue(/swim[\s\S]*sleep/);
  await both.fill('Monday: swim, then sleep.');
  await expectSaveState(left, 'saved');
  // What is half written is kept like everything else.
  await left.reload();
  await pressByKey(other.getByRole('button', { name: 'Edit together: Plan A' }));
  await expect(both).toHaveValue('Monday: swim, then sleep.');
  await left.getByRole('button', { name: 'Save this text: Plan A' }).click();
  await expect(left.getByText('Nothing to decide.')).toBeVisible();
  await expect(right.getByText('Nothing to decide.')).toBeVisible({ timeout: ARRIVAL_MS });
  await goTo(left, 'Notes');
  await openNote(left, 'Plan A');
  await expectOpenNote(left, { title: 'Plan A', text: 'Monday: swim, then sleep.' });
});

test('a chat that two devices write in: asked is only about words, over the chat and in its conflict', async ({
  openBrowser,
}) => {
  const [{ context: here }, { context: there }] = [await openBrowser('here'), await openBrowser('there')];
  const instruct = async (page: Page, words: string): Promise<void> => {
    await page.getByText('Model, instructions and tags').locator('..').click();
    await page.getByRole('textbox', { name: 'System prompt' }).fill(words);
    await page.getByRole('textbox', { name: 'System prompt' }).blur();
  };
  const left = await openApp(here);
  await newChat(left);
  // No model answers here: what is asked and how is what two devices write.
  await ask(left, 'Shared question');
  await instruct(left, 'Answer briefly.');
  await expectSyncedSince(left, Date.now(), ARRIVAL_MS);
  const chat = new URL(left.url()).pathname;
  const code = await readRecoveryCode(left);
  const right = await openApp(there);
  await enterByCode(right, code, 'Keep it apart');
  await right.goto('/settings/sync');
  await right.getByRole('radio', { name: 'Ask me' }).check();
  await expectSyncedSince(right, Date.now(), ARRIVAL_MS);

  for (const page of [left, right]) {
    await page.goto(chat);
    await expect(prompts(page)).toContainText('Shared question', { timeout: ARRIVAL_MS });
  }
  await there.setOffline(true);
  await instruct(left, 'Answer in verse.');
  await ask(left, 'From the left');
  await expectSyncedSince(left, Date.now(), ARRIVAL_MS);
  await instruct(right, 'Answer in prose.');
  await ask(right, 'From the right');
  await there.setOffline(false);
  // When it was last used is for no person to decide.
  await expectSyncState(right, 'synced', '1 to decide', ARRIVAL_MS);
  const question = right.getByText(/wrote something else here\. You see what you wrote/);
  await expect(question).toBeVisible();
  await expectNoViolation(right, 'a chat in conflict');
  await right.getByRole('link', { name: 'Look at both' }).click();
  await expect(conflicts(right)).toHaveCount(1);
  await expect(conflicts(right)).toContainText('system prompt of this chat');
  await conflicts(right)
    .getByRole('button', { name: /^Keep mine/ })
    .click();
  await expect(right.getByText('Nothing to decide.')).toBeVisible();
  await openStatus(right, 'Merge log');
  await expect(right.getByText('Nothing has been merged.')).toBeVisible();
  await right.goto(chat);
  await expect(question).toBeHidden();
  await expect(prompts(right)).toContainText(['Shared question', 'From the right']);
});

test('safe to close, waiting, compared with the server; the event log is exported and cleared', async ({ openBrowser }) => {
  const { context } = await openBrowser();
  const page = await openApp(context, '/status');
  await expect(closeSentence(page)).toContainText('There is nothing to lose yet');
  await writeNote(page, { title: 'One', text: 'First.' });
  await expectSyncedSince(page, 0, ARRIVAL_MS);
  await openStatus(page, 'Overview');
  await expect(closeSentence(page)).toContainText('Safe to close: everything is saved on this device and on the server');
  // By itself, once the server has answered.
  await expect(page.getByText('Every entry is the same here and on the server.')).toBeVisible();
  await expect(page.getByRole('row', { name: /^Notes 1 0 1/ })).toBeVisible();
  await expectNoViolation(page, 'overview');

  await context.setOffline(true);
  await writeNote(page, { title: 'Two', text: 'Second.' });
  await openStatus(page, 'Overview');
  await expect(closeSentence(page)).toContainText(/Saved on this device, \d changes? waits? for the server/);
  await page.getByRole('button', { name: /^Compare/ }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'The server cannot be reached' })).toBeVisible();
  await context.setOffline(false);
  await expect(closeSentence(page)).toContainText('Safe to close', { timeout: ARRIVAL_MS });

  await openStatus(page, 'Event log');
  await expect(events(page)).toContainText('Synced with the server');
  await expect(events(page)).toContainText('Holdfast was opened');
  await expectNoViolation(page, 'event log');
  const text = await downloadedText(page, () => page.getByRole('button', { name: 'Export as text' }).click());
  expect(text).toContain('synced');
  expect(text).not.toMatch(/One|Two|First|Second/);
  await page.getByRole('button', { name: 'Clear log' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Clear log' }).click();
  await expect(page.getByText('Holdfast was opened')).toHaveCount(0);
});

test('what has waited for two minutes with a dead server turns red and says what to do, until it has arrived', async ({
  server,
  openBrowser,
}) => {
  const { context } = await openBrowser();
  const page = await openApp(context);
  // The status panel comes out of the precache when the server is gone.
  await waitForServiceWorker(page);
  await writeNote(page, { title: 'One', text: 'First.' });
  await expectSyncedSince(page, 0, ARRIVAL_MS);

  await server.kill('SIGKILL');
  await writeNote(page, { title: 'Two', text: 'Second.' });
  await expectSyncState(page, 'waiting', '', ARRIVAL_MS);
  // The page's clock alone goes on by two minutes: nothing else in the world is in a hurry.
  await page.clock.setSystemTime(Date.now() + 125_000);
  await expectSyncState(page, 'stuck', 'Sync is stuck', ARRIVAL_MS);
  await openStatus(page, 'Overview');
  await expect(closeSentence(page)).toContainText(/Saved on this device, but .* since 2 min.*: The server cannot be reached/);
  await expectNoViolation(page, 'stuck');

  await server.restart();
  await expect(closeSentence(page)).toContainText('Safe to close', { timeout: 60_000 });
});
