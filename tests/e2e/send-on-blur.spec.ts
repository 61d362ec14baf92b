/** The pace of five seconds is for whoever is still typing: what was typed goes out when the person leaves the field. */
import { expect } from '@playwright/test';
import { expectSyncState, openApp, textField, titleField, writeNote } from '#support/app-page.ts';
import { test } from '#support/test.ts';
import { readOutbox } from '#support/workspace-database.ts';

test('what was typed waits for its pace in the field, and no longer when that is left', async ({ openBrowser }) => {
  const { context } = await openBrowser();
  const page = await openApp(context);
  await writeNote(page, { title: 'Paced', text: 'One.' });
  await expectSyncState(page, 'synced');
  // Nothing goes out meanwhile, so that what is let go can be seen.
  await context.setOffline(true);
  // What is let go may be on its way before anybody looks: its row keeps the pace that it was given, or none.
  const isHeld = async () => (await readOutbox(page)).some(({ kind, holdUntil }) => kind === 'note' && holdUntil > 0);
  await textField(page).click();
  for (const leave of [() => textField(page).blur(), () => titleField(page).blur()]) {
    await page.keyboard.type('More');
    await expect.poll(isHeld).toBe(true);
    await leave();
    await expect.poll(isHeld).toBe(false);
    await titleField(page).click();
  }
  await context.setOffline(false);
  await expectSyncState(page, 'synced');
});
