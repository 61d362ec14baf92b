/** The app as a person uses it in a test: everything is found by role and name. */
import { readFile } from 'node:fs/promises';
import { type BrowserContext, expect, type Locator, type Page } from '@playwright/test';
import type { SaveState, SyncState } from '#app/app.ts';
import { syncLock } from '#core/channels.ts';
import type { AccountKeys } from './api-client.ts';

export interface NoteContent {
  readonly title: string;
  readonly text: string;
}

/** Opens the app in a new tab and waits until it can be written in. */
export async function openApp(context: BrowserContext, path = '/'): Promise<Page> {
  const page = await context.newPage();
  await page.goto(path);
  await expectOpen(page);
  return page;
}

/** The workspace has been opened. The frame with **New note** is there before that; the status bar has nothing to tell until then. */
export async function expectOpen(page: Page): Promise<void> {
  await expect(newNoteButton(page)).toBeVisible();
  await expect(statusBar(page)).toBeVisible();
}

/** Goes to a panel by its link, without loading the page again. */
export const goTo = (page: Page, name: string): Promise<void> =>
  page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name }).click();

/** The text of the file that `act` makes the page hand out. */
export async function downloadedText(page: Page, act: () => Promise<unknown>): Promise<string> {
  const [file] = await Promise.all([page.waitForEvent('download'), act()]);
  return readFile(await file.path(), 'utf8');
}

/** Waits until the whole app is in the precache and the service worker answers for this page. */
export async function waitForServiceWorker(page: Page): Promise<void> {
  await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller?.state)).toBe('activated');
}

export const newNoteButton = (page: Page): Locator => page.getByRole('button', { name: 'New note' }).first();
export const titleField = (page: Page): Locator => page.getByRole('textbox', { name: 'Title' });
export const textField = (page: Page): Locator => page.getByRole('textbox', { name: 'Note text' });
export const statusBar = (page: Page): Locator => page.getByRole('status').and(page.locator('[data-save-state]'));

export async function expectSaveState(page: Page, type: SaveState['type']): Promise<void> {
  await expect(statusBar(page)).toHaveAttribute('data-save-state', type);
}

/** `word` is what a person reads beside the state. */
export async function expectSyncState(page: Page, type: SyncState['type'], word = '', timeout = 15_000): Promise<void> {
  const bar = statusBar(page).and(page.locator(`[data-sync-state="${type}"]`));
  await expect(bar).toContainText(word, { timeout });
}

/** The way back that a message offers; the toolbar over a text has an *Undo* of its own. */
export const undoButton = (page: Page): Locator =>
  page.getByRole('region', { name: 'Messages' }).getByRole('button', { name: 'Undo' });

/**
 * Waits until a sync of this browser has ended well after `sinceMs` (wall time) and nothing waits. "Synced" alone may
 * still be that from before a change or a fault.
 */
export async function expectSyncedSince(page: Page, sinceMs: number, timeout = 15_000): Promise<void> {
  const time = statusBar(page).getByTitle('Last synced');
  const lastSyncedMs = async (): Promise<number> =>
    (await time.count()) > 0 ? Date.parse((await time.getAttribute('datetime')) ?? '') : 0;
  await expect.poll(lastSyncedMs, { timeout }).toBeGreaterThan(sinceMs);
  await expectSyncState(page, 'synced', 'Synced', timeout);
}

/** Writes a new note and waits until the status bar says that it is saved. */
export async function writeNote(page: Page, { title, text }: NoteContent): Promise<void> {
  await newNoteButton(page).click();
  await expect(titleField(page)).toHaveValue('');
  await titleField(page).fill(title);
  await appendText(page, text);
}

/** Types at the end of the open note, waits for "Saved". */
export async function appendText(page: Page, text: string): Promise<void> {
  await typeAtEnd(page, text);
  await expectSaveState(page, 'saved');
}

/** Types at the end of the open note, and waits for nothing. */
export const typeAtEnd = (page: Page, text: string): Promise<void> => typeAfter(page, 'Control+End', text);

/** Types at the start of the open note, and waits for nothing. */
export const typeAtStart = (page: Page, text: string): Promise<void> => typeAfter(page, 'Control+Home', text);

async function typeAfter(page: Page, key: string, text: string): Promise<void> {
  await textField(page).click();
  await page.keyboard.press(key);
  await page.keyboard.insertText(text);
}

/** Opens the note of that title from the list. */
export async function openNote(page: Page, title: string): Promise<void> {
  await noteInList(page, title).click();
  await expect(titleField(page)).toHaveValue(title);
}

export const noteInList = (page: Page, title: string): Locator =>
  page.getByRole('list', { name: 'Notes' }).getByRole('link', { name: title });

/** The open note is exactly this one, to the last line. For notes that fit on the screen: the editor draws no more. */
export async function expectOpenNote(page: Page, { title, text }: NoteContent): Promise<void> {
  await expect(titleField(page)).toHaveValue(title);
  await expect(textField(page).locator('.cm-line')).toHaveText(text.split('\n'));
}

/** The recovery code of this browser's account, as its 24 words on the settings page. */
export async function readRecoveryCode(page: Page): Promise<string> {
  await page.goto('/settings/account');
  await page.getByRole('button', { name: 'Show recovery code' }).click();
  const words = page.getByRole('list', { name: 'Recovery code' }).getByRole('listitem');
  await expect(words).toHaveCount(24);
  const keep = page.getByRole('button', { name: 'I have written it down' });
  if (await keep.isVisible()) await keep.click();
  return (await words.allTextContents()).join(' ');
}

export const codeForm = (page: Page): Locator => page.getByRole('form', { name: 'Enter with the recovery code' });

/** Opens the account of a recovery code in this browser, and waits until the app has started in it. */
export async function enterByCode(page: Page, code: string, join: 'Bring it along' | 'Keep it apart'): Promise<void> {
  await page.goto('/settings/account');
  const form = codeForm(page);
  await form.getByRole('textbox', { name: 'Recovery code' }).fill(code);
  await form.getByRole('radio', { name: join }).check();
  await form.getByRole('button', { name: 'Open with the code' }).click();
  await page.waitForURL((url) => url.pathname !== '/settings/account');
  await expectOpen(page);
}

/** The key of the account that is open in this browser, read from its registry: no screen has to be opened for it. */
export function readAccountKeys(page: Page): Promise<AccountKeys & { readonly workspaceId: string }> {
  return page.evaluate(
    () =>
      new Promise<AccountKeys & { readonly workspaceId: string }>((resolve, reject) => {
        const opening = indexedDB.open('holdfast-registry');
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const database = opening.result;
          const transaction = database.transaction(['active', 'workspaces']);
          const active = transaction.objectStore('active').get('active');
          active.onsuccess = () => {
            const row = transaction.objectStore('workspaces').get(active.result.workspaceId);
            row.onsuccess = () => {
              const { id, accountId, accountKey } = row.result;
              resolve({ workspaceId: id, accountId, accountKey });
            };
          };
          transaction.onabort = () => reject(transaction.error);
          transaction.oncomplete = () => database.close();
        };
      }),
  );
}

/** Takes the lock under which this browser talks to the server, as a drain under way does. Gives the way to end that. */
export async function holdSync(page: Page): Promise<() => Promise<void>> {
  const name = syncLock((await readAccountKeys(page)).workspaceId);
  const release = await page.evaluateHandle(
    (lock) =>
      new Promise<() => void>((held, failed) => {
        navigator.locks.request(lock, () => new Promise<void>((free) => held(() => free()))).catch(failed);
      }),
    name,
  );
  return () => release.evaluate((free) => free());
}
