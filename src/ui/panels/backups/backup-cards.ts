import { css, html, type TemplateResult } from 'lit';
import { customElement, query } from 'lit/decorators.js';
import { editSettings } from '#ui/controllers/edit-settings.ts';
import { AppPart } from '#ui/parts/app-part.ts';
import './backup-list.ts';
import './backup-places.ts';
import './backup-state.ts';
import type { DrillCard } from './drill-card.ts';
import './drill-card.ts';
import { followBackups } from './follow-backups.ts';
import './lost-work.ts';
import './restore-list.ts';

/** All that there is to say and do about the backups of this workspace: for the panel, and for the section of the settings. */
@customElement('backup-cards')
export class BackupCards extends AppPart {
  static override styles = css`
    :host {
      display: grid;
      grid-template-columns: minmax(0, 1fr);
      gap: var(--space-4);
    }
  `;

  private readonly places = followBackups(
    this,
    () => this.app,
    (backups) => backups.backupPlaces(),
  );
  private readonly settings = editSettings(this, () => this.app);
  /** With which the places were read. */
  private pace: string | null = null;
  @query('drill-card') private drill!: DrillCard;

  /** With another pace, chosen here, in another tab or on another device, the next backup comes at another time. */
  override updated(): void {
    if (!this.settings.loaded) return;
    const { value } = this.settings.read('backupEvery');
    if (this.pace !== null && this.pace !== value) void this.places.reload();
    this.pace = value;
  }

  override render(): TemplateResult {
    // What is read once is shown in three cards: a new object where it is another.
    const places = { ...this.places };
    return html`<backup-state .places=${places}></backup-state>
      <backup-places .places=${places}></backup-places>
      <restore-list></restore-list>
      <backup-list .places=${places} @try-restore=${this.tryRestore}></backup-list>
      <drill-card></drill-card>
      <lost-work .level=${2}></lost-work>`;
  }

  private readonly tryRestore = ({ detail }: CustomEvent<string>): void => {
    this.drill.scrollIntoView({ block: 'nearest' });
    void this.drill.try(detail);
  };
}
