/** The README's pictures, those that are committed and those of today's product: neither blank nor unreadable in light or in dark. */
import { readFile } from 'node:fs/promises';
import { expect, type Page } from '@playwright/test';
import { expectSyncState, openApp, writeNote } from '#support/app-page.ts';
import { test } from '#support/model-test.ts';
import { pictureFaults } from '#support/picture-faults.ts';
import { type ReadmePicture, takeReadmePictures } from '#support/readme-pictures.ts';

const PAIRS = [
  ['first', 'first-dark'],
  ['notes', 'notes-dark'],
  ['chat', 'chat-dark'],
] as const satisfies readonly (readonly [ReadmePicture, ReadmePicture])[];

async function expectGood(page: Page, light: Buffer, dark: Buffer, name: string): Promise<void> {
  const { filled, lost, bright } = await pictureFaults(page, light, dark);
  expect.soft(filled, `${name}: there is something on it`).toBeGreaterThan(0.02);
  expect.soft(lost, `${name}: what is readable in one scheme is in the other`).toEqual([]);
  expect.soft(bright, `${name}: nothing is light in the dark`).toEqual([]);
}

test('those that the README shows', async ({ openBrowser }) => {
  const { context } = await openBrowser();
  const page = await context.newPage();
  const readme = await readFile('README.md', 'utf8');
  for (const pair of PAIRS) {
    const [light, dark] = await Promise.all(pair.map((name) => readFile(`docs/images/${name}.png`)));
    for (const name of pair) expect(readme).toContain(`docs/images/${name}.png`);
    await expectGood(page, light as Buffer, dark as Buffer, pair[0]);
  }
});

test("those of today's product", async ({ openBrowser, model }) => {
  const { context } = await openBrowser();
  const page = await context.newPage();
  const taken = await takeReadmePictures(page, model);
  for (const [light, dark] of PAIRS) await expectGood(page, taken[light], taken[dark], light);
});

test('a blank picture, a faint one and one taken while colours change are found', async ({ openBrowser }) => {
  const { context } = await openBrowser('first', [], { colorScheme: 'light', reducedMotion: 'no-preference' });
  const page = await openApp(context);
  await writeNote(page, { title: 'Colours', text: 'Some words that must be read.' });
  await expectSyncState(page, 'synced', 'Synced');
  const light = await page.screenshot();
  // As the README's dark picture once was: taken while the buttons had the colours of before.
  const devtools = await context.newCDPSession(page);
  await devtools.send('Animation.enable');
  await devtools.send('Animation.setPlaybackRate', { playbackRate: 0 });
  await page.emulateMedia({ colorScheme: 'dark' });
  const changing = await page.screenshot();
  await devtools.send('Animation.setPlaybackRate', { playbackRate: 1 });
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
  const dark = await page.screenshot({ animations: 'disabled' });
  await page.evaluate(() => {
    document.documentElement.style.filter = 'contrast(0.1)';
  });
  const faint = await page.screenshot();
  await page.goto('about:blank');
  const blank = await page.screenshot();

  const other = await context.newPage();
  await expectGood(other, light, dark, 'as it is');
  expect((await pictureFaults(other, light, changing)).bright).not.toEqual([]);
  expect((await pictureFaults(other, light, faint)).lost.length).toBeGreaterThan(10);
  expect((await pictureFaults(other, blank, dark)).filled).toBe(0);
  expect((await pictureFaults(other, light, blank)).lost.length).toBeGreaterThan(10);
});
