import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import { DEVICE_PLACE } from '#core/backup-places.ts';
import type { BackupInfo } from '#core/backups.ts';
import { AppPart } from '#ui/parts/app-part.ts';
import '#ui/parts/download-form.ts';
import { dialogStyles } from '#ui/styles/dialog.ts';
import { sectionStyles } from '#ui/styles/section.ts';
import { contentText } from '#ui/text/content-text.ts';
import { fullTime } from '#ui/text/time-text.ts';
import { damageList, isLost } from './damage-list.ts';

/** Asks in which form a kept backup is wanted as a file. */
@customElement('download-dialog')
export class DownloadDialog extends AppPart {
  static override styles = [
    sectionStyles,
    dialogStyles,
    css`
      dialog > * + * {
        margin-block-start: var(--space-4);
      }
    `,
  ];

  @state() private backup: BackupInfo | null = null;
  private place: string = DEVICE_PLACE;
  @query('dialog') private dialog!: HTMLDialogElement;

  async show(backup: BackupInfo, place: string): Promise<void> {
    this.backup = backup;
    this.place = place;
    await this.updateComplete;
    this.dialog.showModal();
  }

  override render(): TemplateResult {
    const { backup } = this;
    return html`<dialog aria-labelledby="title" @close=${this.onClose}>
      ${
        backup
          ? html`<h2 id="title">Download a backup</h2>
              <p>It is of ${fullTime(backup.madeAt)}, with ${contentText(backup.counts)}. API keys are in it only if you ask for them, behind a passphrase.</p>
              ${damageList(backup, 'The file gets the others.')}
              ${isLost(backup) ? nothing : html`<download-form .backup=${backup.id} .place=${this.place} .madeAt=${backup.madeAt} ?damaged=${backup.damaged.length > 0}></download-form>`}
              <div class="actions"><button @click=${() => this.dialog.close()}>Close</button></div>`
          : nothing
      }
    </dialog>`;
  }

  private readonly onClose = (): void => {
    this.backup = null;
  };
}
