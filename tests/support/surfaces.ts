/**
 * Every surface of the app over a workspace that is filled once: what the layout, the colours and the pictures of each are
 * looked at with. A surface that is added to the app gets its line here.
 */
import { expect, type Page } from '@playwright/test';
import { appendText, expectSaveState, type NoteContent, noteInList, writeNote } from './app-page.ts';
import { openWithPassphrase } from './backups-page.ts';
import { answers, ask, chatInList, newChat, setEndpoint, stopButton } from './chats-page.ts';
import { end, type OpenAiServer, stream, words } from './openai-server.ts';
import { pickNow } from './picked-folder.ts';
import { ageRevisions } from './workspace-database.ts';

const GOLDEN = new URL('../golden/backups/', import.meta.url).pathname;

/** What a restore from an encrypted file with an API key would do. */
async function restoreKeys(page: Page): Promise<void> {
  await page.goto('/backups/file');
  await expect(page.getByRole('button', { name: 'Pick a file' })).toBeEnabled();
  await page.locator('restore-file input[type=file]').setInputFiles(`${GOLDEN}v1-keys.age`);
  await openWithPassphrase(page, 'golden');
  await page.getByRole('checkbox', { name: 'Restore API keys' }).scrollIntoViewIfNeeded({ timeout: 30_000 });
}

/** The export, encrypted, with everything that can be asked for. */
async function exportLocked(page: Page): Promise<void> {
  await page.goto('/settings/data');
  await page.getByRole('checkbox', { name: 'Protect it with a passphrase' }).check();
  await page.getByRole('checkbox', { name: 'Include keys and secrets' }).scrollIntoViewIfNeeded();
}

export interface Content {
  /** The last one is the note that is opened. */
  readonly notes: readonly NoteContent[];
  readonly tags: readonly string[];
  readonly notebook: string;
  readonly prompt: string;
  readonly answer: string;
  /** A word of the last note. */
  readonly searched: string;
}

export interface Surface {
  /** As a file may be named. */
  readonly name: string;
  /** Goes there from wherever the page is. */
  readonly show: (page: Page) => Promise<void>;
}

const at = (path: string) => async (page: Page) => {
  await page.goto(path);
  await expect(page.getByRole('main').getByRole('heading').first()).toBeVisible();
};

const bin = (path: string) => async (page: Page) => {
  await at(path)(page);
  await expect(page.getByRole('button', { name: 'Restore' })).toBeVisible();
};

/** The backups, one of which is made where there is none. */
async function backups(page: Page): Promise<void> {
  await at('/backups')(page);
  const first = page.getByRole('list', { name: 'Backups' }).getByRole('listitem').first();
  await expect(first.or(page.getByText('No backups yet'))).toBeVisible();
  if (!(await first.isVisible())) await page.getByRole('button', { name: 'Back up now' }).click();
  await expect(first).toBeVisible({ timeout: 30_000 });
}

const FOLDER = 'Study backups';

/** The backups with a folder beside this device, which is added where it is not there. */
async function backupPlaces(page: Page): Promise<void> {
  await backups(page);
  await pickNow(page, FOLDER);
  const places = page.getByRole('list', { name: 'Places' });
  await expect(places).toBeVisible();
  if (!(await places.getByText(FOLDER).isVisible())) await page.getByRole('button', { name: 'Add a folder…' }).click();
  await expect(places.getByRole('button', { name: `Write to ${FOLDER} now` })).toBeEnabled({ timeout: 30_000 });
  await places.scrollIntoViewIfNeeded();
}

/** The way back in by that folder, with what lies in it. */
async function enterByFolder(page: Page): Promise<void> {
  await backupPlaces(page);
  await at('/settings/enter')(page);
  await pickNow(page, FOLDER);
  await page.getByRole('button', { name: 'Choose the folder…' }).click();
  await expect(page.getByRole('button', { name: 'Bring everything back' })).toBeVisible({ timeout: 30_000 });
  await page.getByRole('button', { name: 'Bring everything back' }).scrollIntoViewIfNeeded();
}

/** What is shown before anything was written. */
export const emptySurfaces: readonly Surface[] = [
  { name: 'first-screen', show: at('/') },
  { name: 'enter', show: at('/settings/enter') },
  { name: 'no-chats', show: at('/chats') },
  { name: 'empty-bin', show: at('/notes/bin') },
  { name: 'no-backups', show: at('/backups') },
  { name: 'restore-file', show: at('/backups/file') },
  { name: 'markdown-import', show: at('/backups/markdown') },
];

