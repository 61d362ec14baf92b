/**
 * Somebody changes a note, takes it back or goes on, and the page is loaded again while the first save is on its way: what was
 * on the screen is there afterwards.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, type Page } from '@playwright/test';
import type { Prng } from '#simulation/prng.ts';
import { expectSaveState, textField } from './app-page.ts';
import { type EditorElement, editorOf, readText } from './typist.ts';

/** Typing is handed over this long after the key: what follows then falls around the save. */
const HAND_OVER_MS = 150;

export interface Round {
  readonly what: string;
  readonly shown: string;
  readonly found: string;
}

/** One change with its reload, in the open note. */
export async function undoAndReload(page: Page, random: Prng): Promise<Round> {
  const start = `First paragraph.\n\nSecond paragraph.\n\nThird paragraph, ${random.below(1_000_000)}.`;
  await textField(page).click();
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText(start);
  await expectSaveState(page, 'saved');
  const what = random.pick(['deleted, undone', 'pasted, undone, pasted elsewhere', 'typed, taken back'] as const);
  const untilSent = sleep(HAND_OVER_MS - 10 + random.below(30));
  if (what === 'deleted, undone') {
    await select(page, start.indexOf('Second'), 'Second paragraph.\n\n'.length);
    await page.keyboard.press('Delete');
    await untilSent;
    await page.keyboard.press('Control+z');
  } else if (what === 'typed, taken back') {
    await select(page, start.length, 0);
    await page.keyboard.type('d');
    await untilSent;
    await page.keyboard.press('Backspace');
  } else {
    await select(page, 0, 0);
    await page.keyboard.insertText('Pasted words.\n\n');
    await untilSent;
    await page.keyboard.press('Control+z');
    await select(page, start.indexOf('Third'), 0);
    await page.keyboard.insertText('Pasted words.\n\n');
  }
  const shown = await readText(page);
  await sleep(random.below(10));
  await page.reload();
  await expect(textField(page)).toContainText('First paragraph.');
  return { what, shown, found: await readText(page) };
}

async function select(page: Page, from: number, length: number): Promise<void> {
  await editorOf(page).evaluate((element, to) => (element as EditorElement).setCaret(to), from);
  for (let at = 0; at < length; at++) await page.keyboard.press('Shift+ArrowRight');
}
