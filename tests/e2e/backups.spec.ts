/** The Backups panel: making one, looking after it, taking it out, and going back to it. */
import { readFile } from 'node:fs/promises';
import { expect, type Page } from '@playwright/test';
import { unzipSync } from 'fflate';
import { readRecord } from '#backup/format/record.ts';
import type { Json } from '#core/json.ts';
import {
  downloadedText,
  expectSaveState,
  goTo,
  openApp,
  openNote,
  titleField,
  undoButton,
  writeNote,
} from '#support/app-page.ts';
import { openWhole } from '#support/backup-file.ts';
import { backUp } from '#support/backups-page.ts';
import { addFile, hashOfBytes } from '#support/device-files.ts';
import { damageBackups } from '#support/kept-in-page.ts';
import { test } from '#support/test.ts';

const backups = (page: Page) => page.getByRole('list', { name: 'Backups' }).getByRole('listitem');

/** The notes, then the one of that title. */
async function goToNote(page: Page, title: string): Promise<void> {
  await goTo(page, 'Notes');
  await openNote(page, title);
}

/** Fills in the form of a download that is open, and gives the path of the file. */
async function download(page: Page, form: string, passphrase?: string): Promise<string> {
  const dialog = page.getByRole('dialog', { name: 'Download a backup' });
  await dialog.getByRole('radio', { name: form }).check();
  if (passphrase !== undefined) {
    await dialog.getByRole('checkbox', { name: 'Protect it with a passphrase' }).check();
    await dialog.getByRole('textbox', { name: 'Passphrase' }).fill(passphrase);
    await expect(dialog.getByRole('button', { name: 'Download' })).toBeDisabled();
    await dialog.getByRole('textbox', { name: 'The same once more' }).fill(passphrase);
  }
  const downloading = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Download' }).click();
  const path = await (await downloading).path();
  await expect(dialog.getByText('is in your downloads')).toBeVisible();
  // Whoever has not written it down yet still can.
  if (passphrase !== undefined) await expect(dialog.getByRole('textbox', { name: 'Passphrase' })).toHaveValue(passphrase);
  await dialog.getByRole('button', { name: 'Close' }).click();
  return path;
}

