import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import { nameItems } from '#ui/parts/messages.ts';
import { baseStyles } from '#ui/styles/base.ts';
import { controlStyles } from '#ui/styles/controls.ts';
import { dialogListStyles, dialogStyles } from '#ui/styles/dialog.ts';
import type { Question } from './shell.ts';

/** A list of names longer than this is cut, and its length said. */
const NAMED = 8;

/** Asks before something that cannot be taken back. Escape, the backdrop and Cancel all mean no. */
@customElement('confirm-dialog')
export class ConfirmDialog extends LitElement {
  static override styles = [baseStyles, controlStyles, dialogStyles, dialogListStyles];

  @state() private question: Question | undefined;
  @query('dialog') private dialog!: HTMLDialogElement;
  private answer: ((yes: boolean) => void) | undefined;

  async ask(question: Question): Promise<boolean> {
    this.answer?.(false);
    this.question = question;
    await this.updateComplete;
    this.dialog.returnValue = '';
    if (!this.dialog.open) this.dialog.showModal();
    return new Promise((resolve) => {
      this.answer = resolve;
    });
  }

  override render(): TemplateResult {
    const { question } = this;
    const items = question?.items ?? [];
    return html`<dialog closedby="any" aria-labelledby="title" aria-describedby="text" @close=${this.onClose}>
      ${
        question
          ? html`<form method="dialog">
              <h2 id="title">${question.title}</h2>
              <p id="text">${question.text}</p>
              ${items.length > 0 ? html`<ul>${nameItems(items, NAMED)}</ul>` : nothing}
              <div class="actions">
                <button value="">Cancel</button>
                <button class=${question.tone === 'danger' ? 'danger' : 'primary'} value="yes">${question.confirm}</button>
              </div>
            </form>`
          : nothing
      }
    </dialog>`;
  }

  private readonly onClose = (): void => {
    this.answer?.(this.dialog.returnValue === 'yes');
    this.answer = undefined;
  };
}
