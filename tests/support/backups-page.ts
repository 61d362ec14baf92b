/** The Backups panel as a person uses it in a test. */
import { expect, type Locator, type Page } from '@playwright/test';
import type { App } from '#app/app.ts';
import { goTo, openNote } from './app-page.ts';

/** Makes a backup, and waits until it was verified. */
export async function backUp(page: Page): Promise<void> {
  await goTo(page, 'Backups');
  await page.getByRole('button', { name: 'Back up now' }).click();
  await expect(page.getByText('Backed up and verified')).toBeVisible({ timeout: 30_000 });
}

/** Fills in that what is exported is encrypted. */
export async function setPassphrase(page: Page, passphrase: string): Promise<void> {
  await page.getByRole('checkbox', { name: 'Protect it with a passphrase' }).check();
  await page.getByRole('textbox', { name: 'Passphrase' }).fill(passphrase);
  await page.getByRole('textbox', { name: 'The same once more' }).fill(passphrase);
}

/** Has the page itself press Cancel as soon as these words are in the form of a download: what is made is made in a second. */
export const cancelAt = (form: Locator, words: string): Promise<void> =>
  form.evaluate((element, wanted) => {
    const shown = element.shadowRoot as ShadowRoot;
    const cancel = (): void => {
      const button = [...shown.querySelectorAll('button')].find(({ textContent }) => textContent.includes('Cancel'));
      if (shown.textContent?.includes(wanted)) button?.click();
    };
    new MutationObserver(cancel).observe(shown, { childList: true, subtree: true, characterData: true });
  }, words);

/** Gives the passphrase of a file that was picked, and has it opened. */
export async function openWithPassphrase(page: Page, passphrase: string): Promise<void> {
  await page.getByLabel('Passphrase').fill(passphrase);
  await page.getByRole('button', { name: 'Open the file' }).click();
}

type Shell = HTMLElement & { readonly app: App };

/** Deletes the note of that title permanently. */
export async function purgeNote(page: Page, title: string): Promise<void> {
  await page.goto('/notes');
  await openNote(page, title);
  await page.evaluate(async () => {
    const { app } = document.querySelector('app-shell') as Shell;
    const deleted = await app.purge('note', [location.pathname.split('/')[2] ?? '']);
    if (!deleted.ok) throw new Error(deleted.error.type);
  });
}

/** Has the server of the account keep a backup, and waits until it has. */
export const backUpToServer = (page: Page): Promise<void> =>
  page.evaluate(async () => {
    const { app } = document.querySelector('app-shell') as Shell;
    const copied = await app.backups.copyToPlace('server');
    if (!copied.ok) throw new Error(copied.error.type);
  });
