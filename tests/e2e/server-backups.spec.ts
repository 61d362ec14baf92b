/** The account's server as a place of backups: it keeps one by itself, and another browser lists, brings and restores it when all words are gone. */
import { expect, type Page } from '@playwright/test';
import type { App } from '#app/app.ts';
import { SERVER_PLACE } from '#core/backup-places.ts';
import type { BackupInfo } from '#core/backups.ts';
import {
  enterByCode,
  expectOpenNote,
  expectSyncedSince,
  noteInList,
  openApp,
  openNote,
  readRecoveryCode,
  writeNote,
} from '#support/app-page.ts';
import { purgeNote } from '#support/backups-page.ts';
import { test } from '#support/test.ts';

test.describe.configure({ timeout: 240_000 });

const note = { title: 'Photosynthesis', text: 'Light becomes sugar.' };

type Shell = HTMLElement & { readonly app: App };

/** What the server keeps, as this browser lists it. */
const onServer = (page: Page): Promise<readonly BackupInfo[]> =>
  page.evaluate(async (place) => {
    const shell = document.querySelector('app-shell') as Shell;
    const listed = await shell.app.backups.backups(place);
    return listed.ok ? listed.value.backups : [];
  }, SERVER_PLACE);

test('a backup of one browser is restored in another, after everything was deleted permanently on all devices', async ({
  openBrowser,
}) => {
  const first = await openApp((await openBrowser('first')).context);
  await writeNote(first, note);
  await expectSyncedSince(first, Date.now(), 25_000);
  const code = await readRecoveryCode(first);
  // By itself, and without anybody having asked for it.
  await expect(async () => expect(await onServer(first)).toHaveLength(1)).toPass({ timeout: 90_000, intervals: [1000] });

  await purgeNote(first, note.title);
  await expectSyncedSince(first, Date.now(), 25_000);

  const second = await openApp((await openBrowser('second')).context);
  await enterByCode(second, code, 'Keep it apart');
  const isOfFirst = ({ counts }: BackupInfo): boolean => counts.note?.live === 1;
  await expect(async () => expect((await onServer(second)).filter(isOfFirst)).toHaveLength(1)).toPass({
    timeout: 30_000,
    intervals: [1000],
  });
  await expect(noteInList(second, note.title)).toHaveCount(0);
  await second.evaluate(async (place) => {
    const { backups } = (document.querySelector('app-shell') as Shell).app;
    const listed = await backups.backups(place);
    // This browser may have kept one by itself meanwhile.
    const found = listed.ok ? listed.value.backups.find(({ counts }) => counts.note?.live === 1) : undefined;
    const brought = await backups.bringBackup(found?.id ?? '', place);
    if (!brought.ok) throw new Error(`brought: ${brought.error.type}`);
    const restored = await backups.restoreBackup(brought.value.id, { way: 'merge', skipNewer: false, only: null });
    if (!restored.ok) throw new Error(`restored: ${restored.error.type}`);
  }, SERVER_PLACE);
  await second.goto('/notes');
  await openNote(second, note.title);
  await expectOpenNote(second, note);
  // It is back on the first device as well.
  await expect(noteInList(first, note.title)).toBeVisible({ timeout: 30_000 });
});
