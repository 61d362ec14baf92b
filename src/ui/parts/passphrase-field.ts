import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { formStyles } from '#ui/styles/form.ts';
import { sectionStyles } from '#ui/styles/section.ts';
import { passphraseText } from '#ui/text/passphrase-text.ts';
import { AppPart } from './app-part.ts';

/** A new passphrase, typed twice, with how hard it is to guess. */
@customElement('passphrase-field')
export class PassphraseField extends AppPart {
  static override styles = [
    sectionStyles,
    formStyles,
    css`
      .fields {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        justify-items: start;
        gap: var(--space-3);
      }

      label.field {
        inline-size: min(22rem, 100%);
      }
    `,
  ];

  @state() private first = '';
  @state() private second = '';
  @state() private isShown = false;

  /** What was typed twice; null where that is not the same, or nothing. */
  get value(): string | null {
    return this.first !== '' && this.first === this.second ? this.first : null;
  }

  override render(): TemplateResult {
    const { first, second } = this;
    const strength = first === '' ? null : passphraseText(first);
    const input = (label: string, value: string, take: (value: string) => void, describedBy: string): TemplateResult =>
      html`<label class="field">${label}
        <input type=${this.isShown ? 'text' : 'password'} autocomplete="new-password" autocapitalize="none" spellcheck="false" dir="auto"
          .value=${value} aria-describedby=${describedBy}
          @input=${(event: Event) => {
            take((event.target as HTMLInputElement).value);
            this.tell();
          }} /></label>`;
    return html`<div class="fields">
      ${input(
        'Passphrase',
        first,
        (value) => {
          this.first = value;
        },
        'strength',
      )}
      <p id="strength" class=${strength?.level === 'weak' ? 'warn' : 'hint'} aria-live="polite">${strength?.text ?? 'Six words are easy to write down and hard to guess.'}</p>
      ${input(
        'The same once more',
        second,
        (value) => {
          this.second = value;
        },
        'same',
      )}
      <p id="same" class="hint" aria-live="polite">${second !== '' && first !== second ? 'The two are not the same.' : nothing}</p>
      <div class="row">
        <button type="button" @click=${this.suggest}>Suggest one</button>
        <label class="choice"><input type="checkbox" .checked=${this.isShown}
          @change=${(event: Event) => {
            this.isShown = (event.target as HTMLInputElement).checked;
          }} />Show it</label>
      </div>
      <p><strong>Write it down and keep it apart from the file.</strong> Without it nobody can open the file, and nobody can recover it: not you, not whoever runs the server.</p>
    </div>`;
  }

  private readonly suggest = async (): Promise<void> => {
    const suggested = await this.app.backups.suggestPassphrase();
    this.first = suggested;
    this.second = suggested;
    this.isShown = true;
    this.tell();
  };

  private tell(): void {
    this.dispatchEvent(new Event('change'));
  }
}
