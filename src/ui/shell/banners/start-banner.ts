import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { StoreError } from '#core/errors.ts';
import { observe } from '#ui/controllers/observer.ts';
import { AppPart } from '#ui/parts/app-part.ts';
import { banner, bannerStyles } from '#ui/parts/banner.ts';
import { errorText } from '#ui/text/error-text.ts';

/** Holdfast was used in this browser before, and nothing of it is left: asks how to go on. Nothing is sent before the answer. */
@customElement('start-banner')
export class StartBanner extends AppPart {
  static override styles = bannerStyles;

  @state() private failed: StoreError | null = null;
  private readonly undecided = observe(this, () => this.app?.start.isUndecided);

  override render(): TemplateResult | typeof nothing {
    if (!this.undecided.value) return nothing;
    const failure = this.failed && errorText(this.failed);
    return banner(
      { icon: 'archive-restore', tone: 'calm', label: 'Your earlier work', role: 'status' },
      failure
        ? html`<strong>${failure.title}.</strong> ${failure.advice}`
        : html`<strong>Holdfast was used in this browser before, and what it kept is not here any more.</strong> You can write meanwhile: it is kept here and joins what comes
            back. Nothing is sent, changed or removed before you say how to go on.`,
      html`<a class="button primary" href="/settings/enter">See what can be had</a>
      <button class="quiet" @click=${this.decide}>Go on with what is here</button>`,
    );
  }

  private readonly decide = async (): Promise<void> => {
    const decided = await this.app.start.decide();
    this.failed = decided.ok ? null : decided.error;
  };
}
