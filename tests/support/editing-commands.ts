/**
 * Makes edits inside the page, thousands in the time that a keyboard takes for hundreds: a browser gives the page a key
 * only when the one before was handled, in a turn of its own. A character goes by the browser's own editing command,
 * which does what its key's default action does: trusted `beforeinput` and `input` events, and a changed document, from
 * which the editor reads the change. Enter, Backspace and Delete are bound by the editor: their events go to its handler.
 */
import type { Page } from '@playwright/test';
import type { Keystroke } from './typing-session.ts';
import { type EditorElement, editorOf } from './typist.ts';

/** After so many strokes timers, saves and frames get their turn, as they would between a person's keys. */
const STROKES_A_TURN = 20;

/** Makes the edits in the open note and resolves when the editor holds the last one. Throws where one was refused. */
export async function makeEdits(page: Page, strokes: readonly Keystroke[]): Promise<void> {
  await editorOf(page).evaluate(
    async (element, { strokes: list, strokesATurn }) => {
      const editor = element as EditorElement;
      const content = editor.shadowRoot?.querySelector<HTMLElement>('.cm-content');
      if (!content) throw new Error('there is no editor');
      content.focus();
      const codes: { readonly [key: string]: number } = { Backspace: 8, Enter: 13, Delete: 46 };
      const pressBound = (names: readonly string[]): boolean => {
        const key = names.at(-1) as string;
        const init = {
          key,
          keyCode: codes[key],
          shiftKey: names.includes('Shift'),
          bubbles: true,
          cancelable: true,
          composed: true,
        };
        return !content.dispatchEvent(new KeyboardEvent('keydown', init as KeyboardEventInit));
      };
      let caret = -1;
      for (const [index, { caret: before, key, edit }] of list.entries()) {
        if (before !== caret) editor.setCaret(before);
        caret = edit.at + edit.insert.length;
        const done = key.length === 1 ? document.execCommand('insertText', false, key) : pressBound(key.split('+'));
        if (!done) throw new Error(`${key} was refused at stroke ${index}`);
        // The editor learns of a changed document in a microtask.
        await null;
        if (index % strokesATurn === 0) await new Promise((resolve) => setTimeout(resolve));
      }
    },
    { strokes, strokesATurn: STROKES_A_TURN },
  );
}
