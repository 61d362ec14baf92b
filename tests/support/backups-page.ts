/** The Backups panel as a person uses it in a test. */
import { expect, type Page } from '@playwright/test';
import { goTo } from './app-page.ts';

/** Makes a backup, and waits until it was verified. */
export async function backUp(page: Page): Promise<void> {
  await goTo(page, 'Backups');
  await page.getByRole('button', { name: 'Back up now' }).click();
  await expect(page.getByText('Backed up and verified')).toBeVisible({ timeout: 30_000 });
}
