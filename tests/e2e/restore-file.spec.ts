/** A backup that comes as a file: picked, dropped, encrypted, damaged, or not a backup at all. */
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { jsonForm } from '#backup/format/json-form.ts';
import { yamlForm } from '#backup/format/yaml-form.ts';
import { goTo, noteInList, openApp, openNote, textField, writeNote } from '#support/app-page.ts';
import { aRecord, documentOf } from '#support/backup-content.ts';
import { openWithPassphrase } from '#support/backups-page.ts';
import { bring } from '#support/files-page.ts';
import { test } from '#support/test.ts';

const golden = (name: string): string => new URL(`../golden/backups/${name}`, import.meta.url).pathname;
const records = Array.from({ length: 30 }, (_, n) =>
  aRecord(n + 1, { title: `Kept ${n + 1}`, text: `Words of ${n + 1}.`, binnedAt: null, tags: [], starred: false }),
).map((record) => ({ ...record, v: 2 }));
const asJson = await documentOf(jsonForm, records);
const asYaml = await documentOf(yamlForm, records);
const asFile = (content: string | Buffer, name = 'backup.json') => ({
  name,
  mimeType: 'application/json',
  buffer: Buffer.from(content),
});

type Picked = Parameters<ReturnType<Page['locator']>['setInputFiles']>[0];

async function pick(page: Page, file: Picked): Promise<void> {
  await page.goto('/backups/file');
  await expect(page.getByRole('button', { name: 'Pick a file' })).toBeEnabled();
  const choosing = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Pick a file' }).click();
  await (await choosing).setFiles(file);
}

const drop = (page: Page, selector: string, name: string, content: string): Promise<void> =>
  bring(page.locator(selector).first(), 'drop', [{ name, type: '', bytes: Buffer.from(content) }]);

