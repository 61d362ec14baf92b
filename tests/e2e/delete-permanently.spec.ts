/** "Delete permanently" and "Empty bin", for every kind of document: they ask first, name what goes, and it is gone everywhere. */
import { expect, type Page } from '@playwright/test';
import { ledger } from '#entities/index.ts';
import { enterAsDevice } from '#support/api-client.ts';
import { expectSyncState, openApp, readAccountKeys, writeNote } from '#support/app-page.ts';
import { ask, newChat, prompts } from '#support/chats-page.ts';
import { test } from '#support/test.ts';

interface Ways {
  readonly bin: string;
  readonly actions: string;
  /** Writes one with this title, and leaves it open. */
  write(page: Page, title: string): Promise<void>;
}

const WAYS: Readonly<Record<string, Ways>> = {
  note: {
    bin: '/notes/bin',
    actions: 'Note actions',
    write: (page, title) => writeNote(page, { title, text: `Words of ${title}.` }),
  },
  chat: {
    bin: '/chats/bin',
    actions: 'Chat actions',
    async write(page, title) {
      await newChat(page);
      // No model answers here.
      await ask(page, title);
      await expect(prompts(page)).toContainText(title);
    },
  },
};

const documents = [...ledger.values()].flatMap(({ kind, document }) => (document ? [kind] : []));

test('every kind of document is tried here', () => {
  expect(Object.keys(WAYS).sort()).toEqual(documents.sort());
});

for (const [kind, { bin, actions, write }] of Object.entries(WAYS)) {
  test(`a ${kind} is deleted permanently, then the bin is emptied: only after a yes, and on the server as well`, async ({
    server,
    openBrowser,
  }) => {
    const { context } = await openBrowser();
    const page = await openApp(context);
    for (const title of ['Kept', 'First', 'Second', 'Third']) {
      await write(page, title);
      if (title === 'Kept') continue;
      await page.getByRole('button', { name: actions }).click();
      await page.getByRole('menuitem', { name: 'Move to bin' }).click();
      await expect(page.getByText(`Moved “${title}” to the bin`)).toBeVisible();
    }
    await page.goto(bin);
    const rows = page.getByRole('list', { name: /in the bin$/ }).getByRole('listitem');
    await expect(rows).toHaveCount(3);
    const dialog = page.getByRole('dialog');
    const remove = page.getByRole('button', { name: 'Delete permanently: First' });

    await remove.click();
    await expect(dialog.getByRole('listitem')).toHaveText(['First']);
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await expect(rows).toHaveCount(3);
    await remove.click();
    await dialog.getByRole('button', { name: /^Delete/ }).click();
    await expect(rows).toHaveCount(2);
    await expect(rows.filter({ hasText: 'First' })).toHaveCount(0);

    const empty = page.getByRole('button', { name: 'Empty bin' });
    await empty.click();
    await expect(dialog.getByRole('listitem')).toHaveText([/^(Second|Third)$/, /^(Second|Third)$/]);
    await page.keyboard.press('Escape');
    await expect(rows).toHaveCount(2);
    await empty.click();
    await dialog.getByRole('button', { name: `Delete 2 ${kind}s` }).click();
    await expect(page.getByText('The bin is empty.')).toBeVisible();
    await page.reload();
    await expect(page.getByText('The bin is empty.')).toBeVisible();
    await expect(empty).toBeHidden();

    await expectSyncState(page, 'synced', 'Synced', 30_000);
    const { entities } = await (await enterAsDevice(server.url, await readAccountKeys(page))).readState();
    const ofKind = entities.filter((entity) => entity.kind === kind);
    expect(ofKind.filter(({ deleted }) => !deleted).map(({ fields }) => fields.title)).toEqual(['Kept']);
    for (const { fields, deleted } of ofKind) if (deleted) expect(fields).toEqual({});
  });
}
