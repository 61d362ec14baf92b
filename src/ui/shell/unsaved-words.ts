import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { UnsavedWords } from '#app/tab-guard.ts';
import { ledger } from '#entities/index.ts';
import { downloadText } from '#ui/parts/download.ts';
import { nameItems } from '#ui/parts/messages.ts';
import { baseStyles } from '#ui/styles/base.ts';
import { controlStyles } from '#ui/styles/controls.ts';
import { dialogListStyles, dialogStyles } from '#ui/styles/dialog.ts';
import { errorText } from '#ui/text/error-text.ts';
import { count } from '#ui/text/time-text.ts';
import { unsavedAsMarkdown } from './unsaved-file.ts';

/** A list of names longer than this is cut, and its length said. */
const NAMED = 8;

/**
 * Asks before the page is replaced although it holds words that are nowhere on the disk, and offers them as a file.
 * Escape means stay.
 */
@customElement('unsaved-words')
export class UnsavedWordsDialog extends LitElement {
  static override styles = [baseStyles, controlStyles, dialogStyles, dialogListStyles];

  @property({ attribute: false }) words!: UnsavedWords;
  @state() private taken = false;
  @query('dialog') private dialog!: HTMLDialogElement;

  override firstUpdated(): void {
    this.dialog.showModal();
  }

  override render(): TemplateResult {
    const { documents, error } = this.words;
    const reason = error ? errorText(error).title : 'This browser keeps nothing';
    return html`<dialog aria-labelledby="title" aria-describedby="text" @close=${this.onClose}>
      <form method="dialog">
        <h2 id="title">Some of your words are not saved</h2>
        <p id="text">
          ${reason}. What you wrote in ${count(documents.length, 'document')} is in this tab only, and would be gone with it.
          Save it as a file first, or stay here and try again.
        </p>
        <ul>${nameItems(
          documents.map(({ kind, fields }) => ledger.get(kind)?.title(fields) || 'Untitled'),
          NAMED,
        )}</ul>
        ${this.taken ? html`<p role="status">The file is in your downloads.</p>` : nothing}
        <div class="actions">
          <button type="button" class=${this.taken ? '' : 'primary'} @click=${this.take}>Save as a file</button>
          <button value="">Stay here</button>
          <button class="danger" value="go">Go on without them</button>
        </div>
      </form>
    </dialog>`;
  }

  private readonly take = (): void => {
    downloadText('holdfast-unsaved.md', unsavedAsMarkdown(this.words.documents));
    this.taken = true;
  };

  private readonly onClose = (): void => {
    this.words.answer(this.dialog.returnValue === 'go');
    this.remove();
  };
}
