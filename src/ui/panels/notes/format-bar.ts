import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { isTouch } from '#ui/controllers/touch.ts';
import { type IconName, icon } from '#ui/parts/icon.ts';
import { baseStyles } from '#ui/styles/base.ts';
import { controlStyles } from '#ui/styles/controls.ts';
import { keyNames } from '#ui/text/key-names.ts';
import { type FormatId, formats } from './editor/formats.ts';

interface Tool {
  readonly label: string;
  readonly icon: IconName;
  readonly title: string;
  /** Begins a group. */
  readonly apart: boolean;
  readonly act: () => CustomEvent;
}

const adding = (label: string, name: IconName, event: string): Tool => ({
  label,
  icon: name,
  title: label,
  apart: true,
  act: () => new CustomEvent(event),
});
const files = adding('Add pictures or files', 'paperclip', 'add-files');
const camera = adding('Take a picture', 'camera', 'take-picture');
const formatTools: readonly Tool[] = formats.map(({ id, label, icon: name, keys, apart = false }) => ({
  label,
  icon: name,
  title: `${label} (${keyNames(keys).join('+')})`,
  apart,
  act: () => new CustomEvent<FormatId>('format', { detail: id }),
}));

/**
 * The formats as a row of buttons (the toolbar pattern of ARIA: one stop for Tab, arrows move in it), and one that adds files; on a phone, where
 * the row is longer than the screen, that comes first, and the camera with it. Fires `format` with the id, `add-files`, and `take-picture`.
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
    const tools = isTouch() ? [files, camera, ...formatTools] : [...formatTools, files];
    return html`<div role="toolbar" aria-label="Formatting" @keydown=${this.onKey} @mousedown=${(event: Event) => event.preventDefault()}>
      ${tools.map((tool, index) => this.button(tool, index))}
    </div>`;
  }

  private button({ label, icon: name, title, apart, act }: Tool, index: number): TemplateResult {
    return html`<button type="button" class="quiet square ${apart ? 'apart' : ''}" aria-label=${label} title=${title}
      tabindex=${index === this.at ? 0 : -1} @click=${() => {
        this.at = index;
        this.dispatchEvent(act());
      }}>${icon(name)}</button>`;
  }

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
