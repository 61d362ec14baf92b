/** Records inside the page each moment at which the status bar says "Saved", and what the editor held then. */
import type { BrowserContext } from '@playwright/test';
import type { EditorElement } from './typist.ts';

const REPORT = 'reportShownAsSaved';

/**
 * Calls `onSaved` with the text of the open note whenever the status turns to "Saved" in any page of the context, from
 * its next document on. The text is read in the turn in which the status changed: no key can come between.
 */
export async function reportShownAsSaved(context: BrowserContext, onSaved: (text: string) => void): Promise<void> {
  await context.exposeBinding(REPORT, (_source, text: string) => onSaved(text));
  await context.addInitScript((name) => {
    const report = (globalThis as unknown as { readonly [name: string]: (text: string) => void })[name];
    const find = (root: ParentNode, selector: string): Element | null => {
      const found = root.querySelector(selector);
      if (found) return found;
      for (const { shadowRoot } of root.querySelectorAll('*')) {
        const inside = shadowRoot && find(shadowRoot, selector);
        if (inside) return inside;
      }
      return null;
    };
    const watch = (): void => {
      const status = find(document, '[role=status][data-save-state]');
      if (!status) {
        setTimeout(watch, 20);
        return;
      }
      new MutationObserver(() => {
        if (status.getAttribute('data-save-state') !== 'saved') return;
        const editor = find(document, 'markdown-editor') as EditorElement | null;
        if (editor) report?.(editor.text);
      }).observe(status, { attributeFilter: ['data-save-state'] });
    };
    watch();
  }, REPORT);
}
