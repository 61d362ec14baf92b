import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import type { EntitySession } from '#app/app.ts';
import { knownDocumentKind } from '#entities/documents.ts';
import { growing } from '#ui/parts/growing.ts';
import { baseStyles } from '#ui/styles/base.ts';
import { isComposing } from '#ui/text/composing.ts';
import { boundText } from './bound-text.ts';

/** The field of an open document's title, whichever its kind has. Fires `leave-title` where a key leads out of it. */
@customElement('document-title')
export class DocumentTitle extends LitElement {
  static override styles = [
    baseStyles,
    css`
      textarea {
        display: block;
        inline-size: 100%;
        /* Whole lines. */
        max-block-size: 40vh;
        max-block-size: min(var(--title-lines, 100) * 1lh, round(down, 40vh, 1lh));
        padding: 0 var(--space-2);
        border: 0;
        border-radius: var(--radius-s);
        background: none;
        color: var(--ink);
        font: var(--title-font, 700 var(--text-2xl) / 1.3 var(--font-text));
        letter-spacing: -0.01em;
        overflow-wrap: anywhere;
        field-sizing: content;
        resize: none;
      }

      textarea::placeholder {
        color: var(--ink-3);
        opacity: 1;
      }

      textarea:focus-visible {
        outline-offset: 0;
      }
    `,
  ];

  @property({ attribute: false }) session!: EntitySession;
  @property() label = 'Title';
  @property() placeholder = 'Title';
  @property({ type: Boolean }) readonly = false;
  @query('textarea') private field!: HTMLTextAreaElement;

  override focus(): void {
    void this.updateComplete.then(() => this.field.focus());
  }

  override render(): TemplateResult {
    const { titleField } = knownDocumentKind(this.session.kind).document;
    return html`<textarea rows="1" dir="auto" aria-label=${this.label} placeholder=${this.placeholder} autocomplete="off" ?readonly=${this.readonly}
      ${boundText(this.session, titleField)} ${growing()} @keydown=${this.onKey} @beforeinput=${this.onBeforeInput}></textarea>`;
  }

  /** A title is one line, however many the field takes to show it: what is pasted or dropped is put into one. */
  private readonly onBeforeInput = (event: InputEvent): void => {
    const text = event.data ?? event.dataTransfer?.getData('text/plain') ?? '';
    if (event.inputType !== 'insertLineBreak' && !/[\r\n]/.test(text)) return;
    event.preventDefault();
    // The one way to put text into a field that the browser's own Undo takes back.
    if (text !== '') document.execCommand('insertText', false, text.trim().replace(/\s*[\r\n]+\s*/g, ' '));
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    if (isComposing(event) || (event.key !== 'Enter' && event.key !== 'ArrowDown')) return;
    event.preventDefault();
    this.dispatchEvent(new CustomEvent('leave-title'));
  };
}