/** Writes the notes and a chat, with a second note in the bin and a chat as well. Leaves the page at the chats. */
export async function fillWorkspace(page: Page, model: OpenAiServer, content: Content): Promise<void> {
  await page.goto('/notes');
  for (const note of content.notes) await writeNote(page, note);
  const tag = page.getByRole('combobox', { name: 'Add tag' });
  for (const name of content.tags) {
    await tag.fill(name);
    await tag.press('Enter');
  }
  const notebook = page.getByRole('combobox', { name: 'Notebook' });
  await notebook.fill(content.notebook);
  await notebook.press('Enter');
  await expectSaveState(page, 'saved');
  await ageRevisions(page);
  await page.reload();
  await appendText(page, '\n\nNext: photorespiration, and why it wastes light.');
  await writeNote(page, { title: 'An older draft', text: 'Words that nobody needs.' });
  await page.getByRole('button', { name: 'Note actions' }).click();
  await moveToBin(page);
  await setEndpoint(page, model.endpoint);
  for (const isKept of [false, true]) {
    await newChat(page);
    model.next(stream([...words(content.answer), end()]));
    await ask(page, content.prompt);
    await expect(answers(page)).toHaveCount(1);
    await expect(stopButton(page)).toBeHidden();
    await expectSaveState(page, 'saved');
    if (isKept) continue;
    await page.getByRole('button', { name: 'Chat actions' }).click();
    await moveToBin(page);
  }
}

/** From the open menu of a document. Waits until the app says that it is done. */
async function moveToBin(page: Page): Promise<void> {
  await page.getByRole('menuitem', { name: 'Move to bin' }).click();
  await expect(page.getByText(/^Moved “.*” to the bin$/)).toBeVisible();
}

/** Everything that a filled workspace shows. */
export function filledSurfaces(content: Content): readonly Surface[] {
  const note = async (page: Page): Promise<void> => {
    await page.goto('/notes');
    await noteInList(page, titleOf(content).slice(0, 30)).first().click();
    await expect(page.getByRole('textbox', { name: 'Title' })).toHaveValue(titleOf(content));
  };
  const preview = async (page: Page, isShown: boolean): Promise<void> => {
    await note(page);
    await page.getByRole('switch', { name: 'Preview' }).setChecked(isShown);
  };
  const menu = async (page: Page): Promise<void> => {
    await preview(page, false);
    await page.getByRole('button', { name: 'Note actions' }).click();
    await expect(page.getByRole('menuitem', { name: 'History' })).toBeVisible();
  };
  const history = async (page: Page): Promise<void> => {
    await menu(page);
    await page.getByRole('menuitem', { name: 'History' }).click();
    await expect(
      page
        .getByRole('dialog', { name: /^History/ })
        .getByRole('listitem')
        .first(),
    ).toBeVisible();
  };
  return [
    { name: 'note', show: (page) => preview(page, false) },
    { name: 'preview', show: (page) => preview(page, true) },
    { name: 'note-menu', show: menu },
    { name: 'history', show: history },
    {
      name: 'history-in-backups',
      show: async (page) => {
        await history(page);
        await page.getByRole('button', { name: 'Look into the backups' }).click();
        await expect(page.getByText(/^In one backup|^In \d+ backups|have no other state of it/).first()).toBeVisible();
      },
    },
    {
      name: 'notes',
      show: async (page) => {
        await page.goto('/notes');
        await expect(noteInList(page, titleOf(content).slice(0, 30)).first()).toBeVisible();
      },
    },
    { name: 'notes-bin', show: bin('/notes/bin') },
    { name: 'backups', show: backups },
    { name: 'backup-places', show: backupPlaces },
    { name: 'enter-folder', show: enterByFolder },
    {
      name: 'restore',
      show: async (page) => {
        await backups(page);
        await page
          .getByRole('list', { name: 'Backups' })
          .getByRole('link', { name: /Restore from/ })
          .first()
          .click();
        await page.getByRole('radio', { name: 'As it was then' }).check();
        await expect(page.getByRole('button', { name: /^(Restore \d|Nothing to restore)/ })).toBeVisible();
      },
    },
    { name: 'restore-keys', show: restoreKeys },
    { name: 'export-locked', show: exportLocked },
    {
      name: 'palette',
      show: async (page) => {
        await at('/status')(page);
        await page.keyboard.press('Control+k');
        await expect(page.getByRole('combobox', { name: 'Command or name' })).toBeFocused();
      },
    },
    {
      name: 'search',
      show: async (page) => {
        await at('/status')(page);
        await page.keyboard.press('Control+Shift+f');
        const dialog = page.getByRole('dialog');
        await dialog.getByRole('combobox').fill(content.searched);
        await expect(dialog.getByRole('option').first()).toBeVisible();
      },
    },
    {
      name: 'chat',
      show: async (page) => {
        await page.goto('/chats');
        await chatInList(page, content.prompt.slice(0, 20)).first().click();
        await expect(answers(page)).toHaveCount(1);
      },
    },
    { name: 'new-chat', show: newChat },
    { name: 'chats', show: at('/chats') },
    { name: 'chats-bin', show: bin('/chats/bin') },
  ];
}

/** The sections of the settings and of the status, as the page lists them. */
export async function sectionSurfaces(page: Page): Promise<readonly Surface[]> {
  const found: Surface[] = [];
  for (const panel of ['/settings', '/status']) {
    await page.goto(panel);
    const links = page.getByRole('navigation', { name: /^(Settings|Status)$/ }).getByRole('link');
    await expect(links.first()).toBeVisible();
    const paths = await links.evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).pathname));
    expect(paths.length, `the sections of ${panel}`).toBeGreaterThan(3);
    for (const path of paths) found.push({ name: path.slice(1).replaceAll('/', '-'), show: at(path) });
  }
  return found;
}

const titleOf = ({ notes }: Content): string => notes.at(-1)?.title ?? '';
