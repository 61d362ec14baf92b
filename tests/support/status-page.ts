/** The Status panel as a person uses it in a test: everything is found by role and name. */
import type { Locator, Page } from '@playwright/test';
import { goTo } from './app-page.ts';

type SectionName = 'Overview' | 'Conflicts' | 'Quarantine' | 'Merge log' | 'Event log';

/** Goes to a section by the navigation, without loading the page again. */
export async function openStatus(page: Page, name: SectionName): Promise<void> {
  await goTo(page, 'Status');
  await page.getByRole('navigation', { name: 'Status' }).getByRole('link', { name }).click();
}

export const refusedEntries = (page: Page): Locator => page.getByRole('list', { name: 'Refused entries' }).getByRole('listitem');
export const conflicts = (page: Page): Locator => page.getByRole('list', { name: 'Conflicts' }).getByRole('listitem');
export const merges = (page: Page): Locator => page.getByRole('list', { name: 'Merges' }).getByRole('listitem');
export const events = (page: Page): Locator => page.getByRole('list', { name: 'Events' });
export const closeSentence = (page: Page): Locator => page.getByRole('region', { name: 'Is it safe to close?' });

/** Presses a button by keyboard: it has the focus, as after Tab, and Enter is pressed. */
export async function pressByKey(button: Locator): Promise<void> {
  await button.focus();
  await button.press('Enter');
}
