import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { icon } from '#ui/parts/icon.ts';
import { baseStyles } from '#ui/styles/base.ts';
import { controlStyles } from '#ui/styles/controls.ts';
import { keyNames } from '#ui/text/key-names.ts';
import { type Format, type FormatId, formats } from './editor/formats.ts';

/**
 * The formats as a row of buttons (the toolbar pattern of ARIA: one stop for Tab, arrows move in it), and one that adds files. Fires `format`
 * with the id, and `add-files`.
 * A click takes neither the focus nor the selection from the text, so that the on-screen keyboard stays open.
 */
@customElement('format-bar')
export class FormatBar extends LitElement {
  static override styles = [
    baseStyles,
    controlStyles,
    css`
      [role="toolbar"] {
        display: flex;
        gap: 2px;
        padding: 2px var(--space-3);
        overflow: auto hidden;
        overscroll-behavior: contain;
        scrollbar-width: none;
      }

      button {
        flex: none;
      }

      button:focus-visible {
        outline-offset: -2px;
      }

      .icon {
        inline-size: 1.0625rem;
        block-size: 1.0625rem;
      }

      .apart {
        margin-inline-start: var(--space-2);
      }

      @media (pointer: coarse) {
        button {
          min-inline-size: 2.75rem;
          min-block-size: 2.75rem;
        }

        .apart {
          margin-inline-start: 0;
        }
      }
    `,
  ];

  /** The button that Tab leads to. */
  @state() private at = 0;

  override render(): TemplateResult {
    return html`<div role="toolbar" aria-label="Formatting" @keydown=${this.onKey} @mousedown=${(event: Event) => event.preventDefault()}>
      ${formats.map((format, index) => this.button(format, index))}
      <button type="button" class="quiet square apart" aria-label="Add pictures or files" title="Add pictures or files"
        tabindex=${this.at === formats.length ? 0 : -1} @click=${this.addFiles}>${icon('paperclip')}</button>
    </div>`;
  }

  private button({ id, label, icon: name, keys, apart }: Format, index: number): TemplateResult {
    return html`<button type="button" class="quiet square ${apart ? 'apart' : ''}" aria-label=${label} title="${label} (${keyNames(keys).join('+')})"
      tabindex=${index === this.at ? 0 : -1} @click=${() => this.choose(id, index)}>${icon(name)}</button>`;
  }

  private choose(id: FormatId, index: number): void {
    this.at = index;
    this.dispatchEvent(new CustomEvent<FormatId>('format', { detail: id }));
  }

  private readonly addFiles = (): void => {
    this.at = formats.length;
    this.dispatchEvent(new CustomEvent('add-files'));
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    const buttons = [...this.renderRoot.querySelectorAll('button')];
    const { length } = buttons;
    const at = buttons.findIndex((button) => button.matches(':focus'));
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1 + length, Home: 0, End: length - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    this.at = next % length;
    buttons[this.at]?.focus();
  };
}
