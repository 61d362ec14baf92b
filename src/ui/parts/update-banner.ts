import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { App } from '#app/app.ts';
import { icon } from '#ui/icon.ts';
import { baseStyles } from '#ui/styles/base.ts';
import { calmBannerStyles } from '#ui/styles/calm-banner.ts';
import { controlStyles } from '#ui/styles/controls.ts';

type Update = NonNullable<App['update']['value']>;

/** Offers a new version. It is never taken without asking: what is typed goes to the device first. */
@customElement('update-banner')
export class UpdateBanner extends LitElement {
  static override styles = [baseStyles, controlStyles, calmBannerStyles];

  @property({ attribute: false }) offer!: Update;
  @state() private applying = false;
  /** The update that was put off: a later one asks again. */
  @state() private postponed: unknown;

  override render(): TemplateResult | typeof nothing {
    const update = this.offer;
    if (update === this.postponed) return nothing;
    return html`<section class="banner" aria-label="Update">
      ${icon('refresh-cw')}
      <p>A new version of Holdfast is ready. What you typed is saved first.</p>
      <button class="primary" ?disabled=${this.applying} @click=${() => this.apply(update.apply)}>
        ${this.applying ? 'Updating…' : 'Update now'}
      </button>
      <button class="quiet" ?disabled=${this.applying} @click=${() => {
        this.postponed = update;
      }}>Later</button>
    </section>`;
  }

  private async apply(apply: () => Promise<void>): Promise<void> {
    this.applying = true;
    try {
      await apply();
    } finally {
      this.applying = false;
    }
  }
}
