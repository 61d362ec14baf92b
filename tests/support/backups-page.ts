/** The Backups panel as a person uses it in a test. */
import { expect, type Page } from '@playwright/test';
import type { App } from '#app/app.ts';
import { goTo, openNote } from './app-page.ts';

/** Makes a backup, and waits until it was verified. */
export async function backUp(page: Page): Promise<void> {
  await goTo(page, 'Backups');
  await page.getByRole('button', { name: 'Back up now' }).click();
  await expect(page.getByText('Backed up and verified')).toBeVisible({ timeout: 30_000 });
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
