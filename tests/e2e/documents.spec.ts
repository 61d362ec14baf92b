/** What every kind of document has in common: its bin, the way back out of it, and a title that is typed in while it changes. */
import { expect, type Page } from '@playwright/test';
import { BINNED_AT } from '#core/entity.ts';
import { enterAsDevice } from '#support/api-client.ts';
import { expectSyncState, openApp, readAccountKeys, writeNote } from '#support/app-page.ts';
import { test } from '#support/test.ts';

const KINDS = [
  { kind: 'note', panel: 'notes', title: 'Title' },
  { kind: 'chat', panel: 'chats', title: 'Chat title' },
] as const;

/** Opens the app, and enters its account as a second device. */
async function openBoth(context: Parameters<typeof openApp>[0], url: string) {
  const page = await openApp(context);
  await writeNote(page, { title: 'Mine', text: 'Something to send.' });
  await expectSyncState(page, 'synced', 'Synced', 30_000);
  return { page, other: await enterAsDevice(url, await readAccountKeys(page)) };
}

async function caretAt(page: Page, field: string, at: number): Promise<void> {
  await page.getByRole('textbox', { name: field, exact: true }).focus();
  await page.keyboard.press('Home');
  for (let step = 0; step < at; step++) await page.keyboard.press('ArrowRight');
}

for (const { kind, panel, title } of KINDS) {
  test(`the bin of the ${kind}s names how many are in it, and "Empty bin" deletes them all`, async ({ server, openBrowser }) => {
    const { context } = await openBrowser();
    const { page, other } = await openBoth(context, server.url);
    const all = Array.from({ length: 230 }, (_, at) => ({ title: `Old ${at}`, [BINNED_AT]: 1000 + at }));
    await other.write(kind, all);
    await page.goto(`/${panel}/bin`);
    await expect(page.getByText(`230 ${kind}s. They stay until`)).toBeVisible({ timeout: 30_000 });
    await page.getByRole('button', { name: 'Empty bin' }).click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: `Delete 230 ${kind}s` })
      .click();
    await expect(page.getByText('The bin is empty.')).toBeVisible({ timeout: 30_000 });
    await expectSyncState(page, 'synced', 'Synced', 30_000);
    const { entities } = await other.readState();
    expect(entities.filter((one) => one.kind === kind && one.deleted)).toHaveLength(230);
  });

  test(`a ${kind} that is restored says so, in the bin and where it is open`, async ({ server, openBrowser }) => {
    const { context } = await openBrowser();
    const { page, other } = await openBoth(context, server.url);
    const [, second = ''] = await other.write(kind, [
      { title: 'Out of the bin', [BINNED_AT]: 1000 },
      { title: 'Where it is open', [BINNED_AT]: 1000 },
    ]);
    await page.goto(`/${panel}/bin`);
    await page.getByRole('button', { name: 'Restore Out of the bin' }).click({ timeout: 30_000 });
    await expect(page.getByText('Restored “Out of the bin”')).toBeVisible();
    await page.goto(`/${panel}/${second}`);
    await page.getByRole('button', { name: 'Restore', exact: true }).click();
    await expect(page.getByText('Restored “Where it is open”')).toBeVisible();
  });

  test(`the title of a ${kind} keeps the caret where other words come into it`, async ({ server, openBrowser }) => {
    const { context } = await openBrowser();
    const { page, other } = await openBoth(context, server.url);
    const [id = ''] = await other.write(kind, [{ title: 'Photosynthesis' }]);
    await page.goto(`/${panel}/${id}`);
    const field = page.getByRole('textbox', { name: title, exact: true });
    await expect(field).toHaveValue('Photosynthesis', { timeout: 30_000 });
    const second = await openApp(context, `/${panel}/${id}`);
    await caretAt(page, title, 5);
    await second.getByRole('textbox', { name: title, exact: true }).fill('About Photosynthesis');
    await expect(field).toHaveValue('About Photosynthesis');
    await page.keyboard.insertText('-');
    await expect(field).toHaveValue('About Photo-synthesis');
  });
}

test('the system prompt of a chat keeps the caret where other words come into it', async ({ server, openBrowser }) => {
  const { context } = await openBrowser();
  const { page, other } = await openBoth(context, server.url);
  const [id = ''] = await other.write('chat', [{ title: 'Revision', systemPrompt: 'Short steps.' }]);
  const second = await context.newPage();
  for (const tab of [page, second]) {
    await tab.goto(`/chats/${id}`);
    await tab.getByText('with instructions').click({ timeout: 30_000 });
  }
  await caretAt(page, 'System prompt', 5);
  await second.getByRole('textbox', { name: 'System prompt' }).fill('Answer in Short steps.');
  const field = page.getByRole('textbox', { name: 'System prompt' });
  await expect(field).toHaveValue('Answer in Short steps.');
  await page.keyboard.insertText(', clear');
  await expect(field).toHaveValue('Answer in Short, clear steps.');
});
