/** What is typed while the prompt before it is on its way into the store, of a disk that is slow or does not answer. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { expectSaveState } from '#support/app-page.ts';
import { answers, ask, messageField, openChat, prompts, stopButton } from '#support/chats-page.ts';
import { test } from '#support/model-test.ts';
import { createGate, end, stream, words } from '#support/openai-server.ts';
import { holdWrites } from '#support/workspace-database.ts';

test('what is typed while the first prompt of a new chat is being kept is there after a reload', async ({
  openBrowser,
  model,
}) => {
  const { context } = await openBrowser();
  const page = await openChat(context, model.endpoint);
  const release = await holdWrites(page);
  await ask(page, 'Tell me');
  await messageField(page).fill('half a thought');
  await release();
  await expect(answers(page)).toContainText('You said: Tell me');
  await expect(messageField(page)).toHaveValue('half a thought');
  await expectSaveState(page, 'saved');
  await page.reload();
  await expect(answers(page)).toContainText('You said: Tell me');
  await expect(messageField(page)).toHaveValue('half a thought');
  expect(model.prompts).toEqual(['Tell me']);
});

test('a prompt that cannot be kept comes before what is typed by then, also after a reload', async ({ openBrowser, model }) => {
  const { context } = await openBrowser();
  const page = await openChat(context, model.endpoint);
  await ask(page, 'Tell me');
  await expect(answers(page)).toContainText('You said: Tell me');
  await expect(stopButton(page)).toBeHidden();
  await expectSaveState(page, 'saved');
  const release = await holdWrites(page);
  await ask(page, 'Tell me more');
  await messageField(page).fill('half a thought');
  await expect(page.getByText('Not sent')).toBeVisible({ timeout: 20_000 });
  await expect(messageField(page)).toHaveValue('Tell me more\nhalf a thought');
  await release();
  await expectSaveState(page, 'saved');
  await page.reload();
  await expect(messageField(page)).toHaveValue('Tell me more\nhalf a thought');
  await expect(prompts(page)).toHaveText([/Tell me/]);
});

test('a prompt that waits for an answer waits for its files as well', async ({ openBrowser, model, folder }) => {
  const { context } = await openBrowser();
  const page = await openChat(context, model.endpoint);
  const gate = createGate();
  model.next(stream([...words('One, '), end()], { gate }));
  await ask(page, 'Say one');
  await expect(answers(page)).toContainText('One, ');
  await ask(page, 'Say two');
  const large = join(folder, 'large.bin');
  await writeFile(large, Buffer.alloc(90_000_000, 7));
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Add pictures or files' }).click();
  await (await chooser).setFiles(large);
  await expect(page.getByRole('progressbar', { name: 'Adding large.bin' })).toBeVisible();
  gate.open();
  await expect(stopButton(page)).toBeHidden();
  await expect(page.getByText('Sent when the files are added.')).toBeVisible();
  await expect(prompts(page)).toHaveCount(2);
  for (const part of ['Say two', 'large.bin']) await expect(prompts(page).last()).toContainText(part);
  await expect(messageField(page)).toHaveValue('');
});
