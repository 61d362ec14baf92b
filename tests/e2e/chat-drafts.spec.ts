/** What is written in a chat and not sent: the message, and the edit of an earlier prompt. */
import { type BrowserContext, expect, type Page } from '@playwright/test';
import { expectSaveState, openApp, undoButton, waitForServiceWorker } from '#support/app-page.ts';
import { answers, ask, chatInList, messageField, newChat, openChat, prompts, setEndpoint } from '#support/chats-page.ts';
import { pick } from '#support/files-page.ts';
import { test } from '#support/model-test.ts';

const FIRST = 'What do roots take up';
const EDITED = 'What do the finest roots take up, in which order';
const editedField = (page: Page) => page.getByRole('textbox', { name: 'Edited prompt' });

/** Begins to edit the first prompt of a chat with an answer. */
async function beginEdit(page: Page): Promise<void> {
  await prompts(page).first().hover();
  await page.getByRole('button', { name: 'Edit and resend' }).first().click();
  await editedField(page).fill(EDITED);
}

test('the edit of a prompt is kept until it is sent or given up', async ({ openBrowser, model }) => {
  const { context } = await openBrowser();
  const page = await openChat(context, model.endpoint);
  await ask(page, FIRST);
  await expect(answers(page)).toContainText(FIRST);
  await beginEdit(page);
  await messageField(page).fill('For later');
  await expectSaveState(page, 'saved');

  await page.reload();
  await expect(editedField(page)).toHaveValue(EDITED);
  await expect(messageField(page)).toHaveValue('For later');
  await page.getByRole('button', { name: 'New chat' }).click();
  await expect(editedField(page)).toBeHidden();
  await chatInList(page, FIRST).click();
  await expect(editedField(page)).toHaveValue(EDITED);

  await editedField(page).press('Escape');
  await expect(editedField(page)).toBeHidden();
  await undoButton(page).click();
  await expect(editedField(page)).toHaveValue(EDITED);
  await page.getByRole('button', { name: 'Resend' }).click();
  await expect(answers(page)).toContainText(EDITED);
  await expect(editedField(page)).toBeHidden();

  await page.reload();
  await expect(prompts(page)).toContainText(EDITED);
  await expect(editedField(page)).toBeHidden();
  await expect(messageField(page)).toHaveValue('For later');
});

test('a prompt that waits for the network and is edited is asked as it is now, and none of a chat in the bin', async ({
  openBrowser,
  model,
}) => {
  const { context } = await openBrowser();
  const page = await openApp(context);
  await waitForServiceWorker(page);
  await setEndpoint(page, model.endpoint);
  await page.getByRole('combobox', { name: 'Model' }).fill('tiny-1');
  await page.getByRole('combobox', { name: 'Model' }).blur();
  await newChat(page);
  await context.setOffline(true);
  await ask(page, FIRST);
  await expect(prompts(page)).toContainText('Waits for the network on this device');
  await beginEdit(page);
  await page.getByRole('button', { name: 'Resend' }).click();
  await expect(prompts(page)).toContainText(EDITED);
  await expect(prompts(page)).toContainText('Waits for the network on this device');
  await page.getByRole('button', { name: 'New chat' }).click();
  await ask(page, 'Thrown away');
  await expect(prompts(page)).toContainText('Waits for the network on this device');
  const thrownAway = new URL(page.url()).pathname;
  await page.getByRole('button', { name: 'Chat actions' }).click();
  await page.getByRole('menuitem', { name: 'Move to bin' }).click();
  await expect(chatInList(page, 'Thrown away')).toBeHidden();

  await page.goto(thrownAway);
  await expect(prompts(page)).toContainText('asked when the chat is restored');
  await chatInList(page, FIRST).click();
  await context.setOffline(false);
  await expect(answers(page)).toContainText(EDITED);
  await expectSaveState(page, 'saved');
  expect(model.prompts).toEqual([EDITED]);
});

/** Two tabs on one chat, in which something was asked and answered. */
async function openBoth(context: BrowserContext, endpoint: string): Promise<readonly [Page, Page]> {
  const left = await openChat(context, endpoint);
  await ask(left, FIRST);
  await expect(answers(left)).toContainText(FIRST);
  const right = await openApp(context, new URL(left.url()).pathname);
  await expect(answers(right)).toContainText(FIRST);
  return [left, right];
}

test('a message that is being written is in the other tab of the chat, and goes there when it is sent', async ({
  openBrowser,
  model,
}) => {
  const [left, right] = await openBoth((await openBrowser()).context, model.endpoint);

  await messageField(left).pressSequentially('Begun on the left');
  await expect(messageField(right)).toHaveValue('Begun on the left');
  await messageField(right).press('End');
  await messageField(right).pressSequentially(', ended on the right');
  await expect(messageField(left)).toHaveValue('Begun on the left, ended on the right');
  await messageField(right).press('Enter');
  await expect(prompts(left)).toHaveCount(2);
  await expect(messageField(left)).toHaveValue('');
});

test('a file that waits in one tab stays when the other tab of the chat sends', async ({ openBrowser, model }) => {
  const [left, right] = await openBoth((await openBrowser()).context, model.endpoint);

  const waitingFile = left.getByRole('button', { name: 'Remove leaf.txt' });
  await pick(left, [{ name: 'leaf.txt', type: 'text/plain', bytes: Buffer.from('Green.') }]);
  await expect(waitingFile).toBeVisible();
  await expectSaveState(left, 'saved');
  await ask(right, 'From the right');
  await expect(answers(right)).toHaveCount(2);
  await expectSaveState(right, 'saved');
  await left.reload();
  await expect(prompts(left)).toHaveCount(2);
  await expect(waitingFile).toBeVisible();
});
