/** The steps of `docs/recovery.md`, as they are written there: what is pressed is what is in bold. */
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { expect } from '@playwright/test';
import {
  enterByCode,
  expectOpen,
  expectSaveState,
  expectSyncState,
  goTo,
  noteInList,
  openApp,
  readRecoveryCode,
  writeNote,
} from '#support/app-page.ts';
import { backUp } from '#support/backups-page.ts';
import { loseAll } from '#support/empty-start.ts';
import { test } from '#support/test.ts';

const guide = readFileSync(new URL('../../docs/recovery.md', import.meta.url), 'utf8');

/** The words in bold, step by step, below a heading. */
function stepsOf(heading: string): readonly (readonly string[])[] {
  const [, after = ''] = guide.split(`### ${heading}\n`);
  const [section = ''] = after.split('\n#');
  return section
    .split(/^\d\. /m)
    .slice(1)
    .map((step) => [...step.matchAll(/\*\*(.+?)\*\*/g)].map(([, label = '']) => label));
}

const say = (steps: readonly (readonly string[])[], step: number, label = 0): string => {
  const found = steps[step - 1]?.[label];
  if (found === undefined) throw new Error(`step ${step} has no label ${label}`);
  return found;
};

test('a cleared cache', async ({ server, openBrowser }) => {
  test.slow();
  const steps = stepsOf('A cleared cache');
  const page = await openApp((await openBrowser()).context);
  await writeNote(page, { title: 'Photosynthesis', text: 'Light becomes sugar.' });
  await expectSyncState(page, 'synced', 'Synced', 30_000);
  await backUp(page);
  await loseAll(page, server.url, ['holdfast-backups']);
  await page.goto('/');
  await expectOpen(page);
  await page.getByRole('link', { name: say(steps, 1) }).click();
  await page
    .getByRole('button', { name: /Bring back the work of/ })
    .filter({ hasText: say(steps, 2) })
    .click();
  await page.getByRole('button', { name: new RegExp(`^${say(steps, 2, 1)} \\d+ entr`) }).click({ timeout: 30_000 });
  await page
    .getByRole('dialog')
    .getByRole('button', { name: say(steps, 2, 1) })
    .click();
  await expect(page.getByText(/Restored: \d+ entr/)).toBeVisible({ timeout: 30_000 });
  await goTo(page, 'Notes');
  await expect(noteInList(page, 'Photosynthesis')).toBeVisible();
  await page.getByRole('button', { name: say(steps, 4) }).click();
  await expectSyncState(page, 'synced', 'Synced', 30_000);
});

test('a lost laptop', async ({ openBrowser }) => {
  test.slow();
  const steps = stepsOf('A lost laptop');
  const laptop = await openApp((await openBrowser('laptop')).context);
  await writeNote(laptop, { title: 'Photosynthesis', text: 'Light becomes sugar.' });
  await expectSyncState(laptop, 'synced', 'Synced', 30_000);
  const code = await readRecoveryCode(laptop);
  const page = await openApp((await openBrowser('other')).context);
  await page.getByRole('link', { name: say(steps, 1) }).click();
  await page.getByRole('textbox', { name: 'Recovery code' }).fill(code);
  await page.getByRole('button', { name: say(steps, 2) }).click();
  await page.waitForURL((url) => url.pathname !== '/settings/enter');
  await goTo(page, 'Notes');
  await expect(noteInList(page, 'Photosynthesis')).toBeVisible({ timeout: 30_000 });
  await goTo(page, say(steps, 3));
  await page.getByRole('link', { name: 'Account', exact: true }).click();
  const others = page.getByRole('button', { name: new RegExp(`^${say(steps, 3, 1)}`) });
  await others.first().click({ timeout: 30_000 });
  await page
    .getByRole('dialog')
    .getByRole('button', { name: say(steps, 3, 1) })
    .click();
  await expect(page.getByText('is signed out')).toBeVisible();
});

test('a broken server', async ({ server, openBrowser }) => {
  test.slow();
  const steps = stepsOf('A broken server');
  const first = await openApp((await openBrowser('first')).context);
  await writeNote(first, { title: 'Photosynthesis', text: 'Light becomes sugar.' });
  await expectSyncState(first, 'synced', 'Synced', 30_000);
  await server.stop();
  await rm(server.dataDir, { recursive: true });
  await writeNote(first, { title: 'Written meanwhile', text: 'New words.' });
  await expectSaveState(first, 'saved');
  await server.restart();
  await expectSyncState(first, 'synced', say(steps, 2), 60_000);
  const code = await readRecoveryCode(first);
  // What the devices have given it is there for another one.
  const second = await openApp((await openBrowser('second')).context);
  await enterByCode(second, code, 'Keep it apart');
  await goTo(second, 'Notes');
  for (const title of ['Photosynthesis', 'Written meanwhile'])
    await expect(noteInList(second, title)).toBeVisible({ timeout: 30_000 });
});

test('a forgotten passphrase', async ({ openBrowser }) => {
  test.slow();
  const steps = stepsOf('A forgotten passphrase');
  const page = await openApp((await openBrowser()).context);
  await writeNote(page, { title: 'Photosynthesis', text: 'Light becomes sugar.' });
  await expectSaveState(page, 'saved');
  await goTo(page, say(steps, 1));
  await page.getByRole('button', { name: say(steps, 1, 1) }).click();
  await expect(page.getByText('Backed up and verified')).toBeVisible({ timeout: 30_000 });
  const downloading = page.waitForEvent('download');
  await page
    .getByRole('list', { name: 'Backups' })
    .getByRole('button', { name: /More about/ })
    .first()
    .click();
  await page.getByRole('menuitem', { name: say(steps, 2) }).click();
  const dialog = page.getByRole('dialog', { name: 'Download a backup' });
  await dialog.getByRole('radio', { name: say(steps, 2, 1) }).check();
  await dialog.getByRole('button', { name: say(steps, 2, 2), exact: true }).click();
  const file = await (await downloading).path();
  await dialog.getByRole('button', { name: 'Close' }).click();
  await page.getByRole('link', { name: say(steps, 3) }).click();
  await page
    .locator('restore-file input[type=file]')
    .setInputFiles({ name: 'backup.json', mimeType: 'application/json', buffer: readFileSync(file) });
  await expect(page.getByRole('button', { name: 'Nothing to restore' })).toBeDisabled({ timeout: 30_000 });
});
