/** Backups of the built app in a real browser, under its own policy: a worker of the store worker makes them. */
import { expect } from '@playwright/test';
import type { App } from '#app/app.ts';
import { appendText, expectOpen, expectSaveState, goTo, openApp, openNote, textField, writeNote } from '#support/app-page.ts';
import { backUp } from '#support/backups-page.ts';
import { backupsIn } from '#support/kept-in-page.ts';
import { test } from '#support/test.ts';

test('a first backup is made by itself while a person types, and is found when the databases are gone', async ({
  openBrowser,
  server,
}) => {
  test.slow();
  const { context } = await openBrowser();
  const page = await openApp(context);
  await writeNote(page, { title: 'Photosynthesis', text: 'Light becomes sugar.' });
  await expectSaveState(page, 'saved');
  // Typing goes on for as long as it takes: every word of it is saved, whatever is read meanwhile.
  let rounds = 0;
  await expect(async () => {
    await appendText(page, ` Word ${rounds++}.`);
    expect(await backupsIn(page)).toHaveLength(1);
  }).toPass({ timeout: 60_000, intervals: [500] });
  const [made] = await backupsIn(page);
  expect(made?.counts.note).toEqual({ live: 1, binned: 0 });
  expect(made?.text).toContain('Light becomes sugar.');

  // The browser drops the databases; the next start makes new ones.
  const devtools = await context.newCDPSession(page);
  await page.goto(`${server.url}/rescue.html`);
  await devtools.send('Storage.clearDataForOrigin', { origin: server.url, storageTypes: 'indexeddb' });
  await page.goto('/');
  await expectOpen(page);
  expect(await backupsIn(page)).toEqual(expect.arrayContaining([made]));
});

test('the history of a note shows what only a backup still has, and one click brings it back', async ({ openBrowser }) => {
  test.slow();
  const { context } = await openBrowser();
  const page = await openApp(context);
  await writeNote(page, { title: 'Photosynthesis', text: 'Light becomes sugar.' });
  await expectSaveState(page, 'saved');
  await backUp(page);
  await goTo(page, 'Notes');
  await openNote(page, 'Photosynthesis');
  await textField(page).fill('Nothing of it is left.');
  await expectSaveState(page, 'saved');
  // As when the revisions of so long ago have been thinned.
  await page.evaluate(async () => {
    const shell = document.querySelector('app-shell') as HTMLElement & { app: App };
    shell.app.history = async () => ({ ok: true, value: [] });
  });
  await page.getByRole('button', { name: 'Note actions' }).click();
  await page.getByRole('menuitem', { name: 'History' }).click();
  const dialog = page.getByRole('dialog', { name: 'History of Photosynthesis' });
  await dialog.getByRole('button', { name: 'Look into the backups' }).click();
  const found = dialog.getByRole('list', { name: 'In backups' }).getByRole('button');
  await expect(found).toHaveCount(1);
  await expect(found).toContainText('In one backup');
  await found.click();
  await expect(dialog.getByRole('region', { name: 'Changes', exact: true })).toContainText('Light becomes sugar.');
  await dialog.getByRole('button', { name: 'Restore' }).click();
  await expect(textField(page)).toHaveText('Light becomes sugar.');
});
