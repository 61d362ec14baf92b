import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import type { EntitySession } from '#app/app.ts';
import { knownDocumentKind } from '#entities/documents.ts';
import { baseStyles } from '#ui/styles/base.ts';
import { boundText } from './bound-text.ts';

/** The field of an open document's title, whichever its kind has. Fires `leave-title` where a key leads out of it. */
@customElement('document-title')
export class DocumentTitle extends LitElement {
  static override styles = [
    baseStyles,
    css`
      input {
        inline-size: 100%;
        padding: 0 var(--space-2);
        border: 0;
        border-radius: var(--radius-s);
        background: none;
        color: var(--ink);
        font: var(--title-font, 700 var(--text-2xl) / 1.3 var(--font-text));
        letter-spacing: -0.01em;
        text-overflow: ellipsis;
      }

      input::placeholder {
        color: var(--ink-3);
        opacity: 1;
      }

      input:focus-visible {
        outline-offset: 0;
      }
    `,
  ];

  @property({ attribute: false }) session!: EntitySession;
  @property() label = 'Title';
  @property() placeholder = 'Title';
  @property({ type: Boolean }) readonly = false;
  @query('input') private field!: HTMLInputElement;

  override focus(): void {
    void this.updateComplete.then(() => this.field.focus());
  }

  override render(): TemplateResult {
    const { titleField } = knownDocumentKind(this.session.kind).document;
    return html`<input type="text" aria-label=${this.label} placeholder=${this.placeholder} autocomplete="off" ?readonly=${this.readonly}
      ${boundText(this.session, titleField)} @keydown=${this.onKey} />`;
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.isComposing || (event.key !== 'Enter' && event.key !== 'ArrowDown')) return;
    event.preventDefault();
    this.dispatchEvent(new CustomEvent('leave-title'));
  };
}
