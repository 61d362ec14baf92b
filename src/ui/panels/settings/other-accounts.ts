import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { LocalAccount } from '#app/this-device.ts';
import { AppPart } from '#ui/parts/app-part.ts';
import { failureNotice } from '#ui/parts/failure-notice.ts';
import { icon } from '#ui/parts/icon.ts';
import { rowListStyles } from '#ui/styles/card-lists.ts';
import { sectionStyles } from '#ui/styles/section.ts';
import { byteText } from '#ui/text/byte-text.ts';
import { errorText } from '#ui/text/error-text.ts';
import { count, fullTime } from '#ui/text/time-text.ts';

const ownStyles = css`
  li > .row {
    flex: none;
  }

  strong {
    display: inline-block;
  }

  strong::first-letter {
    text-transform: uppercase;
  }

  .titles {
    overflow-wrap: anywhere;
  }
`;

/** The other accounts of this browser: each can be opened, and a copy that is not needed here can go. Shown only where there are some. */
@customElement('other-accounts')
export class OtherAccounts extends AppPart {
  static override styles = [sectionStyles, rowListStyles, ownStyles];

  @state() private accounts: readonly LocalAccount[] = [];
  @state() private isOpening = false;
  private stopFollowing = (): void => {};

  override willUpdate(): void {
    // An empty box would leave its gap.
    this.hidden = this.accounts.every(({ active }) => active);
  }

  override firstUpdated(): void {
    void this.load();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.stopFollowing = this.app.device.onAccounts(() => void this.load());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.stopFollowing();
  }

  override render(): TemplateResult | typeof nothing {
    const others = this.accounts.filter(({ active }) => !active);
    if (others.length === 0) return nothing;
    return html`<section class="card" aria-labelledby="others">
      <h3 id="others">Accounts in this browser</h3>
      <p>They stayed here when another account was opened. Open one, and every tab of this browser moves to it.</p>
      <ul>
        ${others.map(
          (account) => html`<li>
            ${icon('user-round')}
            <div>
              <strong>${nameOf(account)}</strong>
              ${account.titles.length > 0 ? html`<p class="titles">${account.titles.join(' · ')}</p>` : nothing}
              <p class="hint">${count(account.entities, 'entry', 'entries')}, ${byteText(account.bytes)}. Last open ${fullTime(account.lastOpenedAt)}</p>
              ${whyKept(account).map((text) => html`<p class="hint">${text}</p>`)}
              ${account.filesLeft?.why ? html`<button aria-label="Fetch the files of ${nameOf(account)} again" @click=${this.retry}>Try again</button>` : nothing}
            </div>
            <div class="row">
              <button aria-label="Open ${nameOf(account)}" ?disabled=${this.isOpening} @click=${() => this.open(account)}>Open</button>
              ${
                account.mayForget
                  ? html`<button class="danger" aria-label="Remove the copy of ${nameOf(account)}" @click=${() => this.forget(account)}>Remove the copy</button>`
                  : nothing
              }
            </div>
          </li>`,
        )}
      </ul>
    </section>`;
  }

  private readonly load = async (): Promise<void> => {
    const accounts = await this.app.device.accounts();
    if (accounts.ok) this.accounts = accounts.value;
  };

  private readonly retry = async (): Promise<void> => {
    await this.app.account.retryBringing();
  };

  private async open(account: LocalAccount): Promise<void> {
    this.isOpening = true;
    const opened = await this.app.account.open(account.id);
    this.isOpening = false;
    // Where it went well this tab is on its way there.
    if (!opened.ok) this.shell.notify(failureNotice('Not opened', opened.error));
  }

  private async forget(account: LocalAccount): Promise<void> {
    const agreed = await this.shell.ask({
      title: `Remove the copy of ${nameOf(account)}?`,
      text: removedText(account),
      confirm: 'Remove the copy',
      tone: 'danger',
    });
    if (!agreed) return;
    const result = await this.app.device.forgetAccount(account.id);
    this.shell.notify(
      result.ok ? { text: `The copy of ${nameOf(account)} is removed` } : failureNotice('Not removed', result.error),
    );
    await this.load();
  }
}

export const nameOf = ({ loginName }: LocalAccount): string => loginName ?? 'an account without a name';

function removedText({ entities, retired }: LocalAccount): string {
  if (entities === 0) return 'There is nothing in it.';
  return retired
    ? 'All of it was brought into another account, and is on the server there.'
    : 'All of it is on the server, and comes back when you sign in to that account. Earlier revisions that only this device has are deleted.';
}

/** What is to know of the account, a sentence each. */
function whyKept({ unsent, mayForget, retired, filesLeft, wayBack, isDeleted, entities }: LocalAccount): readonly string[] {
  const brought = retired ? ['Its work was brought into another account.'] : [];
  if (mayForget) return brought;
  if (filesLeft) return [...brought, filesText(filesLeft)];
  if (isDeleted && entities > 0)
    return [...brought, 'The account was deleted on its server: this copy may be all that there is of it, so it stays.'];
  if (unsent > 0) return [...brought, `${count(unsent, 'change')} not sent to its server yet, so the copy stays.`];
  if (wayBack || entities === 0) return brought;
  return [...brought, 'No recovery code was looked at and no password set: this copy is the only way in, so it stays.'];
}

/** Of files that are on its server alone. */
function filesText({ files, why }: NonNullable<LocalAccount['filesLeft']>): string {
  if (files === null || !why)
    return 'Files of it that were not on this device are being fetched from its server, so the copy stays.';
  const are = files === 1 ? '1 file of it is' : `${files} files of it are`;
  const isOut = why.type === 'SignedOut' || why.type === 'Forbidden';
  const next = isOut ? 'Open it, enter its recovery code again, and bring it along again.' : 'It is tried again by itself.';
  return `${are} still on its server alone, so the copy stays. ${errorText(why).title}. ${next}`;
}
