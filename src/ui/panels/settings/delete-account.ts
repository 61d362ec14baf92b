import { html, nothing, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import type { AccountInfo, SyncState } from '#app/app.ts';
import { err, ok } from '#core/result.ts';
import { observe } from '#ui/controllers/observer.ts';
import { AppPart } from '#ui/parts/app-part.ts';
import { failureNotice } from '#ui/parts/failure-notice.ts';
import { icon } from '#ui/parts/icon.ts';
import { sectionStyles } from '#ui/styles/section.ts';
import './account-form.ts';
import type { AccountFormSpec } from './account-form.ts';

/** What is to be typed, so that nobody deletes an account by a slip. */
const WORD = 'delete';

/** Whether the account was deleted: from this browser, or elsewhere, as the server says. */
export const isAccountDeleted = (account: AccountInfo | undefined, sync: SyncState | undefined): boolean =>
  account?.isDeleted === true || sync?.type === 'account-deleted';

/** The end of the account on the server: before it, what it takes away and how to keep it; after it, how to go on. */
@customElement('delete-account')
export class DeleteAccount extends AppPart {
  static override styles = sectionStyles;

  private readonly account = observe(this, () => this.app?.account.current);
  private readonly sync = observe(this, () => this.app?.syncState);

  override render(): TemplateResult {
    const { loginName = null, hasKey = true } = this.account.value ?? {};
    if (isAccountDeleted(this.account.value, this.sync.value)) return this.deleted();
    return html`<section class="card" aria-labelledby="delete">
      <h3 id="delete">Delete the account</h3>
      <p>The server permanently erases everything that it has of this account: notes, chats, pictures, files, backups, devices, name and password. What is in this browser stays here; a picture or file of which no device has a copy is lost. Other devices keep what they have, and no longer sync.</p>
      <p><a class="button" href="/backups">${icon('download')}Download a backup first</a></p>
      ${
        loginName === null && !hasKey
          ? html`<p class="note">This browser has lost the account’s key. Enter the recovery code above first.</p>`
          : html`<account-form .spec=${this.form(loginName)}></account-form>`
      }
    </section>`;
  }

  private deleted(): TemplateResult {
    return html`<section class="card toned warn" aria-labelledby="deleted">
      <h3 id="deleted">This account was deleted</h3>
      <p>The server has nothing of it any more, and takes nothing for it. Everything that is on this device stays here, also what was not sent. To have it on other devices again, begin a new account: all of it goes along.</p>
      <div class="row"><button class="primary" @click=${this.beginAnew}>${icon('plus')}Begin a new account with it</button></div>
    </section>`;
  }

  private form(loginName: string | null): AccountFormSpec {
    return {
      label: 'Delete the account',
      fields: html`${
        loginName === null
          ? nothing
          : html`<input name="name" type="text" autocomplete="username" value=${loginName} hidden />
            <label class="field">Password<input name="password" type="password" required autocomplete="current-password" /></label>`
      }<label class="field">Type “${WORD}” to confirm<input name="word" required autocomplete="off" autocapitalize="none" spellcheck="false" /></label>`,
      submit: 'Delete the account permanently',
      working: 'Deleting…',
      run: async (data) => {
        const word = String(data.get('word') ?? '').trim();
        if (word.toLowerCase() !== WORD) return err({ type: 'NotConfirmed', word: WORD });
        const password = loginName === null ? null : String(data.get('password') ?? '');
        const deleted = await this.app.account.deleteAccount(password);
        return deleted.ok ? ok('The account is deleted. What is in this browser stays here.') : deleted;
      },
    };
  }

  private readonly beginAnew = async (): Promise<void> => {
    const begun = await this.app.account.beginAnew();
    if (!begun.ok) this.shell.notify(failureNotice('No new account', begun.error));
  };
}
