/**
 * Takes the pictures of the running product: those that an install dialog shows, and the README's. `npm run pictures`
 * after a build; the results are committed.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright';
import { BROWSER_ARGS, findBrowser } from '#ci/browser.mjs';
import { startServer } from '#support/server-process.ts';

interface DemoNote {
  readonly title: string;
  readonly text: string;
}

const OTHERS: readonly DemoNote[] = [
  { title: 'Release checklist', text: 'Bump the version, run the soak test, tag, write the notes.' },
  { title: 'Reading list', text: 'Three papers on conflict-free replicated trees.' },
  { title: 'Spanish: irregular verbs', text: 'ir, ser, estar, tener. Drill the preterite on the train.' },
  { title: 'Organic chemistry, week 6', text: 'Nucleophilic substitution: SN1 against SN2, and when each wins.' },
  { title: 'Linear algebra', text: 'Eigenvectors point where the map only stretches. Worked examples from the exam.' },
];

const OPEN: DemoNote = {
  title: 'Photosynthesis',
  text: `Plants turn **light** into sugar in two acts.

## Light reactions

- Water is split in the *thylakoid*; oxygen leaves
- ATP and \`NADPH\` carry the energy on

## Calvin cycle

> Six turns make one glucose.

1. Carbon is fixed by RuBisCO
2. Reduction to sugar
3. RuBP is made again
`,
};

async function writeNote(page: Page, { title, text }: DemoNote): Promise<void> {
  await page.getByRole('button', { name: 'New note' }).first().click();
  await page.getByRole('textbox', { name: 'Title' }).fill(title);
  await page.getByRole('textbox', { name: 'Note text' }).click();
  await page.keyboard.insertText(text);
  await page.locator('[data-save-state=saved]').waitFor();
}

const folder = await mkdtemp(join(tmpdir(), 'holdfast-pictures-'));
const server = await startServer({ dataDir: join(folder, 'data') });
const executablePath = await findBrowser();
const browser = await chromium.launch({ args: BROWSER_ARGS, ...(executablePath && { executablePath }) });
try {
  for (const place of ['public/screenshots', 'docs/images']) await mkdir(place, { recursive: true });
  const context = await browser.newContext({ baseURL: server.url, viewport: { width: 1280, height: 800 }, colorScheme: 'light' });
  const page = await context.newPage();
  await page.goto('/');
  for (const note of [...OTHERS, OPEN]) await writeNote(page, note);
  await page.getByRole('switch', { name: 'Preview' }).click();
  await page.getByRole('heading', { name: 'Calvin cycle' }).waitFor();
  await page.locator('[data-sync-state=synced]').waitFor({ timeout: 30_000 });
  await page.screenshot({ path: 'public/screenshots/wide.png' });
  await page.screenshot({ path: 'docs/images/notes.png' });
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.screenshot({ path: 'docs/images/notes-dark.png' });

  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto('/notes');
  await page.getByRole('link', { name: OPEN.title }).first().waitFor();
  await page.locator('[data-sync-state=synced]').waitFor({ timeout: 30_000 });
  await page.screenshot({ path: 'public/screenshots/narrow.png' });
} finally {
  await browser.close();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}
