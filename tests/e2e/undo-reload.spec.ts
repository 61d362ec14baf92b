import { expect } from '@playwright/test';
import { createPrng } from '#simulation/prng.ts';
import { openApp, writeNote } from '#support/app-page.ts';
import { test } from '#support/test.ts';
import { undoAndReload } from '#support/undo-reload.ts';

/** `npm run chaos` goes on for 200. */
const ROUNDS = 9;

test('undo and reload around a save on its way: what was on the screen is there', async ({ openBrowser }) => {
  const { context } = await openBrowser();
  const page = await openApp(context);
  await writeNote(page, { title: 'Undone', text: 'Start.' });
  const random = createPrng('undo and reload');
  for (let round = 0; round < ROUNDS; round++) {
    const { what, shown, found } = await undoAndReload(page, random);
    expect(found, what).toBe(shown);
  }
});
