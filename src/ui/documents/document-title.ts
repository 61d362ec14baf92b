import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { baseStyles } from '#ui/styles/base.ts';
import { takeText } from '#ui/take-text.ts';

/** The title's field. Its text belongs to it while it is shown: `take` brings in what came from elsewhere, caret kept. */
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

  @property({ attribute: false }) onTitle: (title: string) => void = () => {};
  @property() label = 'Title';
  @property() placeholder = 'Title';
  @property({ type: Boolean }) readonly = false;
  @query('input') private field!: HTMLInputElement;
  private first = '';

  /** Shows another document's title. */
  show(title: string): void {
    this.first = title;
    if (this.hasUpdated) this.field.value = title;
  }

  take(title: string): void {
    if (!this.hasUpdated) {
      this.show(title);
      return;
    }
    takeText(this.field, title);
  }

  override focus(): void {
    void this.updateComplete.then(() => this.field.focus());
  }

  override firstUpdated(): void {
    this.field.value = this.first;
  }

  override render(): TemplateResult {
    return html`<input type="text" aria-label=${this.label} placeholder=${this.placeholder} autocomplete="off" ?readonly=${this.readonly}
      @input=${() => this.onTitle(this.field.value)} @keydown=${this.onKey} />`;
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.isComposing || (event.key !== 'Enter' && event.key !== 'ArrowDown')) return;
    event.preventDefault();
    this.dispatchEvent(new CustomEvent('leave-title'));
  };
}
