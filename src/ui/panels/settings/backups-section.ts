import { html, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { panelOf } from '#ui/panels/index.ts';
import { AppPart } from '#ui/parts/app-part.ts';
import { sectionStyles } from '#ui/styles/section.ts';

/** The backups among the settings: their state, the schedule, the places, and the list from which each is downloaded. All of it is the panel's. */
@customElement('backups-section')
export class BackupsSection extends AppPart {
  static override styles = sectionStyles;

  override firstUpdated(): void {
    void panelOf('backups')?.load();
  }

  override render(): TemplateResult {
    return html`
      <h2>Backups</h2>
      <backup-cards></backup-cards>
      <div class="row"><a class="button" href="/backups">To the backups</a></div>
    `;
  }
}
