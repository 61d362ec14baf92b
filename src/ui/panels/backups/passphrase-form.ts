import { html, type TemplateResult } from 'lit';
import type { ContentFault, FileFault } from '#core/backup-faults.ts';

/** Whether the passphrase is what keeps a file from being read. */
export const isAboutPassphrase = ({ type }: FileFault | ContentFault): boolean =>
  type === 'PassphraseNeeded' || type === 'WrongPassphrase';

/** Asks for the passphrase of a file that was picked. */
export function passphraseForm(open: (passphrase: string) => void): TemplateResult {
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const passphrase = new FormData(event.currentTarget as HTMLFormElement).get('passphrase');
    if (typeof passphrase === 'string' && passphrase !== '') open(passphrase);
  };
  return html`<form @submit=${submit}>
    <label class="field">Passphrase<input type="password" name="passphrase" autocomplete="off" required /></label>
    <button class="primary">Open the file</button>
  </form>`;
}
