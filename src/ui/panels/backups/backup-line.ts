import { html, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import type { Drills } from '#core/drills.ts';
import { minuteClock } from '#ui/controllers/minute.ts';
import { AppPart } from '#ui/parts/app-part.ts';
import { icon } from '#ui/parts/icon.ts';
import { loadContent } from '#ui/parts/load-state.ts';
import { sectionStyles, toneStyles } from '#ui/styles/section.ts';
import { type BackupHealth, backupHealth } from '#ui/text/backup-health.ts';
import { drillProblem, drillSentence } from '#ui/text/drill-text.ts';
import { followBackups } from './follow-backups.ts';

/** The state of the backups in a few lines, for *Status*. */
@customElement('backup-line')
export class BackupLine extends AppPart {
  static override styles = [sectionStyles, toneStyles];

  private readonly places = followBackups(
    this,
    () => this.app,
    (backups) => backups.backupPlaces(),
  );
  private readonly drills = followBackups(
    this,
    () => this.app,
    (backups) => backups.drills(),
  );
  private readonly clock = minuteClock(this);

  override render(): TemplateResult {
    const { state } = this.places;
    const health = state.type === 'ready' ? backupHealth(state.value, this.clock.now) : null;
    return html`<section class="card toned ${health?.tone ?? ''}" aria-labelledby="backups">
      <h3 id="backups">Backups</h3>
      ${loadContent(this.places, 'Loading the state of the backups', () => (health ? words(health) : html``))}
      ${loadContent(this.drills, 'Loading what was tried', (drills) => this.drill(drills))}
      <div class="row"><a class="button" href="/backups">${icon('archive')}Backups</a></div>
    </section>`;
  }

  private drill(drills: Drills): TemplateResult {
    const { now } = this.clock;
    const wrong = drillProblem(drills, now);
    if (wrong) return html`<p class="bad"><strong>${wrong.title}.</strong> ${wrong.advice}</p>`;
    return drills.last
      ? html`<p class="small">A restore was tried. ${drillSentence(drills.last, now)}.</p>`
      : html`<p class="small">No restore has been tried on this device yet.</p>`;
  }
}

const words = ({ tone, title, advice }: BackupHealth): TemplateResult =>
  html`<p><strong>${title}</strong></p>
    ${advice.map((line) => html`<p class=${tone === 'bad' ? 'bad' : ''}>${line}</p>`)}`;
