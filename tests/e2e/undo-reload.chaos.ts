/** `npm run chaos`: undo and reload around a save on its way, 200 times, from a seed of its own or from HOLDFAST_CHAOS_SEED. */
import { expect } from '@playwright/test';
import { createPrng } from '#simulation/prng.ts';
import { openApp, writeNote } from '#support/app-page.ts';
import { test } from '#support/test.ts';
import { type Round, undoAndReload } from '#support/undo-reload.ts';

const ROUNDS = 200;

test('of 200 reloads around a save on its way none changes what was on the screen', async ({ openBrowser }) => {
  const seed = process.env.HOLDFAST_CHAOS_SEED ?? String(Date.now());
  const { context } = await openBrowser();
  const page = await openApp(context);
  await writeNote(page, { title: 'Undone', text: 'Start.' });
  const random = createPrng(seed);
  const wrong: Round[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const result = await undoAndReload(page, random);
    if (result.found !== result.shown) wrong.push(result);
  }
  console.log(`undo and reload, seed ${seed}: ${wrong.length} of ${ROUNDS} wrong`);
  expect(wrong).toEqual([]);
});
