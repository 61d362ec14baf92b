import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { baseStyles } from '#ui/styles/base.ts';
import { mapOffset, textChanges } from './editor/text-changes.ts';

/** The title's field. Its text belongs to it while it is shown: `take` brings in what came from elsewhere, caret kept. */
@customElement('note-title')
export class NoteTitle extends LitElement {
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
        font: 700 var(--text-2xl) / 1.3 var(--font-text);
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
  @property({ type: Boolean }) readonly = false;
  @query('input') private field!: HTMLInputElement;
  private first = '';

  /** Shows another note's title. */
  show(title: string): void {
    this.first = title;
    if (this.hasUpdated) this.field.value = title;
  }

  take(title: string): void {
    if (!this.hasUpdated) {
      this.show(title);
      return;
    }
    const { field } = this;
    if (field.value === title) return;
    const changes = textChanges(field.value, title);
    const start = mapOffset(field.selectionStart ?? 0, changes);
    const end = mapOffset(field.selectionEnd ?? 0, changes);
    field.value = title;
    // Setting a selection would scroll to a field that is not in use.
    if (this.renderRoot instanceof ShadowRoot && this.renderRoot.activeElement === field) field.setSelectionRange(start, end);
  }

  override focus(): void {
    void this.updateComplete.then(() => this.field.focus());
  }

  override firstUpdated(): void {
    this.field.value = this.first;
  }

  override render(): TemplateResult {
    return html`<input type="text" aria-label="Title" placeholder="Title" autocomplete="off" ?readonly=${this.readonly}
      @input=${() => this.onTitle(this.field.value)} @keydown=${this.onKey} />`;
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.isComposing || (event.key !== 'Enter' && event.key !== 'ArrowDown')) return;
    event.preventDefault();
    this.dispatchEvent(new CustomEvent('leave-title'));
  };
}
