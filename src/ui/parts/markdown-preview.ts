import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { markdown } from '#features/markdown/markdown-directive.ts';
import type { OnTask } from '#features/markdown/markdown-view.ts';
import { baseStyles } from '#ui/styles/base.ts';
import { markdownStyles } from '#ui/styles/markdown.ts';
import './kept-file.ts';

/**
 * The note as it reads. Fires `title-links`, which rises out of all shadow roots, with the links to other notes that it has drawn: whoever
 * knows the notes gives them their addresses (`src/ui/documents/title-links.ts`).
 */
@customElement('markdown-preview')
export class MarkdownPreview extends LitElement {
  static override styles = [
    baseStyles,
    markdownStyles,
    css`
      .empty {
        color: var(--ink-3);
      }
    `,
  ];

  @property({ attribute: false }) text = '';
  /** Called for a click on a task's box; without it the boxes are for reading. */
  @property({ attribute: false }) onTask: OnTask | undefined;

  override render(): TemplateResult {
    return this.text.trim() === ''
      ? html`<p class="empty">What you write shows here.</p>`
      : html`<article ${markdown(this.text, this.onTask, this.onTitleLinks)}></article>`;
  }

  private readonly onTitleLinks = (links: readonly HTMLAnchorElement[]): void => {
    this.dispatchEvent(new CustomEvent('title-links', { detail: links, bubbles: true, composed: true }));
  };
}
