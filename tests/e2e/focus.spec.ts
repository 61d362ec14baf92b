/** Where the focus is after each way to a document, and after each control that goes when it is used. */
import { expect, type Page } from '@playwright/test';
import { openApp, textField, titleField, writeNote } from '#support/app-page.ts';
import { answers, ask, messageField, newChat, prompts, setEndpoint, stopButton } from '#support/chats-page.ts';
import { test } from '#support/model-test.ts';
import { createGate, end, stream, words } from '#support/openai-server.ts';

/** Opens what the words find first in the palette or in the search. */
async function choose(page: Page, keys: 'Control+k' | 'Control+Shift+F', query: string): Promise<void> {
  await page.keyboard.press(keys);
  const field = page.getByRole('combobox', { name: /^(Command or name|Search everything)$/ });
  await expect(field).toBeFocused();
  await field.fill(query);
  await expect(page.getByRole('option').first()).toContainText(query);
  await page.keyboard.press('Enter');
  await expect(field).toBeHidden();
}

test('the focus is in the text after the palette, a search hit and the keys of the tabs, and in the message field of a chat', async ({
  openBrowser,
  model,
}) => {
  const page = await openApp((await openBrowser()).context);
  await setEndpoint(page, model.endpoint);
  await writeNote(page, { title: 'Osmosis', text: 'Water moves.' });
  await writeNote(page, { title: 'Mitosis', text: 'Cells divide.' });
  await newChat(page);
  await ask(page, 'Photosynthesis');
  await expect(answers(page)).toContainText('You said');

  await choose(page, 'Control+k', 'Osmosis');
  await expect(titleField(page)).toHaveValue('Osmosis');
  await expect(textField(page)).toBeFocused();
  // The note that is open already.
  await titleField(page).blur();
  await choose(page, 'Control+k', 'Osmosis');
  await expect(textField(page)).toBeFocused();
  await choose(page, 'Control+k', 'Photosynthesis');
  await expect(messageField(page)).toBeFocused();
  await choose(page, 'Control+Shift+F', 'Mitosis');
  await expect(titleField(page)).toHaveValue('Mitosis');
  await expect(textField(page)).toBeFocused();

  for (const keys of ['Control+Alt+PageUp', 'Control+Alt+PageDown', 'Control+Alt+w', 'Control+Alt+z']) {
    const before = page.url();
    await page.keyboard.press(keys);
    await expect.poll(() => page.url()).not.toBe(before);
    await expect(page.url().includes('/chats/') ? messageField(page) : textField(page)).toBeFocused();
  }
  // A command that changes no place gives back what had it, or the open document.
  await page.evaluate(() => (document.activeElement as HTMLElement).blur());
  await choose(page, 'Control+k', 'Copy as Markdown');
  await expect(page.url().includes('/chats/') ? messageField(page) : textField(page)).toBeFocused();
});

test('the focus is in the message field after Stop, Resend and Retry, and on its button after a cancelled edit', async ({
  openBrowser,
  model,
}) => {
  const page = await openApp((await openBrowser()).context);
  await setEndpoint(page, model.endpoint);
  await newChat(page);
  const gate = createGate();
  model.next(stream([...words('Half '), end()], { gate }));
  await ask(page, 'Tell me');
  await expect(answers(page)).toContainText('Half');
  await stopButton(page).focus();
  await page.keyboard.press('Enter');
  await expect(messageField(page)).toBeFocused();
  gate.open();

  await answers(page).getByRole('button', { name: 'Retry' }).press('Enter');
  await expect(messageField(page)).toBeFocused();
  await expect(answers(page)).toContainText('You said: Tell me');

  const edit = prompts(page).getByRole('button', { name: 'Edit and resend' });
  await edit.press('Enter');
  await page.getByRole('textbox', { name: 'Edited prompt' }).press('Escape');
  await expect(edit).toBeFocused();
  await edit.press('Enter');
  await page.getByRole('textbox', { name: 'Edited prompt' }).fill('Tell me more');
  await page.getByRole('button', { name: 'Resend' }).press('Enter');
  await expect(answers(page)).toContainText('You said: Tell me more');
  await expect(messageField(page)).toBeFocused();

  await page.getByRole('button', { name: 'Find in this chat' }).press('Enter');
  await page.getByRole('searchbox', { name: 'Find in this chat' }).press('Escape');
  await expect(messageField(page)).toBeFocused();
});
