import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { LocalAccount } from '#app/this-device.ts';
import { capitalize } from '#core/entity.ts';
import type { StoreError } from '#core/errors.ts';
import { documentKinds, listWords } from '#entities/documents.ts';
import { AppPart } from '#ui/parts/app-part.ts';
import { problem } from '#ui/parts/messages.ts';
import { dialogStyles } from '#ui/styles/dialog.ts';
import { formStyles } from '#ui/styles/form.ts';
import { sectionStyles } from '#ui/styles/section.ts';
import { errorText } from '#ui/text/error-text.ts';
import { count } from '#ui/text/time-text.ts';
import './export-card.ts';
import { nameOf } from './other-accounts.ts';

/** The word that a person types: a button alone is pressed too easily for what cannot be taken back. */
const WORD = 'erase';

/** Asks before everything goes: says what is on no server, offers the export, and wants a word typed. */
@customElement('erase-dialog')
export class EraseDialog extends AppPart {
  static override styles = [
    sectionStyles,
    formStyles,
    dialogStyles,
    css`
      dialog {
        inline-size: min(36rem, 100vw - 2rem);
      }

      dialog > * + * {
        margin-block-start: var(--space-4);
      }

      .unsent ul {
        padding-inline-start: var(--space-4);
        list-style: disc;
      }
    `,
  ];

  @property({ attribute: false }) accounts: readonly LocalAccount[] = [];
  @state() private word = '';
  @state() private state: { readonly type: 'asking' | 'erasing' } | { readonly type: 'failed'; readonly error: StoreError } = {
    type: 'asking',
  };
  @query('dialog') private dialog!: HTMLDialogElement;

  show(): void {
    this.dialog.showModal();
  }

  override render(): TemplateResult {
    const { state: now } = this;
    const unsent = this.accounts.filter((account) => account.unsent > 0);
    const locked = this.accounts.filter((account) => account.entities > 0 && !account.wayBack);
    return html`<dialog aria-labelledby="title" @close=${this.onClose}>
      <h2 id="title">Erase everything in this browser?</h2>
      <p>${capitalize(listWords([...documentKinds().map(({ nouns }) => nouns.many), 'settings', 'keys']))} of ${count(this.accounts.length, 'account')} are deleted from this browser permanently. There is no undo.</p>
      ${
        unsent.length === 0 && locked.length === 0
          ? html`<p>${this.accounts.every(({ entities }) => entities === 0) ? 'Nothing has been written here yet.' : 'All of it is on the server, and comes back when you sign in.'}</p>`
          : html`<div class="problem unsent">
              ${unsent.map(
                (
                  account,
                ) => html`<p><strong>${count(account.unsent, 'change')} of ${whose(account)} ${account.unsent === 1 ? 'is' : 'are'} on no server, and would be lost:</strong></p>
                  <ul>${account.unsentTitles.map((title) => html`<li>${title}</li>`)}</ul>`,
              )}
              ${locked.map((account) => html`<p><strong>Nobody could open ${whose(account)} again:</strong> no recovery code was looked at and no password set.</p>`)}
            </div>`
      }
      <export-card></export-card>
      <form aria-label="Erase" @submit=${this.erase}>
        <label class="field">
          Type “${WORD}” to go on
          <input autocomplete="off" autocapitalize="none" spellcheck="false" .value=${this.word}
            @input=${(event: Event) => {
              this.word = (event.target as HTMLInputElement).value;
            }} />
        </label>
        ${now.type === 'failed' ? problem(errorText(now.error), 'Not all is erased') : nothing}
        <div class="actions">
          <button type="button" @click=${() => this.dialog.close()}>Keep everything</button>
          <button class="danger" ?disabled=${this.word.trim().toLowerCase() !== WORD || now.type === 'erasing'}>
            ${now.type === 'erasing' ? 'Erasing…' : 'Erase everything'}
          </button>
        </div>
      </form>
    </dialog>`;
  }

  private readonly onClose = (): void => {
    this.dispatchEvent(new Event('close'));
  };

  private readonly erase = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (this.word.trim().toLowerCase() !== WORD) return;
    this.state = { type: 'erasing' };
    const erased = await this.app.device.erase();
    // Where it went well the page is on its way to a fresh start.
    if (!erased.ok) this.state = { type: 'failed', error: erased.error };
  };
}

const whose = (account: LocalAccount): string => (account.active ? 'this account' : nameOf(account));
