/** Types into the open note with the browser's own key events, as a real keyboard does. */
import { expect, type Locator, type Page } from '@playwright/test';
import { textField } from './app-page.ts';
import type { Keystroke } from './typing-session.ts';

export interface Typist {
  /** Brings the caret to its place, presses the key, and resolves when the page has handled it, with how long the key took in ms. */
  press(stroke: Keystroke): Promise<number>;
}

/** Distances that a person goes by the arrow keys; longer ones by a click, which here sets the editor's selection. */
const NEAR = 8;

/** What the tests see of the editor's element. */
export interface EditorElement extends HTMLElement {
  readonly text: string;
  setCaret(offset: number): void;
}

export const editorOf = (page: Page): Locator => page.locator('markdown-editor');

/** The whole text of the open note as the editor holds it; of a long note it draws only a part. */
export const readText = (page: Page): Promise<string> => editorOf(page).evaluate((element) => (element as EditorElement).text);

/** Puts the focus into the text of the open note. */
export async function createTypist(page: Page): Promise<Typist> {
  await textField(page).focus();
  await expect(textField(page)).toBeFocused();
  let caret: number | null = null;

  return {
    async press({ caret: before, key, edit }) {
      const distance = caret === null ? Number.POSITIVE_INFINITY : before - caret;
      caret = edit.at + edit.insert.length;
      if (Math.abs(distance) > NEAR) {
        await editorOf(page).evaluate((element, to) => (element as EditorElement).setCaret(to), before);
      } else {
        for (let step = 0; step < Math.abs(distance); step++)
          await page.keyboard.press(distance < 0 ? 'ArrowLeft' : 'ArrowRight');
      }
      const since = performance.now();
      await (key.length === 1 ? page.keyboard.type(key) : page.keyboard.press(key));
      return performance.now() - since;
    },
  };
}
