import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { banner, bannerStyles } from '#ui/parts/banner.ts';
import { INSECURE_ADVICE } from '#ui/text/insecure.ts';

/** Says at the start why nothing syncs at this address, and what to do. The status bar goes on saying it. */
@customElement('insecure-banner')
export class InsecureBanner extends LitElement {
  static override styles = bannerStyles;

  @state() private isRead = false;

  override render(): TemplateResult | typeof nothing {
    if (this.isRead) return nothing;
    return banner(
      { icon: 'cloud-off', label: 'No sync at this address' },
      INSECURE_ADVICE,
      html`<button @click=${() => {
        this.isRead = true;
      }}>Got it</button>`,
    );
  }
}
