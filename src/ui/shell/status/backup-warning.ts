import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { minuteClock } from '#ui/controllers/minute.ts';
import { AppPart } from '#ui/parts/app-part.ts';
import { icon } from '#ui/parts/icon.ts';
import { baseStyles } from '#ui/styles/base.ts';
import { backupHealth } from '#ui/text/backup-health.ts';
import { warningStyles } from './warning-styles.ts';

/** A word in the status bar when there is no backup of what was written, for long; what to do is behind the link. */
@customElement('backup-warning')
export class BackupWarning extends AppPart {
  static override styles = [baseStyles, warningStyles];

  @state() private isBad = false;
  private readonly minute = minuteClock(this);
  private stop: (() => void) | undefined;
  private lookedAt = 0;

  override firstUpdated(): void {
    this.stop = this.app.backups.onNews(() => void this.look());
  }

  override disconnectedCallback(): void {
    this.stop?.();
    super.disconnectedCallback();
  }

  override updated(): void {
    if (this.minute.now - this.lookedAt >= LOOK_MS) void this.look();
  }

  override render(): TemplateResult {
    // The region is there before the words are: only then they are read out.
    return html`<span role="alert">${this.isBad ? html`<a class="bad" href="/backups">${icon('archive')}No backup</a>` : nothing}</span>`;
  }

  private async look(): Promise<void> {
    this.lookedAt = Date.now();
    const places = await this.app.backups.backupPlaces();
    if (places.ok) this.isBad = backupHealth(places.value, Date.now()).tone === 'bad';
  }
}

/** Time alone makes a backup overdue, and slowly. */
const LOOK_MS = 10 * 60_000;
