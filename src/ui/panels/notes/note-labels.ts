import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { EntitySession } from '#app/app.ts';
import { asKnown, cleanName } from '#core/names.ts';
import type { Names } from '#ui/documents/known-names.ts';
import '#ui/documents/tag-editor.ts';
import { icon } from '#ui/parts/icon.ts';
import { typedValue } from '#ui/parts/typed-value.ts';
import { bareFieldStyles } from '#ui/styles/bare-field.ts';
import { baseStyles } from '#ui/styles/base.ts';
import { controlStyles } from '#ui/styles/controls.ts';

const FEWEST_LETTERS = 12;

/** The notebook and the tags of the open note. */
@customElement('note-labels')
export class NoteLabels extends LitElement {
  static override styles = [
    baseStyles,
    controlStyles,
    bareFieldStyles,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-1) var(--space-3);
        margin-block: var(--space-1) var(--space-4);
        padding-inline: var(--space-1);
      }

      label {
        display: inline-flex;
        align-items: center;
        max-inline-size: 100%;
        color: var(--ink-3);
      }

      /* As wide as the name; by the number of its letters where a browser cannot measure it. */
      label input:not([type="radio"]) {
        inline-size: auto;
        min-inline-size: 7.5rem;
        max-inline-size: 100%;
        field-sizing: content;
      }

      .icon {
        inline-size: 1rem;
        block-size: 1rem;
      }
    `,
  ];

  @property({ attribute: false }) session!: EntitySession<'note'>;
  @property({ attribute: false }) notebook = '';
  @property({ attribute: false }) tags: readonly string[] = [];
  /** The names that other notes have, to choose from. */
  @property({ attribute: false }) names: Names = {};
  @property({ type: Boolean }) readonly = false;

  override render(): TemplateResult {
    const tags = this.known('tags');
    const notebooks = this.known('notebook');
    return html`
      <label title="Notebook">
        ${icon('notebook')}
        <input dir="auto" aria-label="Notebook" placeholder="Notebook" list="notebooks" autocomplete="off" size=${Math.max(FEWEST_LETTERS, this.notebook.length)} ?readonly=${this.readonly}
          ${typedValue(this.notebook)} @change=${this.onNotebook} />
        <datalist id="notebooks">${notebooks.map((name) => html`<option value=${name}></option>`)}</datalist>
      </label>
      <tag-editor .tags=${this.tags} .suggestions=${tags} .readonly=${this.readonly}
        @tags=${(event: CustomEvent<readonly string[]>) => this.session.set({ tags: event.detail })}></tag-editor>
    `;
  }

  private known(field: string): readonly string[] {
    return (this.names[field] ?? []).map(({ name }) => name);
  }

  private readonly onNotebook = (event: Event): void => {
    const notebook = cleanName((event.target as HTMLInputElement).value);
    this.session.set({ notebook: asKnown(notebook, this.known('notebook')) });
  };
}
