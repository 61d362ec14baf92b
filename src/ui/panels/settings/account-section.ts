import { html, nothing, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import type { AccountInfo } from '#app/app.ts';
import { observe } from '#ui/controllers/observer.ts';
import { AppPart } from '#ui/parts/app-part.ts';
import { failureNotice } from '#ui/parts/failure-notice.ts';
import { icon } from '#ui/parts/icon.ts';
import { sectionStyles } from '#ui/styles/section.ts';
import { count } from '#ui/text/time-text.ts';
import './account-form.ts';
import { codeForm, passwordForm, signInForm } from './account-forms.ts';
import { isAccountDeleted } from './delete-account.ts';
import './device-list.ts';
import './other-accounts.ts';
import './recovery-code.ts';

/** The account of this device: the ways back in, the devices, and leaving. */
@customElement('account-section')
export class AccountSection extends AppPart {
  static override styles = sectionStyles;

  private readonly account = observe(this, () => this.app?.account.current);
  private readonly sync = observe(this, () => this.app?.syncState);

  override render(): TemplateResult {
    const account = this.account.value;
    // What can be done now comes first.
    const isDeleted = isAccountDeleted(account, this.sync.value);
    return html`
      <h2>Account</h2>
      ${isDeleted ? html`<delete-account></delete-account>` : this.waysBack(account)}
      <section class="card" aria-labelledby="elsewhere">
        <h3 id="elsewhere">Open another account here</h3>
        <p>Was your work started in another browser? Enter its recovery code, or sign in.</p>
        <h4>With the recovery code</h4>
        <account-form .spec=${codeForm(this.app)}></account-form>
        <h4>With name and password</h4>
        <account-form .spec=${signInForm(this.app)}></account-form>
      </section>
      <other-accounts></other-accounts>
      <section class="card" aria-labelledby="leave">
        <h3 id="leave">Sign out</h3>
        <p>Holdfast starts over in every tab of this browser. This account stays here, with what has not been sent yet: it is then listed under <em>Accounts in this browser</em>, where it can be opened, and removed once all of it is on the server.</p>
        <button class="danger" @click=${this.signOut}>${icon('log-out')}Sign out</button>
      </section>
      ${isDeleted ? nothing : html`<delete-account></delete-account>`}
    `;
  }

  /** Into an account that is there, and who is in it. */
  private waysBack(account: AccountInfo | undefined): TemplateResult {
    const name = account?.loginName ?? null;
    return html`${
      account && !account.recoverable && account.hasKey
        ? html`<p class="note">Only this browser can open your work. Look at the recovery code, or set a name and a password, and you can open it anywhere.</p>`
        : nothing
    }
      <recovery-code></recovery-code>
      <section class="card" aria-labelledby="password">
        <h3 id="password">Name and password</h3>
        <p>${
          name === null
            ? 'A second way in, for when the recovery code is not at hand.'
            : html`You sign in as <strong>${name}</strong>. Here you change the name or the password.`
        }</p>
        <account-form .spec=${passwordForm(this.app, name ?? '')}></account-form>
      </section>
      <device-list></device-list>`;
  }

  private readonly signOut = async (): Promise<void> => {
    const { pending } = { pending: 0, ...this.app.syncState.value };
    const unsent = pending > 0 ? `${count(pending, 'change')} not sent yet: they stay in this browser, in this account. ` : '';
    const wayBack = this.account.value?.recoverable
      ? 'You come back here, under Accounts in this browser, and elsewhere with the recovery code or with your name and password.'
      : 'You have not looked at the recovery code and set no password: only this browser can open this account again.';
    const agreed = await this.shell.ask({
      title: 'Sign out of this browser?',
      text: unsent + wayBack,
      confirm: 'Sign out',
      tone: 'danger',
    });
    if (!agreed) return;
    const result = await this.app.account.signOut();
    if (!result.ok) this.shell.notify(failureNotice('Not signed out', result.error));
  };
}
