/** A full disk, by the browser's own quota: what is typed stays on the screen, "Not saved" is said, and it is saved with room. */
import { expect, type Page } from '@playwright/test';
import {
  appendText,
  expectOpenNote,
  expectSaveState,
  expectSyncedSince,
  openApp,
  statusBar,
  typeAtEnd,
  writeNote,
} from '#support/app-page.ts';
import { test } from '#support/test.ts';

const note = { title: 'Full', text: 'There is room.' };

/** A limit in bytes for what this origin may store; none lifts it. */
async function limitStorage(page: Page, quotaSize?: number): Promise<void> {
  const debug = await page.context().newCDPSession(page);
  await debug.send('Storage.overrideQuotaForOrigin', {
    origin: new URL(page.url()).origin,
    ...(quotaSize !== undefined && { quotaSize }),
  });
}

test('with the disk full, "Not saved" is said with a next step, nothing typed is lost, and all of it is saved once there is room', async ({
  openBrowser,
}) => {
  const { context } = await openBrowser();
  const page = await openApp(context);
  await writeNote(page, note);
  await limitStorage(page, 1);
  await typeAtEnd(page, ' Now there is none.');
  await expectSaveState(page, 'error');
  await expect(statusBar(page)).toContainText('Not saved');
  await expect(statusBar(page)).toContainText('full');
  await typeAtEnd(page, ' And more.');
  await expectSaveState(page, 'error');
  const whole = { ...note, text: `${note.text} Now there is none. And more.` };
  await expectOpenNote(page, whole);

  await limitStorage(page);
  const since = Date.now();
  await expectSaveState(page, 'saved');
  await expectSyncedSince(page, since);
  await page.reload();
  await expectOpenNote(page, whole);
  await appendText(page, ' And on.');
});
