/** The chats as a person uses them in a test. */
import { type BrowserContext, expect, type Locator, type Page } from '@playwright/test';
import { openApp } from './app-page.ts';

export const messageField = (page: Page): Locator => page.getByRole('textbox', { name: 'Message', exact: true });
export const stopButton = (page: Page): Locator => page.getByRole('button', { name: 'Stop' });
export const prompts = (page: Page): Locator => page.getByRole('article', { name: 'You' });
export const answers = (page: Page): Locator => page.getByRole('article', { name: 'Answer' });
export const chatInList = (page: Page, title: string): Locator =>
  page.getByRole('list', { name: 'Chats' }).getByRole('link', { name: title });

/** Writes the address of a model server into the settings of this device. */
export async function setEndpoint(page: Page, endpoint: string): Promise<void> {
  await page.goto('/settings/model-server');
  const field = page.getByRole('textbox', { name: 'Address' });
  await field.fill(endpoint);
  await field.blur();
  // Nothing waits for a save here: what was entered is there after a reload at once.
  await page.reload();
  await expect(field).toHaveValue(endpoint);
}

export async function setKey(page: Page, key: string): Promise<void> {
  await page.goto('/settings/model-server');
  const form = page.getByRole('form', { name: 'API key' });
  await form.locator('input[type=password]').fill(key);
  await form.getByRole('button', { name: 'Save key' }).click();
  await expect(page.getByText('The key is saved.')).toBeVisible();
}

export async function testConnection(page: Page): Promise<void> {
  await page.goto('/settings/model-server');
  await page.getByRole('button', { name: 'Test connection' }).click();
}

/** Opens a new chat through the navigation. */
export async function newChat(page: Page): Promise<void> {
  await page.goto('/chats');
  await page.getByRole('button', { name: 'New chat' }).click();
  await expect(messageField(page)).toBeEditable();
}

/** Opens the app with this address of a model server, at a chat that does not exist yet. */
export async function openChat(context: BrowserContext, endpoint: string): Promise<Page> {
  const page = await openApp(context);
  await setEndpoint(page, endpoint);
  await newChat(page);
  return page;
}

/** Types a prompt and presses Enter. */
export async function ask(page: Page, prompt: string): Promise<void> {
  await messageField(page).fill(prompt);
  await messageField(page).press('Enter');
}
