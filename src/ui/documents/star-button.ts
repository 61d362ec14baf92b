import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { EntitySession } from '#app/app.ts';
import { knownDocumentKind } from '#entities/documents.ts';
import { observe } from '#ui/controllers/observer.ts';
import { icon } from '#ui/parts/icon.ts';
import { baseStyles } from '#ui/styles/base.ts';
import { controlStyles } from '#ui/styles/controls.ts';

/** The star of the open document. Draws nothing where its kind has none. */
@customElement('star-button')
export class StarButton extends LitElement {
  static override styles = [
    baseStyles,
    controlStyles,
    css`
      [aria-pressed="true"] {
        color: var(--accent-ink);
      }

      [aria-pressed="true"] .icon {
        fill: currentcolor;
      }
    `,
  ];

  @property({ attribute: false }) session!: EntitySession;
  private readonly view = observe(this, () => this.session?.view);

  override render(): TemplateResult | typeof nothing {
    const { nouns, document } = knownDocumentKind(this.session.kind);
    const { starField } = document;
    if (starField === undefined) return nothing;
    const starred = this.session.fields[starField] === true;
    return html`<button class="quiet square" aria-label="Star" title=${starred ? 'Remove the star' : `Star this ${nouns.one}`}
      aria-pressed=${starred} ?disabled=${this.view.value?.readOnly} @click=${() => this.session.set({ [starField]: !starred })}>
      ${icon('star')}
    </button>`;
  }
}