test('a backup is made, verified, downloaded in both forms and removed', async ({ openBrowser }) => {
  const page = await openApp((await openBrowser()).context);
  await writeNote(page, { title: 'Photosynthesis', text: '# Light\n\n\tWater in, oxygen out.' });
  await expectSaveState(page, 'saved');
  await backUp(page);
  await expect(page.getByRole('heading', { name: /^Last verified just now, (on this device|in 2 places)$/ })).toBeVisible();
  await expect(backups(page)).toHaveCount(1);
  await expect(backups(page)).toContainText('1 note');
  const more = backups(page).getByRole('button', { name: /More about/ });

  for (const form of ['JSON', 'YAML'] as const) {
    await more.click();
    await page.getByRole('menuitem', { name: 'Download…' }).click();
    const text = await readFile(await download(page, form), 'utf8');
    expect(text).toContain('Photosynthesis');
    if (form === 'YAML') continue;
    const { records, format } = JSON.parse(text) as { readonly records: readonly Json[]; readonly format: string };
    expect(format).toBe('holdfast-backup');
    for (const record of records) expect(readRecord(record).ok).toBe(true);
  }
  await more.click();
  await page.getByRole('menuitem', { name: 'Verify' }).click();
  await expect(page.getByText('It is whole.')).toBeVisible();
  await more.click();
  await page.getByRole('menuitem', { name: 'Remove' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove it' }).click();
  await expect(page.getByText('No backups yet')).toBeVisible();
});

test('a download is a ZIP with the files, and behind a passphrase it is opened by that alone', async ({ openBrowser }) => {
  const page = await openApp((await openBrowser()).context);
  const picture = await addFile(page, { bytes: 300_000 });
  await writeNote(page, { title: 'Leaves', text: `![Leaf](files/${picture}.png)` });
  await expectSaveState(page, 'saved');
  await backUp(page);
  const more = backups(page).getByRole('button', { name: /More about/ });
  await more.click();
  await page.getByRole('menuitem', { name: 'Download…' }).click();
  await expect(page.getByRole('dialog')).toContainText('1 picture or file.');
  const files = unzipSync(await readFile(await download(page, 'ZIP')));
  expect(Object.keys(files)).toEqual(['backup.json', `files/${picture}.png`]);
  expect(hashOfBytes(files[`files/${picture}.png`] as Uint8Array)).toBe(picture);

  const passphrase = 'crane mellow orbit dune fable grit';
  await more.click();
  await page.getByRole('menuitem', { name: 'Download…' }).click();
  const locked = await readFile(await download(page, 'ZIP', passphrase));
  expect(locked.subarray(0, 21).toString()).toBe('age-encryption.org/v1');
  const opened = await openWhole(new Blob([new Uint8Array(locked)]), { passphrase });
  expect(opened).toMatchObject({ encrypted: true, faults: [] });
  expect(Object.keys(opened.files)).toEqual([picture]);
});

test('a restore shows what it would do, does it, and is undone, also after a reload', async ({ openBrowser }) => {
  const page = await openApp((await openBrowser()).context);
  await writeNote(page, { title: 'First', text: 'As it was.' });
  await writeNote(page, { title: 'Second', text: 'Untouched.' });
  await expectSaveState(page, 'saved');
  await backUp(page);
  await goToNote(page, 'First');
  await titleField(page).fill('Changed');
  await expectSaveState(page, 'saved');

  await goTo(page, 'Backups');
  await backups(page)
    .getByRole('link', { name: /Restore from/ })
    .click();
  await expect(page.getByRole('button', { name: 'Nothing to restore' })).toBeDisabled();
  await page.getByRole('radio', { name: 'As it was then' }).check();
  const entries = page.getByRole('list', { name: 'Entries' }).getByRole('listitem');
  await expect(entries.filter({ hasText: 'First' })).toContainText('is changed: title');
  await page.getByRole('button', { name: /Restore \d+ entr/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Restore' }).click();
  await expect(page.getByText(/Restored: \d+ entr/)).toBeVisible({ timeout: 30_000 });
  await goToNote(page, 'First');

  await goTo(page, 'Backups');
  await page.reload();
  await expect(backups(page)).toHaveCount(2);
  await expect(backups(page).first()).toContainText('before a restore');
  await page.getByRole('button', { name: 'Undo this restore' }).click();
  await expect(page.getByText('Everything is as it was before the restore.')).toBeVisible();
  await goToNote(page, 'Changed');
});

test('a restore is tried: all of it comes back, and a damaged backup is reported by the names in it', async ({ openBrowser }) => {
  const page = await openApp((await openBrowser()).context);
  await writeNote(page, { title: 'Photosynthesis', text: 'Light becomes sugar.' });
  await expectSaveState(page, 'saved');
  await backUp(page);
  await page.getByRole('button', { name: 'Try the newest backup' }).click();
  await expect(page.getByText(/^Last tried just now: (\d+) of \1 entr(y|ies) came back\.$/)).toBeVisible({ timeout: 30_000 });
  await page.reload();
  await expect(page.getByText(/^Last tried just now/)).toBeVisible();

  await damageBackups(page);
  await backups(page)
    .getByRole('button', { name: /More about/ })
    .click();
  await page.getByRole('menuitem', { name: 'Try a restore' }).click();
  await expect(page.getByText(/entr(y|ies) would not come back/)).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole('list', { name: 'Entries that would not come back' })).toContainText(
    'Photosynthesis cannot be read',
  );
  // What a restore of it would lack is said before anything is written.
  await backups(page)
    .getByRole('link', { name: /^Restore from / })
    .click();
  await expect(page.getByText('Nothing of it can be read.')).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole('main').getByRole('listitem').filter({ hasText: 'Photosynthesis' })).toBeVisible();
  expect(await page.evaluate(async () => (await indexedDB.databases()).filter(({ name }) => name?.includes('scratch')))).toEqual(
    [],
  );
});

test('of a damaged backup the rest is downloaded, with words on what is missing; an export of what is here lacks nothing', async ({
  openBrowser,
}) => {
  const page = await openApp((await openBrowser()).context);
  // Each fills a part of its own.
  const titles = ['First', 'Second', 'Third'];
  for (const title of titles) await writeNote(page, { title, text: title.repeat(60_000) });
  await expectSaveState(page, 'saved');
  await backUp(page);
  // Else the next backup writes the same once more, and the damage is mended.
  for (const title of titles) {
    await goToNote(page, title);
    await titleField(page).fill(`${title} again`);
    await expectSaveState(page, 'saved');
  }
  await damageBackups(page, 1);
  await goTo(page, 'Backups');
  const list = page.getByRole('list', { name: 'Backups' });
  const open = async () => {
    await list
      .getByRole('button', { name: /More about/ })
      .last()
      .click();
    await page.getByRole('menuitem', { name: 'Download…' }).click();
  };
  await open();
  const dialog = page.getByRole('dialog', { name: 'Download a backup' });
  await dialog.getByRole('radio', { name: 'JSON' }).check();
  await dialog.getByRole('button', { name: 'Download', exact: true }).click();
  await expect(dialog.getByText('This backup is damaged')).toBeVisible();
  // What was asked for without a passphrase is not offered beside a passphrase that is asked for since.
  await expect(dialog.getByRole('button', { name: 'Download the rest' })).toBeVisible();
  await dialog.getByRole('checkbox', { name: 'Protect it with a passphrase' }).check();
  await expect(dialog.getByRole('button', { name: 'Download the rest' })).toBeHidden();
  await dialog.getByRole('checkbox', { name: 'Protect it with a passphrase' }).uncheck();
  await dialog.getByRole('button', { name: 'Download', exact: true }).click();
  const within = async (save: () => Promise<unknown>) => {
    const file = JSON.parse(await downloadedText(page, save)) as {
      readonly lacking?: number;
      readonly records: readonly { readonly fields: { readonly title?: string } }[];
    };
    return { lacking: file.lacking, titles: file.records.flatMap(({ fields }) => fields.title ?? []).sort() };
  };
  const rest = await within(() => dialog.getByRole('button', { name: 'Download the rest' }).click());
  expect(rest.lacking).toBeGreaterThan(0);
  const [lost = 'Layout'] = titles.filter((title) => !rest.titles.includes(title));
  await expect(dialog.getByText(/entr(y is|ies are) not in it/)).toBeVisible();
  await dialog.getByRole('button', { name: 'Close' }).click();

  // It is known now: what is missing is said before, by name.
  await expect(list).toContainText('of it cannot be read');
  await expect(list).toContainText(lost);
  await open();
  await expect(dialog).toContainText(lost);
  await dialog.getByRole('radio', { name: 'JSON' }).check();
  expect(await within(() => dialog.getByRole('button', { name: 'Download the rest' }).click())).toEqual(rest);
  await dialog.getByRole('button', { name: 'Close' }).click();

  await backUp(page);
  await damageBackups(page);
  await page.goto('/settings/data');
  await page.getByRole('radio', { name: 'JSON' }).check();
  const whole = await within(() => page.getByRole('button', { name: 'Export everything' }).click());
  expect(whole).toEqual({ lacking: undefined, titles: titles.map((title) => `${title} again`) });
});

test('both are kept where the person says so, for a kind, for one note, or one note alone; words find what is not listed', async ({
  openBrowser,
}) => {
  const page = await openApp((await openBrowser()).context);
  await writeNote(page, { title: 'First', text: 'As it was.' });
  await writeNote(page, { title: 'Second', text: 'Untouched.' });
  await expectSaveState(page, 'saved');
  await backUp(page);
  for (const title of ['First', 'Second']) {
    await goToNote(page, title);
    await titleField(page).fill(`${title} changed`);
    await expectSaveState(page, 'saved');
  }
  await goTo(page, 'Backups');
  await backups(page)
    .getByRole('link', { name: /Restore from/ })
    .click();
  const entries = page.getByRole('list', { name: 'Entries' }).getByRole('listitem');
  // What stays is listed, too.
  await expect(entries.filter({ hasText: 'First' })).toContainText('stays: it is newer here');
  await page.getByRole('radio', { name: 'Keep both' }).check();
  await expect(page.getByRole('button', { name: 'Restore 2 entries' })).toBeEnabled();
  await entries.filter({ hasText: 'Second' }).getByRole('combobox').selectOption('As it was then');
  await expect(entries.filter({ hasText: 'Second' })).toContainText('is changed: title');
  await page.getByRole('combobox', { name: 'What becomes of Notes' }).selectOption('Leave as it is');
  await expect(page.getByRole('button', { name: 'Restore 1 entry' })).toBeEnabled();
  await page.getByRole('combobox', { name: 'What becomes of Notes' }).selectOption('As chosen above');
  await page.getByRole('searchbox', { name: 'Find' }).fill('untouched');
  await expect(entries).toHaveText([/Second/]);
  await page.getByRole('searchbox', { name: 'Find' }).fill('first');
  await expect(entries).toHaveText([/First/]);
  await page.getByRole('button', { name: 'Restore this one alone' }).click();
  await page.getByRole('button', { name: 'Restore 1 entry' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Restore' }).click();
  await expect(page.getByText('Restored: 1 entry changed.')).toBeVisible({ timeout: 30_000 });
  const notes = page.getByRole('list', { name: 'Notes' });
  await goTo(page, 'Notes');
  await expect(notes.getByRole('link', { name: /^First \(from backup, \d{4}-\d\d-\d\d\)/ })).toBeVisible();
  await expect(notes.getByRole('link', { name: 'First changed' })).toBeVisible();
  await expect(notes.getByRole('link', { name: 'Second changed' })).toBeVisible();
  await expect(notes.getByRole('listitem')).toHaveCount(3);
  // What has come of it is said, also where the panel has been left.
  await undoButton(page).click();
  await expect(page.getByText('Everything is as it was before the restore.')).toBeVisible({ timeout: 30_000 });
  await expect(notes.getByRole('listitem')).toHaveCount(2);
});

test('the settings have the backups as well: how they stand, the schedule, and each to download; Status has a line', async ({
  openBrowser,
}) => {
  const page = await openApp((await openBrowser()).context);
  await writeNote(page, { title: 'Photosynthesis', text: 'Light becomes sugar.' });
  await expectSaveState(page, 'saved');
  await page.goto('/settings/backups');
  await page.getByRole('button', { name: 'Back up now' }).click();
  await expect(backups(page)).toHaveCount(1, { timeout: 30_000 });
  await expect(page.getByRole('heading', { name: /^Last verified just now/ })).toBeVisible();
  await page.getByRole('combobox', { name: 'Schedule of this device' }).selectOption({ label: 'Once a day' });
  // It is tomorrow now: the day is named.
  await expect(page.getByText(/The next one comes at [^,]+, [^,]+, if something has changed/)).toBeVisible();
  await backups(page)
    .getByRole('button', { name: /More about/ })
    .click();
  await page.getByRole('menuitem', { name: 'Try a restore' }).click();
  await expect(page.getByText(/^Last tried just now/)).toBeVisible({ timeout: 30_000 });
  // The palette says of which backup a command of its menu is.
  await page.keyboard.press('ControlOrMeta+k');
  await page.getByRole('combobox', { name: 'Command or name' }).fill('verify');
  await expect(page.getByRole('option', { name: /^Verify: .*\d{4}/ })).toBeVisible();
  await page.goto('/status');
  const line = page.getByRole('region', { name: 'Backups' });
  await expect(line).toContainText(/Last verified .*, (on this device|in 2 places)/);
  await expect(line).toContainText(/A restore was tried\. Last tried .* entr(y|ies) came back/);
  await damageBackups(page);
  await page.goto('/backups');
  await page.getByRole('button', { name: 'Try the newest backup' }).click();
  await expect(page.getByText(/would not come back/)).toBeVisible({ timeout: 30_000 });
  await page.goto('/status');
  await expect(line).toContainText('would not come back');
});