/** What a restore would do is shown, and then done. */
async function restore(page: Page, entries: number): Promise<void> {
  await page.getByRole('button', { name: `Restore ${entries} entries` }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Restore' }).click();
  await expect(page.getByText(`Restored: ${entries} entries changed.`)).toBeVisible({ timeout: 30_000 });
}

/** The status bar has empty regions of this role from when it has loaded. */
const problem = (page: Page) => page.getByRole('alert').filter({ hasText: /\S/ });

const backups = (page: Page) => page.getByRole('list', { name: 'Backups' }).getByRole('listitem');

test('a downloaded backup is picked in another browser, shown, restored, and undone after a reload', async ({ openBrowser }) => {
  const page = await openApp((await openBrowser()).context);
  await page.getByRole('link', { name: /I already have work/ }).click();
  await page.getByRole('link', { name: 'Restore from a file' }).click();
  const choosing = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Pick a file' }).click();
  await (await choosing).setFiles(asFile(asJson));
  await restore(page, 30);
  await page.getByRole('link', { name: 'To the backups' }).click();
  await expect(backups(page).filter({ hasText: 'brought from backup.json' })).toHaveCount(1);
  await expect(page.getByRole('heading', { name: /Last verified/ })).toBeVisible();
  await goTo(page, 'Notes');
  await openNote(page, 'Kept 7');
  await expect(textField(page)).toHaveText('Words of 7.');

  await page.goto('/backups');
  await page.getByRole('button', { name: 'Undo this restore' }).click();
  await expect(page.getByText('Everything is as it was before the restore.')).toBeVisible();
  await page.goto('/notes');
  await expect(page.getByText('Write. It is kept.')).toBeVisible();
});

test('a backup that is dropped anywhere is shown, and any other file stays what it was', async ({ openBrowser }) => {
  const page = await openApp((await openBrowser()).context);
  await writeNote(page, { title: 'Open', text: 'Here.' });
  await drop(page, 'nav-rail', 'backup.json', asJson);
  await expect(page.getByRole('button', { name: 'Restore 30 entries' })).toBeVisible();
  await page.goto('/notes');
  await openNote(page, 'Open');
  // Over an editor, too.
  await drop(page, '.cm-content', 'renamed.json', asJson);
  await expect(page.getByRole('button', { name: 'Restore 30 entries' })).toBeVisible();
  await page.goto('/notes');
  await openNote(page, 'Open');
  await drop(page, '.cm-content', 'numbers.json', '{"some":"numbers"}');
  await expect(textField(page)).toContainText('[numbers.json]');
  // Where nothing takes a file, it is said what it is.
  await drop(page, 'nav-rail', 'conversations.json', JSON.stringify([{ title: 'A chat', mapping: {} }]));
  await expect(problem(page)).toContainText('This file comes from ChatGPT');
});

test('an encrypted backup asks for its passphrase, and says which one is wrong', async ({ openBrowser }) => {
  test.slow();
  const page = await openApp((await openBrowser()).context);
  await pick(page, golden('v1.age'));
  await expect(problem(page)).toContainText('The backup is encrypted');
  await openWithPassphrase(page, 'not it');
  await expect(problem(page)).toContainText('That is not the passphrase of this file', { timeout: 30_000 });
  await openWithPassphrase(page, 'golden');
  await expect(page.getByRole('button', { name: /Restore \d entries/ })).toBeVisible({ timeout: 30_000 });
});

test('what is wrong is listed by its place, and the rest is restored only when the person has seen it', async ({
  openBrowser,
}) => {
  const page = await openApp((await openBrowser()).context);
  const lines = asJson.split('\n');
  lines[13] = (lines[13] ?? '').replace('"v":2', '"v":0');
  lines[15] = (lines[15] ?? '').replace('Kept', 'Chan\\ud800ged');
  await pick(page, asFile(lines.join('\n')));
  const wrong = page.getByRole('list', { name: 'What is wrong' }).getByRole('listitem');
  await expect(wrong.first()).toContainText('entry 2, line 14');
  await expect(wrong.filter({ hasText: 'was changed after it was written' })).toHaveCount(1);
  await page.getByRole('button', { name: 'Copy the list' }).click();
  await expect(page.getByText(/List copied|does not let the app copy/)).toBeVisible();
  await page.getByRole('button', { name: 'Go on with the other 29 entries' }).click();
  await restore(page, 29);
});

/** E3: refused with its reason before anything is written. */
const refused: readonly (readonly [name: string, content: string | Buffer, says: string])[] = [
  ['corrupt', Buffer.from(asJson).map((byte, at) => (at > 400 && at < 600 ? 0 : byte)) as Buffer, 'The file is not text'],
  ['truncated', asJson.slice(0, asJson.length / 2), 'The backup ends too early'],
  ['from another app', JSON.stringify([{ uuid: 'x', name: 'A chat', chat_messages: [] }]), 'This file comes from Claude'],
  ['newer', asJson.replace('"version":1', '"version":7'), 'A newer Holdfast wrote this backup'],
  ['empty', '', 'The file is empty'],
  ['a web page', '<!doctype html><title>Sign in</title>', 'This is a web page'],
  ['with an id twice', asJson.replace(/"id":"(\S+?)02","kind"/, '"id":"$101","kind"'), 'An entry is there twice'],
  [
    'an alias bomb',
    asYaml.replace('fields:\n', 'fields:\n  a: &a [x, x]\n  b: &b [*a, *a]\n  c: [*b, *b]\n'),
    'A part of the backup is not well-formed',
  ],
  [
    'with __proto__',
    asJson.replace('"title":"Kept 1"', '"__proto__":{"title":"Kept 1"}'),
    'An entry has a value that cannot be used',
  ],
];

test('a file that is damaged, foreign, newer or hostile is refused with its reason, and nothing is written', async ({
  openBrowser,
}) => {
  const page = await openApp((await openBrowser()).context);
  await writeNote(page, { title: 'Mine', text: 'As it is.' });
  for (const [name, content, says] of refused) {
    await pick(page, asFile(content, name === 'an alias bomb' ? 'backup.yaml' : 'backup.json'));
    await expect(page.getByText(says).first(), name).toBeVisible();
  }
  await page.goto('/backups');
  await expect(backups(page).filter({ hasText: 'brought' })).toHaveCount(0);
  await page.goto('/notes');
  await expect(page.getByRole('list', { name: 'Notes' }).getByRole('listitem')).toHaveCount(1);
  await expect(noteInList(page, 'Mine')).toBeVisible();
});

test('a file with a byte order mark is read as any other', async ({ openBrowser }) => {
  const page = await openApp((await openBrowser()).context);
  await pick(page, asFile(`\ufeff${asJson}`));
  await expect(page.getByRole('button', { name: 'Restore 30 entries' })).toBeVisible();
});

test('200 MB are read with a bar that moves, are canceled without a trace, and show what they would restore', async ({
  openBrowser,
  folder,
}) => {
  test.slow();
  const path = join(folder, 'large.json');
  const large = { ...aRecord(1, {}), v: 2 };
  const text = 'words of a long note '.repeat(480);
  const file = await open(path, 'w');
  const [head = '', rest = ''] = (await documentOf(jsonForm, [])).split('"records":[\n');
  await file.write(`${head.replace('"counts":{}', '"counts":{"note":{"live":20000,"binned":0}}')}"records":[\n`);
  for (let n = 0; n < 20_000; n++) {
    const id = `01990000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;
    const line = JSON.stringify({
      fields: { text: `${n} ${text}`, title: `Large ${n}` },
      id,
      kind: 'note',
      stamps: {},
      v: large.v,
    });
    await file.write(n === 0 ? line : `,\n${line}`);
  }
  await file.write(`\n${rest}`);
  expect((await file.stat()).size).toBeGreaterThan(200_000_000);
  await file.close();

  const page = await openApp((await openBrowser()).context);
  await pick(page, path);
  const bar = page.getByRole('progressbar', { name: 'Reading the file…' });
  const read = async (): Promise<number> => Number(await bar.evaluate((one) => (one as HTMLProgressElement).value));
  await expect.poll(read, { timeout: 60_000 }).toBeGreaterThan(1_000_000);
  const before = await read();
  await expect.poll(read, { timeout: 60_000 }).toBeGreaterThan(before);
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByText('Stopped. Nothing of the file was kept.')).toBeVisible();
  await page.goto('/backups');
  await expect(page.getByText('No backups yet')).toBeVisible();

  await pick(page, path);
  // Its checksum is that of an empty one: it is said, and what is in it can be used.
  await page.getByRole('button', { name: 'Go on with the other 20,000 entries' }).click({ timeout: 180_000 });
  await expect(page.getByRole('button', { name: 'Restore 20,000 entries' })).toBeVisible({ timeout: 180_000 });
});

test('a restore that is killed in the middle goes on after the start, or is taken back, and nothing is half', async ({
  openBrowser,
}) => {
  test.slow();
  const many = Array.from({ length: 4000 }, (_, n) => ({
    ...aRecord(n + 1, { title: `Kept ${n + 1}`, text: `Words of ${n + 1}.` }),
    v: 2,
  }));
  const file = asFile(await documentOf(jsonForm, many));
  const browser = await openBrowser();
  const page = await openApp(browser.context);
  const begin = async (on: Page): Promise<void> => {
    await pick(on, file);
    await on.getByRole('button', { name: 'Restore 4,000 entries' }).click({ timeout: 60_000 });
    await on.getByRole('dialog').getByRole('button', { name: 'Restore' }).click();
    const group = on.getByRole('group', { name: 'Restoring…' });
    await expect(group).toContainText(/Restored ([2-9]\d\d|[1-3],\d\d\d) of 4,000/, { timeout: 60_000 });
  };
  await begin(page);
  await browser.kill();

  const started = await openApp((await openBrowser()).context, '/backups');
  await expect(started.getByText(/It was interrupted: [\d,]+ entries changed so far/)).toBeVisible();
  await started.getByRole('button', { name: 'Undo this restore' }).click();
  await expect(started.getByText('Everything is as it was before the restore.')).toBeVisible({ timeout: 60_000 });
  await started.goto('/notes');
  await expect(started.getByText('Write. It is kept.')).toBeVisible();

  // Canceled by the person: the same.
  await begin(started);
  await started.getByRole('group', { name: 'Restoring…' }).getByRole('button', { name: 'Cancel' }).click();
  await expect(started.getByText('Stopped. What was begun is under Backups')).toBeVisible();
  await started.goto('/backups');
  await started.getByRole('button', { name: 'Go on' }).click();
  await expect(started.getByText('Restored: 4,000 entries changed.')).toBeVisible({ timeout: 60_000 });
  // The same file once more changes nothing.
  await pick(started, file);
  await expect(started.getByRole('button', { name: 'Nothing to restore' })).toBeVisible({ timeout: 60_000 });
});
