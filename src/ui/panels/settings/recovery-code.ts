import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { observe } from '#ui/controllers/observer.ts';
import { AppPart } from '#ui/parts/app-part.ts';
import { icon } from '#ui/parts/icon.ts';
import { sectionStyles } from '#ui/styles/section.ts';
import { errorText } from '#ui/text/error-text.ts';
import { qrCode } from './qr-code.ts';
import { printRecoverySheet } from './recovery-sheet.ts';

/** The 24 words that open the account, shown when asked for: someone may be looking over a shoulder. */
@customElement('recovery-code')
export class RecoveryCode extends AppPart {
  static override styles = [
    sectionStyles,
    css`
      .code {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-5);
        inline-size: 100%;
      }

      ol {
        display: grid;
        flex: 1 1 20rem;
        grid-template-columns: repeat(auto-fill, minmax(min(8rem, 100%), 1fr));
        align-content: start;
        gap: var(--space-2) var(--space-4);
        padding: 0;
        counter-reset: word;
      }

      li {
        display: flex;
        gap: var(--space-2);
        font-family: var(--font-mono);
        font-size: var(--text-m);
        counter-increment: word;
      }

      li::before {
        content: counter(word);
        inline-size: 1.5rem;
        color: var(--ink-3);
        text-align: end;
      }

      svg.qr {
        inline-size: 11rem;
        block-size: 11rem;
        border-radius: var(--radius-m);
        background: white;
        color: black;
      }
    `,
  ];

  @state() private words: readonly string[] | undefined;
  @state() private failed = false;
  private readonly account = observe(this, () => this.app?.account.current);

  override render(): TemplateResult {
    const { words } = this;
    return html`<section class="card" aria-labelledby="title">
      <h3 id="title">Recovery code</h3>
      <p>24 words that open your account in any browser. Write them down and keep them where only you look: whoever has them has your notes.</p>
      ${
        words
          ? html`
              <div class="code">
                <ol aria-label="Recovery code" translate="no">${words.map((word) => html`<li>${word}</li>`)}</ol>
                ${qrCode(words.join(' '))}
              </div>
              <div class="row">
                ${
                  this.account.value?.recoverable
                    ? nothing
                    : html`<button class="primary" @click=${this.confirm}>${icon('check')}I have written it down</button>`
                }
                <button @click=${() => this.copy(words)}>${icon('copy')}Copy</button>
                <button @click=${() => printRecoverySheet(words)}>${icon('printer')}Print</button>
                <button class="quiet" @click=${() => {
                  this.words = undefined;
                }}>Hide</button>
              </div>
            `
          : this.account.value?.hasKey === false
            ? html`<p class="note">${errorText({ type: 'KeyUnknown' }).title}. ${errorText({ type: 'KeyUnknown' }).advice}</p>`
            : html`<button class="primary" @click=${this.show}>${icon('key-round')}Show recovery code</button>`
      }
      ${this.failed ? html`<p class="problem" role="alert">The code could not be read just now. Try again.</p>` : ''}
    </section>`;
  }

  private readonly show = async (): Promise<void> => {
    const words = await this.app.account.showRecoveryCode();
    this.failed = words.length === 0;
    if (!this.failed) this.words = words;
  };

  /** Having seen the words once is no way back in: only kept ones are. */
  private readonly confirm = async (): Promise<void> => {
    await this.app.account.confirmRecoveryCode();
    this.shell.notify({ text: 'Good: with these words you can open your work anywhere' });
  };

  private async copy(words: readonly string[]): Promise<void> {
    try {
      await navigator.clipboard.writeText(words.join(' '));
      this.shell.notify({ text: 'Recovery code copied. Put it somewhere safe, then copy something else.' });
    } catch {
      this.shell.notify({ text: 'The browser did not allow copying. Write the words down instead.', tone: 'bad' });
    }
  }
}
