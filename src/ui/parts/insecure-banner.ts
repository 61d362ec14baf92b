import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { icon } from '#ui/icon.ts';
import { INSECURE_ADVICE } from '#ui/insecure.ts';
import { baseStyles } from '#ui/styles/base.ts';
import { controlStyles } from '#ui/styles/controls.ts';

/** Says at the start why nothing syncs at this address, and what to do. The status bar goes on saying it. */
@customElement('insecure-banner')
export class InsecureBanner extends LitElement {
  static override styles = [baseStyles, controlStyles];

  @state() private isRead = false;

  override render(): TemplateResult | typeof nothing {
    if (this.isRead) return nothing;
    return html`<section class="banner" aria-label="No sync at this address">
      ${icon('cloud-off')}
      <p>${INSECURE_ADVICE}</p>
      <button @click=${() => {
        this.isRead = true;
      }}>Got it</button>
    </section>`;
  }
}
