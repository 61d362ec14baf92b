import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { asKnown, hasSeparator, nameKey, openNameAt, splitNames, uniqueNames } from '#core/names.ts';
import { icon } from '#ui/parts/icon.ts';
import { bareFieldStyles } from '#ui/styles/bare-field.ts';
import { baseStyles } from '#ui/styles/base.ts';
import { controlStyles } from '#ui/styles/controls.ts';
import { isComposing } from '#ui/text/composing.ts';

/**
 * The tags of a document. Enter or a comma adds, Backspace in the empty field takes the last one away. A comma need not come from
 * a key: keyboards of phones and input methods send text alone, and a pasted list is as many tags. Fires `tags` with the next list.
 */
@customElement('tag-editor')
export class TagEditor extends LitElement {
  static override styles = [
    baseStyles,
    controlStyles,
    bareFieldStyles,
    css`
      ul {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-1);
      }

      .chip {
        padding-inline-end: 0;
      }

      .chip button {
        min-block-size: 1.5rem;
        min-inline-size: 1.5rem;
        border-radius: var(--radius-full);
      }

      .chip .icon {
        inline-size: 0.75rem;
        block-size: 0.75rem;
      }

      @media (pointer: coarse) {
        .chip button {
          min-block-size: 2.75rem;
          min-inline-size: 2.75rem;
        }
      }
    `,
  ];

  @property({ attribute: false }) tags: readonly string[] = [];
  @property({ attribute: false }) suggestions: readonly string[] = [];
  @property({ type: Boolean }) readonly = false;
  @query('input') private field!: HTMLInputElement | null;

  override render(): TemplateResult {
    return html`<ul aria-label="Tags">
      ${repeat(
        this.tags,
        (tag) => tag,
        (tag) => html`<li class="chip" dir="auto">
          ${tag}
          ${
            this.readonly
              ? html`<span>&nbsp;</span>`
              : html`<button class="quiet square" aria-label="Remove tag ${tag}" title="Remove" @click=${() => this.drop(tag)}>
                  ${icon('x')}
                </button>`
          }
        </li>`,
      )}
      ${this.readonly ? nothing : this.input()}
    </ul>`;
  }

  private input(): TemplateResult {
    const taken = new Set(this.tags.map(nameKey));
    const free = this.suggestions.filter((tag) => !taken.has(nameKey(tag)));
    return html`<li>
      <input dir="auto" aria-label="Add tag" placeholder="Add tag" list="known" autocomplete="off" autocapitalize="none"
        @keydown=${this.onKey} @input=${this.onInput} @compositionend=${this.onInput} @paste=${this.onPaste} @change=${() => this.add()} />
      <datalist id="known">${free.map((tag) => html`<option value=${tag}></option>`)}</datalist>
    </li>`;
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    // A key that ends an input method's composition is not a command.
    if (isComposing(event)) return;
    if (event.key === 'Enter' || hasSeparator(event.key)) {
      event.preventDefault();
      this.add();
    } else if (event.key === 'Backspace' && this.field?.value === '') {
      const last = this.tags.at(-1);
      if (last !== undefined) this.drop(last);
    }
  };

  /** What is in front of the last separator is complete; what is behind it is still typed. */
  private readonly onInput = (event: Event): void => {
    const { field } = this;
    if (!field || (event instanceof InputEvent && isComposing(event)) || !hasSeparator(field.value)) return;
    const at = openNameAt(field.value);
    this.take(field.value.slice(0, at));
    field.value = field.value.slice(at).trimStart();
  };

  /** A field of one line would join the lines of a list into one word. */
  private readonly onPaste = (event: ClipboardEvent): void => {
    const text = event.clipboardData?.getData('text/plain') ?? '';
    if (!this.field || !hasSeparator(text.trim())) return;
    event.preventDefault();
    this.take(`${this.field.value}${text}`);
    this.field.value = '';
  };

  private add(): void {
    const { field } = this;
    if (!field) return;
    this.take(field.value);
    field.value = '';
  }

  /** Adds the tags in a text, in the form in which other documents have them. */
  private take(text: string): void {
    const added = splitNames(text).map((tag) => asKnown(tag, this.suggestions));
    const tags = uniqueNames([...this.tags, ...added]);
    if (tags.length > uniqueNames(this.tags).length) this.change(tags);
  }

  private drop(tag: string): void {
    this.change(this.tags.filter((other) => other !== tag));
    this.field?.focus();
  }

  private change(tags: readonly string[]): void {
    this.dispatchEvent(new CustomEvent<readonly string[]>('tags', { detail: tags }));
  }
}
