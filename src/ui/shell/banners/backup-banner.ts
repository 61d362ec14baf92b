import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { BarredFolder } from '#app/backups.ts';
import { allowFolder } from '#ui/parts/allow-folder.ts';
import { AppPart } from '#ui/parts/app-part.ts';
import { banner, bannerStyles } from '#ui/parts/banner.ts';
import { failureNotice } from '#ui/parts/failure-notice.ts';

/** Backups cannot be written into a folder before the person has allowed it again. Quiet: the work itself is saved. */
@customElement('backup-banner')
export class BackupBanner extends AppPart {
  static override styles = bannerStyles;

  @property({ attribute: false }) folder!: BarredFolder;
  @state() private isAsking = false;
  /** The person has put it away: it comes back at the next start. */
  @state() private isAway = false;

  override render(): TemplateResult | typeof nothing {
    if (this.isAway) return nothing;
    return banner(
      { icon: 'folder', tone: 'calm', label: 'Backups', role: 'status' },
      html`The browser asks for your permission before backups go to <strong dir="auto">${this.folder.name}</strong> again.`,
      html`<button ?disabled=${this.isAsking} @click=${this.allow}>Allow</button>
      <button class="quiet" @click=${() => {
        this.isAway = true;
      }}>Later</button>`,
    );
  }

  private readonly allow = async (): Promise<void> => {
    this.isAsking = true;
    const { id, name } = this.folder;
    const allowed = await allowFolder(this.app.backups, id);
    this.isAsking = false;
    this.shell.notify(
      allowed.ok ? { text: `Backed up to ${name} and verified` } : failureNotice(`Not backed up to ${name}`, allowed.error),
    );
  };
}
