import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { baseStyles } from '#ui/styles/base.ts';
import { controlStyles } from '#ui/styles/controls.ts';

/** Whether the preview is shown. A click is left to the element around it. */
@customElement('preview-switch')
export class PreviewSwitch extends LitElement {
  static override styles = [
    baseStyles,
    controlStyles,
    css`
      button {
        gap: var(--space-2);
      }

      .track {
        position: relative;
        inline-size: 2rem;
        block-size: 1.125rem;
        border: 1px solid var(--line-strong);
        border-radius: var(--radius-full);
        background: var(--surface-sunken);
        transition: background-color var(--quick);
      }

      .track::after {
        content: "";
        position: absolute;
        inset: 2px auto 2px 2px;
        aspect-ratio: 1;
        border-radius: 50%;
        background: var(--ink-3);
        transition: translate var(--quick);
      }

      [aria-checked="true"] .track {
        border-color: var(--accent);
        background: var(--accent);
      }

      [aria-checked="true"] .track::after {
        background: var(--on-accent);
        translate: 0.875rem;
      }

      @media (forced-colors: active) {
        .track::after {
          background: ButtonText;
        }

        [aria-checked="true"] .track {
          background: Highlight;
          forced-color-adjust: none;
        }
      }
    `,
  ];

  @property({ attribute: false }) on = false;

  override render(): TemplateResult {
    return html`<button class="quiet" role="switch" aria-checked=${this.on}><span class="track"></span>Preview</button>`;
  }
}
