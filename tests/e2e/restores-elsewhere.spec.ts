/** A restore on one device, as the other one sees it. */
import { expect } from '@playwright/test';
import {
  enterByCode,
  expectSaveState,
  expectSyncState,
  goTo,
  noteInList,
  openApp,
  openNote,
  readRecoveryCode,
  titleField,
  writeNote,
} from '#support/app-page.ts';
import { backUp } from '#support/backups-page.ts';
import { test } from '#support/test.ts';

test('the other device is told, keeps a copy of how it was, and goes back to it', async ({ openBrowser }) => {
  test.slow();
  const first = await openApp((await openBrowser('first')).context);
  await writeNote(first, { title: 'Photosynthesis', text: 'As it was.' });
  await expectSyncState(first, 'synced', 'Synced', 30_000);
  const code = await readRecoveryCode(first);
  const second = await openApp((await openBrowser('second')).context);
  await enterByCode(second, code, 'Keep it apart');
  await goTo(second, 'Notes');
  await expect(noteInList(second, 'Photosynthesis')).toBeVisible({ timeout: 30_000 });

  await backUp(first);
  await goTo(second, 'Notes');
  await openNote(second, 'Photosynthesis');
  await titleField(second).fill('Newer title');
  await expectSaveState(second, 'saved');
  await expectSyncState(second, 'synced', 'Synced', 30_000);
  await goTo(first, 'Notes');
  await expect(noteInList(first, 'Newer title')).toBeVisible({ timeout: 30_000 });

  await goTo(first, 'Backups');
  await first
    .getByRole('list', { name: 'Backups' })
    .getByRole('link', { name: /Restore from/ })
    .last()
    .click();
  await first.getByRole('radio', { name: 'As it was then' }).check();
  await first.getByRole('button', { name: /Restore \d+ entr/ }).click();
  await first.getByRole('dialog').getByRole('button', { name: 'Restore' }).click();
  await expect(first.getByText(/Restored: \d+ entr/)).toBeVisible({ timeout: 30_000 });

  const told = second.getByRole('status', { name: 'Restored elsewhere' });
  await expect(told).toContainText(/restored \d+ entr(y|ies) from a backup of/, { timeout: 60_000 });
  await expect(told).toContainText('A copy of how it was is kept here for 30 days.');
  await goTo(second, 'Notes');
  await expect(noteInList(second, 'Photosynthesis')).toBeVisible();
  await told.getByRole('link', { name: 'See the copy' }).click();
  await second.getByRole('radio', { name: 'As it was then' }).check();
  await second.getByRole('button', { name: /Restore \d+ entr/ }).click({ timeout: 30_000 });
  await second.getByRole('dialog').getByRole('button', { name: 'Restore' }).click();
  await expect(second.getByText(/Restored: \d+ entr/)).toBeVisible({ timeout: 30_000 });
  for (const page of [second, first]) {
    await goTo(page, 'Notes');
    await expect(noteInList(page, 'Newer title')).toBeVisible({ timeout: 30_000 });
  }
  await told.getByRole('button', { name: 'Close' }).click();
  await expect(told).toBeHidden();
  await second.reload();
  await expect(noteInList(second, 'Newer title')).toBeVisible();
  await expect(told).toBeHidden();
});
