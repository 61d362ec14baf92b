/** What was found wrong with a file, as a list that can be copied. */
import { css, html, nothing, type TemplateResult } from 'lit';
import type { BroughtFile } from '#core/restores.ts';
import { icon } from '#ui/parts/icon.ts';
import { problem } from '#ui/parts/messages.ts';
import type { Shell } from '#ui/shell/shell.ts';
import { backupFaultText, type FaultText } from '#ui/text/backup-fault-text.ts';
import { amountText, count } from '#ui/text/time-text.ts';

type Faults = Extract<BroughtFile, { readonly type: 'faulty' }>['faults'];

/** So many are listed; all are copied. */
const SHOWN = 100;

export const faultListStyles = css`
  .faults {
    display: grid;
    gap: var(--space-2);
    max-block-size: 24rem;
    padding-inline-start: var(--space-5);
    overflow-y: auto;
    overflow-wrap: anywhere;
  }
`;

/** One is said as any other problem, several are a list. */
export const faultList = (faults: Faults, shell: Pick<Shell, 'notify'>): TemplateResult =>
  textList(faults.map(backupFaultText), 'in this file', shell);

/** The same of any texts. `where`: what they are about. */
export function textList(texts: readonly FaultText[], where: string, shell: Pick<Shell, 'notify'>): TemplateResult {
  const [only] = texts;
  if (texts.length === 1 && only) return problem(only);
  return html`<p class="problem" role="alert"><strong>${count(texts.length, 'thing')} ${where} are wrong.</strong></p>
    <ol class="faults" aria-label="What is wrong" tabindex="0">
      ${texts.slice(0, SHOWN).map(({ title, advice }) => html`<li><strong>${title}.</strong> ${advice}</li>`)}
    </ol>
    ${texts.length > SHOWN ? html`<p class="small">${amountText(texts.length - SHOWN)} more are copied with the list.</p>` : nothing}
    <div class="row"><button @click=${() => void copy(texts, shell)}>${icon('copy')}Copy the list</button></div>`;
}

async function copy(texts: readonly FaultText[], shell: Pick<Shell, 'notify'>): Promise<void> {
  try {
    await navigator.clipboard.writeText(texts.map(({ title, advice }) => `${title}. ${advice}`).join('\n'));
    shell.notify({ text: 'List copied' });
  } catch {
    shell.notify({ text: 'The browser does not let the app copy. Select the list and copy it.', tone: 'bad' });
  }
}
