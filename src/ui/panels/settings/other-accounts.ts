import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { App } from '#app/app.ts';
import type { LocalAccount } from '#app/this-device.ts';
import { errorText } from '#ui/error-text.ts';
import { icon } from '#ui/icon.ts';
import { byteText } from '#ui/panels/status/byte-text.ts';
import type { Shell } from '#ui/shell.ts';
import { baseStyles } from '#ui/styles/base.ts';
import { controlStyles } from '#ui/styles/controls.ts';
import { count, fullTime } from '#ui/time-text.ts';
import { rowListStyles, sectionStyles } from './section-styles.ts';

/** Accounts that were open in this browser before. Shown only where there are some. */
@customElement('other-accounts')
export class OtherAccounts extends LitElement {
  static override styles = [baseStyles, controlStyles, sectionStyles, rowListStyles];

  @property({ attribute: false }) app!: App;
  @property({ attribute: false }) shell!: Shell;
  @state() private accounts: readonly LocalAccount[] = [];

  override willUpdate(): void {
    // An empty box would leave its gap.
    this.hidden = this.accounts.every(({ active }) => active);
  }

  override firstUpdated(): void {
    void this.load();
  }

  override render(): TemplateResult | typeof nothing {
    const others = this.accounts.filter(({ active }) => !active);
    if (others.length === 0) return nothing;
    return html`<section class="card" aria-labelledby="others">
      <h3 id="others">Other accounts in this browser</h3>
      <p>They stayed here when another account was opened. A copy that is whole on the server can go: signing in fetches it again.</p>
      <ul>
        ${others.map(
          (account) => html`<li>
            ${icon('user-round')}
            <div>
              <strong>${nameOf(account)}</strong>
              <p class="hint">${count(account.entities, 'entry', 'entries')}, ${byteText(account.bytes)}. Last open ${fullTime(account.lastOpenedAt)}</p>
              ${account.mayForget ? nothing : html`<p class="hint">${whyKept(account)}</p>`}
            </div>
            ${
              account.mayForget
                ? html`<button class="danger" aria-label="Remove the copy of ${nameOf(account)}" @click=${() => this.forget(account)}>Remove the copy</button>`
                : nothing
            }
          </li>`,
        )}
      </ul>
    </section>`;
  }

  private readonly load = async (): Promise<void> => {
    const accounts = await this.app.device.accounts();
    if (accounts.ok) this.accounts = accounts.value;
  };

  private async forget(account: LocalAccount): Promise<void> {
    const agreed = await this.shell.ask({
      title: `Remove the copy of ${nameOf(account)}?`,
      text: 'All of it is on the server, and comes back when you sign in to that account. Earlier states that only this device has go for good.',
      confirm: 'Remove the copy',
      tone: 'danger',
    });
    if (!agreed) return;
    const result = await this.app.device.forgetAccount(account.id);
    if (result.ok) this.shell.notify({ text: `The copy of ${nameOf(account)} is removed` });
    else this.shell.notify({ text: `Not removed: ${errorText(result.error).title}`, tone: 'bad' });
    await this.load();
  }
}

export const nameOf = ({ loginName }: LocalAccount): string => loginName ?? 'an account without a name';

function whyKept({ unsent }: LocalAccount): string {
  if (unsent > 0) return `${count(unsent, 'change')} are on no server yet, so the copy stays.`;
  return 'No recovery code was looked at and no password set: this copy is the only way in, so it stays.';
}
