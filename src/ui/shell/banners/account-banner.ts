import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import type { Bringing } from '#app/app.ts';
import { observe } from '#ui/controllers/observer.ts';
import { AppPart } from '#ui/parts/app-part.ts';
import { banner, bannerStyles } from '#ui/parts/banner.ts';
import { errorText } from '#ui/text/error-text.ts';
import { amountText, count } from '#ui/text/time-text.ts';

/** Says that work is on its way into another account and how far it is, or that this tab shows an account that was left. */
@customElement('account-banner')
export class AccountBanner extends AppPart {
  static override styles = [
    bannerStyles,
    css`
      progress {
        flex: 1 1 8rem;
        max-inline-size: 16rem;
        accent-color: var(--accent);
      }
    `,
  ];

  private readonly left = observe(this, () => this.app?.account.isLeft);
  private readonly bringing = observe(this, () => this.app?.account.bringing);

  override render(): TemplateResult | typeof nothing {
    if (this.left.value) return this.renderLeft();
    return this.bringing.value ? this.renderBringing(this.bringing.value) : nothing;
  }

  private renderLeft(): TemplateResult {
    return banner(
      { icon: 'user-round', tone: 'calm', role: 'alert' },
      'Another account was opened in this browser. This tab still shows the former one, because it holds words that are not saved. Nothing can be typed here until they are.',
      html`<button class="primary" @click=${() => void this.app.account.goThere()}>Go to the open account</button>`,
    );
  }

  private renderBringing({ done, total, problem }: Bringing): TemplateResult {
    if (problem) {
      const { title, action } = errorText(problem);
      const step =
        action === 'storage' ? 'Free some space on this device, then try again.' : 'Try again; if this stays, reload the page.';
      return banner(
        { icon: 'circle-alert', tone: 'calm', role: 'alert' },
        html`<strong>Not all of your work is in the other account yet: ${title}.</strong> Nothing is lost: this account stays open
          until all of it is there. ${step}`,
        html`<button class="primary" @click=${() => void this.app.account.retryBringing()}>Try again</button>
        ${this.renderStop()}`,
      );
    }
    return banner(
      { icon: 'user-round', tone: 'calm', label: 'Bringing your work along' },
      html`Bringing your work along${total > 0 ? `: ${amountText(done)} of ${count(total, 'entry', 'entries')}.` : '…'} The account opens when all of it is there. You can go on writing.`,
      html`<progress aria-label="Entries brought along" max=${Math.max(total, 1)} .value=${done}></progress>
      ${this.renderStop()}`,
    );
  }

  private renderStop(): TemplateResult {
    return html`<button class="quiet" @click=${() => void this.app.account.stopBringing()}>Stop</button>`;
  }
}
