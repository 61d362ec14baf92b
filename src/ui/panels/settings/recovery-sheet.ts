import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { baseStyles } from '#ui/styles/base.ts';
import { qrCode } from './qr-code.ts';

/** A sheet of paper with the code: it is in the document only while it is printed (see the print rules of `global.css`). */
@customElement('recovery-sheet')
export class RecoverySheet extends LitElement {
  static override styles = [
    baseStyles,
    css`
      :host {
        display: none;
      }

      @media print {
        :host {
          display: block;
          color: black;
          font-size: 12pt;
        }
      }

      ol {
        columns: 3;
        margin-block: 1.5em;
        padding-inline-start: 2.5em;
        list-style: decimal;
        font-family: monospace;
        line-height: 2;
      }

      svg {
        inline-size: 5cm;
        block-size: 5cm;
      }
    `,
  ];

  @property({ attribute: false }) words: readonly string[] = [];

  override render(): TemplateResult {
    return html`
      <h1>Holdfast recovery code</h1>
      <p>These words open the account at ${location.origin}: Settings, Account, enter the recovery code. Keep this sheet where only you look.</p>
      <ol>${this.words.map((word) => html`<li>${word}</li>`)}</ol>
      ${qrCode(this.words.join(' '))}
    `;
  }
}

export async function printRecoverySheet(words: readonly string[]): Promise<void> {
  const sheet = new RecoverySheet();
  sheet.words = words;
  document.body.append(sheet);
  await sheet.updateComplete;
  addEventListener('afterprint', () => sheet.remove(), { once: true });
  print();
}
