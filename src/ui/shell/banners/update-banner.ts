import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { App } from '#app/app.ts';
import { banner, bannerStyles } from '#ui/parts/banner.ts';

type Update = NonNullable<App['update']['value']>;

/** Offers a new version. It is never taken without asking: what is typed goes to the device first. */
@customElement('update-banner')
export class UpdateBanner extends LitElement {
  static override styles = bannerStyles;

  @property({ attribute: false }) offer!: Update;
  @state() private applying = false;
  /** The update that was put off: a later one asks again. */
  @state() private postponed: unknown;

  override render(): TemplateResult | typeof nothing {
    const update = this.offer;
    if (update === this.postponed) return nothing;
    return banner(
      { icon: 'refresh-cw', tone: 'calm', label: 'Update' },
      'A new version of Holdfast is ready. What you typed is saved first.',
      html`<button class="primary" ?disabled=${this.applying} @click=${() => this.apply(update.apply)}>
        ${this.applying ? 'Updating…' : 'Update now'}
      </button>
      <button class="quiet" ?disabled=${this.applying} @click=${() => {
        this.postponed = update;
      }}>Later</button>`,
    );
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
