import { css, html, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { AppPart } from '#ui/parts/app-part.ts';
import type { Route } from '#ui/shell/router.ts';
import { sectionStyles } from '#ui/styles/section.ts';
import './backup-line.ts';
import './backup-list.ts';
import './backup-places.ts';
import './backup-state.ts';
import type { DrillCard } from './drill-card.ts';
import './drill-card.ts';
import './markdown-import.ts';
import { followBackups } from './follow-backups.ts';
import './restore-file.ts';
import './lost-work.ts';
import './restore-list.ts';
import './restore-preview.ts';

/** The backups in this browser, and restores from them: `/backups`, `/backups/file` for one that comes as a file, and `/backups/<id>` for what a restore would do. */
@customElement('backups-view')
export class BackupsView extends AppPart {
  static override styles = [
    sectionStyles,
    css`
      :host {
        block-size: 100%;
        overflow-y: auto;
      }

      .page {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--space-4);
        align-content: start;
        inline-size: 100%;
        max-inline-size: 56rem;
        margin-inline: auto;
        padding: var(--space-6) var(--space-4) var(--space-8);
      }

      h1 {
        font-size: var(--text-2xl);
        line-height: 1.3;
      }
    `,
  ];

  @property({ attribute: false }) route!: Route;
  private readonly places = followBackups(
    this,
    () => this.app,
    (backups) => backups.backupPlaces(),
  );

  override willUpdate(_changed: PropertyValues<this>): void {
    document.title = this.backupId === '' ? 'Backups – Holdfast' : 'Restore – Backups – Holdfast';
  }

  override render(): TemplateResult {
    return html`<div class="page">
      <h1>Backups</h1>
      ${this.content()}
    </div>`;
  }

  private content(): TemplateResult {
    if (this.backupId === 'file') return html`<restore-file></restore-file>`;
    if (this.backupId === 'markdown') return html`<markdown-import></markdown-import>`;
    if (this.backupId !== '') return html`<restore-preview .backup=${this.backupId}></restore-preview>`;
    // What is read once is shown in three cards: a new object where it is another.
    const places = { ...this.places };
    return html`<backup-state .places=${places}></backup-state>
      <backup-places .places=${places}></backup-places>
      <restore-list></restore-list>
      <backup-list .places=${places} @try-restore=${this.tryRestore}></backup-list>
      <drill-card></drill-card>`;
  }

  @query('drill-card') private drill!: DrillCard;

  private readonly tryRestore = ({ detail }: CustomEvent<string>): void => {
    this.drill.scrollIntoView({ block: 'nearest' });
    void this.drill.try(detail);
  };

  private get backupId(): string {
    return this.route.rest[0] ?? '';
  }
}
