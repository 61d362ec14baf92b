import { html, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { panelOf } from '#ui/panels/index.ts';
import { AppPart } from '#ui/parts/app-part.ts';
import { sectionStyles } from '#ui/styles/section.ts';

/** The backups among the settings: how they stand, the schedule, and the list from which each can be downloaded. All of it is the panel's. */
@customElement('backups-section')
export class BackupsSection extends AppPart {
  static override styles = sectionStyles;

  override firstUpdated(): void {
    void panelOf('backups')?.load();
  }

  override render(): TemplateResult {
    return html`
      <h2>Backups</h2>
      <backup-line></backup-line>
      <backup-state></backup-state>
      <backup-list @try-restore=${this.tryRestore}></backup-list>
      <drill-card></drill-card>
    `;
  }

  private readonly tryRestore = ({ detail }: CustomEvent<string>): void => {
    const card = this.renderRoot.querySelector<HTMLElement & { try(id: string): Promise<void> }>('drill-card');
    card?.scrollIntoView({ block: 'nearest' });
    void card?.try(detail);
  };
}
