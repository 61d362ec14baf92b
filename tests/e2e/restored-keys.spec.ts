/** An API key in an encrypted backup: asked for on one browser, taken over on another, and used there. */
import { readFile } from 'node:fs/promises';
import { expect, type Page } from '@playwright/test';
import { openApp, writeNote } from '#support/app-page.ts';
import { openWhole } from '#support/backup-file.ts';
import { openWithPassphrase, setPassphrase } from '#support/backups-page.ts';
import { answers, ask, newChat, setEndpoint, setKey } from '#support/chats-page.ts';
import { startOpenAiServer } from '#support/openai-server.ts';
import { test } from '#support/test.ts';

const CANARY = 'sk-canary-5d20c6';
const passphrase = 'six words that nobody guesses';

/** Gives the bytes of the file. */
async function exportAll(page: Page, withKeys: boolean): Promise<Buffer> {
  await page.goto('/settings/data');
  await setPassphrase(page, passphrase);
  await page.getByRole('checkbox', { name: 'Include keys and secrets' }).setChecked(withKeys);
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export everything' }).click();
  return readFile(await (await downloading).path());
}

test('a key goes into the file only if it is asked for, and works in the other browser only if it is wanted', async ({
  openBrowser,
}) => {
  test.slow();
  const models = await startOpenAiServer({ key: CANARY });
  const page = await openApp((await openBrowser()).context);
  await writeNote(page, { title: 'A note', text: 'beside the key' });
  await setEndpoint(page, models.endpoint);
  await setKey(page, CANARY);
  const without = await openWhole(new Blob([new Uint8Array(await exportAll(page, false))]), { passphrase });
  expect(without.faults).toEqual([]);
  expect(JSON.stringify(without)).toContain('beside the key');
  expect(JSON.stringify(without)).not.toContain(CANARY);
  const file = await exportAll(page, true);
  await expect(page.getByText('1 API key is in it.')).toBeVisible();
  expect(file.includes(CANARY)).toBe(false);

  const other = await openApp((await openBrowser('second')).context);
  await other.goto('/backups/file');
  const choosing = other.waitForEvent('filechooser');
  await other.getByRole('button', { name: 'Pick a file' }).click();
  await (await choosing).setFiles({ name: 'holdfast.zip.age', mimeType: '', buffer: file });
  await openWithPassphrase(other, passphrase);
  const choice = other.getByRole('checkbox', { name: 'Restore API keys' });
  await expect(choice).toBeChecked({ timeout: 30_000 });
  await expect(other.getByText(`For ${new URL(models.endpoint).origin}: there is none in this browser.`)).toBeVisible();
  expect(await other.content()).not.toContain(CANARY);
  await other.getByRole('button', { name: /^Restore \d+ entr/ }).click();
  await other.getByRole('dialog').getByRole('button', { name: 'Restore' }).click();
  await expect(other.getByText(/^Restored: /)).toBeVisible({ timeout: 30_000 });
  await expect(choice).not.toBeChecked();
  await expect(other.getByText('the same one is here.')).toBeVisible();

  await setEndpoint(other, models.endpoint);
  await newChat(other);
  await ask(other, 'Hello');
  await expect(answers(other)).toContainText('You said: Hello');
  expect(models.requests.at(-1)?.headers.authorization).toBe(`Bearer ${CANARY}`);
  await models.close();
});
