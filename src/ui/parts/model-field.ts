import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { ModelEntry } from '#features/chat/model-list.ts';
import { baseStyles } from '#ui/styles/base.ts';
import { controlStyles } from '#ui/styles/controls.ts';
import { popoverStyles } from '#ui/styles/popover.ts';
import { isComposing } from '#ui/text/composing.ts';
import { modelFieldStyles } from './model-field-styles.ts';
import { modelAside, orderModels } from './model-names.ts';
import { nextOption } from './option-list.ts';
import { typedValue } from './typed-value.ts';

/**
 * The name of a model, chosen from a menu or typed (the combobox pattern of ARIA). What is typed narrows the menu; a name that is not
 * in it may be typed, too. Fires `model` with the name, empty for none, and `want` when the menu is about to be shown.
 */
@customElement('model-field')
export class ModelField extends LitElement {
  static override styles = [baseStyles, controlStyles, popoverStyles, modelFieldStyles];

  @property() value = '';
  @property() placeholder = '';
  @property({ type: Boolean }) readonly = false;
  @property({ type: Boolean }) disabled = false;
  @property({ attribute: false }) models: readonly ModelEntry[] = [];
  /** The names of those that were used last, the latest first. */
  @property({ attribute: false }) recent: readonly string[] = [];
  /** Said in place of the models while there are none: that they are asked for, or why not. */
  @property() state = '';
  @state() private at = -1;
  /** What narrows the menu; everything is in it until something is typed. */
  @state() private typed = '';
  @state() private isOpen = false;
  @query('input') private field!: HTMLInputElement;
  @query('[popover]') private menu!: HTMLElement;

  override render(): TemplateResult {
    const options = this.options();
    return html`<label class="field">Model
        <input role="combobox" aria-label="Model" aria-expanded=${this.isOpen} aria-controls="menu" aria-autocomplete="list"
          aria-activedescendant=${this.isOpen && this.at >= 0 ? `option-${this.at}` : nothing}
          autocomplete="off" autocapitalize="none" spellcheck="false" placeholder=${this.placeholder} ?readonly=${this.readonly} ?disabled=${this.disabled}
          ${typedValue(this.value)} @click=${this.open} @input=${this.onInput} @keydown=${this.onKey} @change=${this.take} @blur=${this.close} />
      </label>
      <div id="menu" popover="manual" role=${options.length > 0 ? 'listbox' : nothing} aria-label=${options.length > 0 ? 'Models' : nothing}>${
        options.length > 0
          ? options.map((model, at) => this.option(model, at))
          : html`<p class="none">${this.models.length === 0 ? this.state || 'No model is known yet' : 'No model of the server has this in its name'}</p>`
      }</div>`;
  }

  override updated(): void {
    this.renderRoot.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }

  private option(model: ModelEntry, at: number): TemplateResult {
    return html`<div role="option" id="option-${at}" aria-selected=${at === this.at} class=${model.name === this.value ? 'chosen' : ''}
      @pointerdown=${(event: Event) => event.preventDefault()} @click=${() => this.choose(model.name)}>
      <span class="name">${model.name}</span><span class="aside">${modelAside(model, this.recent)}</span>
    </div>`;
  }

  private options(): readonly ModelEntry[] {
    return orderModels(this.models, this.recent, this.typed);
  }

  private readonly open = (): void => {
    if (this.isOpen || this.readonly || this.disabled) return;
    this.dispatchEvent(new CustomEvent('want'));
    this.typed = '';
    this.at = -1;
    this.isOpen = true;
    this.menu.showPopover();
    // Placed by hand: anchor positioning is younger than the browsers we run in.
    const { left, bottom, top, width } = this.field.getBoundingClientRect();
    const isBelow = innerHeight - bottom > 200 || innerHeight - bottom > top;
    Object.assign(this.menu.style, {
      left: `${left}px`,
      width: `${width}px`,
      top: isBelow ? `${bottom + 4}px` : 'auto',
      bottom: isBelow ? 'auto' : `${innerHeight - top + 4}px`,
      maxHeight: `${Math.min(360, (isBelow ? innerHeight - bottom : top) - 16)}px`,
    });
  };

  private readonly close = (): void => {
    this.isOpen = false;
    if (this.menu.matches(':popover-open')) this.menu.hidePopover();
  };

  private readonly onInput = (): void => {
    this.open();
    this.typed = this.field.value;
    this.at = -1;
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    if (isComposing(event)) return;
    const options = this.options();
    const chosen = this.isOpen ? options[this.at] : undefined;
    const next = nextOption(event.key, this.at < 0 && event.key === 'ArrowUp' ? 0 : this.at, options.length, PAGE);
    if (event.key === 'Escape' && this.isOpen) {
      // Only the menu closes, not what it is in.
      event.stopPropagation();
      this.close();
    } else if (event.key === 'Enter' && chosen) this.choose(chosen.name);
    else if (next !== undefined) {
      this.open();
      this.at = next;
    } else return;
    event.preventDefault();
  };

  private choose(name: string): void {
    this.field.value = name;
    this.close();
    this.take();
  }

  private readonly take = (): void => {
    const name = this.field.value.trim();
    if (name !== this.value) this.dispatchEvent(new CustomEvent<string>('model', { detail: name }));
  };
}

/** How far Page Up and Page Down go. */
const PAGE = 6;
