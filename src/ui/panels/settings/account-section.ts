import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { App } from '#app/app.ts';
import { observe } from '#ui/controllers/observer.ts';
import { errorText } from '#ui/error-text.ts';
import { icon } from '#ui/icon.ts';
import type { Shell } from '#ui/shell.ts';
import { baseStyles } from '#ui/styles/base.ts';
import { controlStyles } from '#ui/styles/controls.ts';
import { count } from '#ui/time-text.ts';
import './code-form.ts';
import './device-list.ts';
import './other-accounts.ts';
import './password-form.ts';
import './recovery-code.ts';
import { sectionStyles } from './section-styles.ts';
import './sign-in-form.ts';

/** The account of this device: the ways back in, the devices, and leaving. */
@customElement('account-section')
export class AccountSection extends LitElement {
  static override styles = [baseStyles, controlStyles, sectionStyles];

  @property({ attribute: false }) app!: App;
  @property({ attribute: false }) shell!: Shell;
  private readonly account = observe(this, () => this.app?.account.current);

  override render(): TemplateResult {
    const account = this.account.value;
    return html`
      <h2>Account</h2>
      ${
        account && !account.recoverable && account.hasKey
          ? html`<p class="note">Only this browser can open your work. Look at the recovery code, or set a name and a password, and you can open it anywhere.</p>`
          : nothing
      }
      <recovery-code .app=${this.app} .shell=${this.shell}></recovery-code>
      <password-form .app=${this.app}></password-form>
      <device-list .app=${this.app} .shell=${this.shell}></device-list>
      <section class="card" aria-labelledby="elsewhere">
        <h3 id="elsewhere">Open another account here</h3>
        <p>Was your work started in another browser? Enter its recovery code, or sign in.</p>
        <h4>With the recovery code</h4>
        <code-form .app=${this.app}></code-form>
        <h4>With name and password</h4>
        <sign-in-form .app=${this.app}></sign-in-form>
      </section>
      <other-accounts .app=${this.app} .shell=${this.shell}></other-accounts>
      <section class="card" aria-labelledby="leave">
        <h3 id="leave">Sign out</h3>
        <p>Holdfast starts afresh in every tab of this browser. This account stays here, with what has not been sent yet: it is then listed under <em>Accounts in this browser</em>, where it can be opened, and removed once all of it is on the server.</p>
        <button class="danger" @click=${this.signOut}>${icon('log-out')}Sign out</button>
      </section>
    `;
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
    if (!result.ok) this.shell.notify({ text: `Not signed out: ${errorText(result.error).title}`, tone: 'bad' });
  };
}
