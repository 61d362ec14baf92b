import { html, type TemplateResult } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import type { LocalAccount } from '#app/this-device.ts';
import { AppPart } from '#ui/parts/app-part.ts';
import { icon } from '#ui/parts/icon.ts';
import { sectionStyles } from '#ui/styles/section.ts';
import './erase-dialog.ts';
import type { EraseDialog } from './erase-dialog.ts';
import './export-card.ts';

/** The work as a whole: out as a file, and off this device. */
@customElement('data-section')
export class DataSection extends AppPart {
  static override styles = sectionStyles;

  @state() private asking: readonly LocalAccount[] | null = null;
  @state() private failed = false;
  @query('erase-dialog') private dialog?: EraseDialog;

  override render(): TemplateResult {
    return html`
      <h2>Data</h2>
      <export-card></export-card>
      <section class="card" aria-labelledby="deleted">
        <h3 id="deleted">What you delete</h3>
        <p>What is in the bin can be put back. What you delete permanently is erased on the server, earlier versions included, 30 days later, unless whoever runs the server has set another time. After that the server keeps only an empty mark, so that no device brings it back.</p>
      </section>
      <section class="card" aria-labelledby="leave">
        <h3 id="leave">Sign out</h3>
        <p>The account is closed in this browser and its work stays in it, for the next time you sign in.</p>
        <a class="button" href="/settings/account">Sign out, under Account</a>
      </section>
      <section class="card" aria-labelledby="erase">
        <h3 id="erase">Erase this device</h3>
        <p>Deletes everything that Holdfast keeps in this browser: every account, the keys, the settings. Work that is on the server stays there. This cannot be undone.</p>
        <button class="danger" @click=${this.ask}>${icon('trash-2')}Erase this device…</button>
        ${this.failed ? html`<p class="problem" role="alert">What this browser holds could not be read, so nothing is erased. Reload the page and try again, or open the rescue page.</p>` : ''}
      </section>
      ${this.asking ? html`<erase-dialog .accounts=${this.asking} @close=${this.close}></erase-dialog>` : ''}
    `;
  }

  private readonly ask = async (): Promise<void> => {
    const accounts = await this.app.device.accounts();
    this.failed = !accounts.ok;
    if (!accounts.ok) return;
    this.asking = accounts.value;
    await this.updateComplete;
    this.dialog?.show();
  };

  private readonly close = (): void => {
    this.asking = null;
  };
}
