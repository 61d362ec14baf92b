/** axe, over what is on the screen. Every rule counts, best practices included. */
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

/** The rules that look at colours: all that another colour scheme or theme can break. */
const COLOUR_RULES = ['color-contrast', 'link-in-text-block'];

/** What axe finds, in words for the test's report. The app has no frames, so axe needs no second page. */
async function findViolations(page: Page, rules?: readonly string[]) {
  const axe = new AxeBuilder({ page }).setLegacyMode();
  const { violations } = await (rules ? axe.withRules([...rules]) : axe).analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => ({ id, target, failureSummary })));
}

/** Looks at the page in light with every rule, and in dark at its colours. */
export async function expectNoViolation(page: Page, place: string): Promise<void> {
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  expect.soft(await findViolations(page), `${place}, light`).toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
  expect.soft(await findViolations(page, COLOUR_RULES), `${place}, dark`).toEqual([]);
}

/** Looks at the page's colours in the scheme or theme that it has now. */
export async function expectReadable(page: Page, place: string): Promise<void> {
  expect.soft(await findViolations(page, COLOUR_RULES), place).toEqual([]);
}
