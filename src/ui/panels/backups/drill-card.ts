import { html, nothing, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { type DrillReport, type Drills, hasHeld } from '#core/drills.ts';
import { minuteClock } from '#ui/controllers/minute.ts';
import { AppPart } from '#ui/parts/app-part.ts';
import { icon } from '#ui/parts/icon.ts';
import { loadContent } from '#ui/parts/load-state.ts';
import { shownCall } from '#ui/parts/long-call.ts';
import { problem } from '#ui/parts/messages.ts';
import { sectionStyles } from '#ui/styles/section.ts';
import { drillProblem, drillSentence, faultWords } from '#ui/text/drill-text.ts';
import { amountText, count, fullTime } from '#ui/text/time-text.ts';
import { followBackups } from './follow-backups.ts';

/** Whether a restore has been tried, what came back, and the way to try one now. */
@customElement('drill-card')
export class DrillCard extends AppPart {
  static override styles = sectionStyles;

  private readonly drills = followBackups(
    this,
    () => this.app,
    (backups) => backups.drills(),
  );
  private readonly clock = minuteClock(this);
  private readonly call = shownCall(this);

  override render(): TemplateResult {
    return html`<section class="card" aria-labelledby="drill">
      <h2 id="drill">Try a restore</h2>
      <p>A backup is restored into an empty workspace, compared entry by entry with itself and with what is here, and thrown away. Nothing of yours is changed. It happens by itself once a week.</p>
      ${loadContent(this.drills, 'Loading what was tried', (drills) => this.content(drills))}
      ${this.call.render()}
      <div class="row"><button ?disabled=${this.call.isWorking} @click=${() => void this.try()}>${icon('check')}Try the newest backup</button></div>
    </section>`;
  }

  /** Tries the backup of that id, or the newest one. */
  async try(id: string | null = null): Promise<void> {
    if (this.call.isWorking) return;
    await this.call.run('Trying a restore…', (watch) => this.app.backups.tryRestore(id, watch), {
      done: () => null,
      stopped: 'Stopped. Nothing is left of it.',
    });
  }

  private content(drills: Drills): TemplateResult {
    const { last } = drills;
    const { now } = this.clock;
    const wrong = drillProblem(drills, now);
    return html`
      ${
        last
          ? html`<p class=${hasHeld(last) && !wrong ? 'done' : ''}>${drillSentence(last, now)}.</p>
            <p class="hint">The backup of ${fullTime(last.madeAt)}. ${sinceText(last)}</p>`
          : html`<p>None has been tried on this device yet.</p>`
      }
      ${wrong ? problem(wrong) : nothing}
      ${last && !hasHeld(last) ? lostList(last) : nothing}
    `;
  }
}

const sinceText = ({ changedSince }: DrillReport): string =>
  changedSince === 0
    ? 'All of it is here as it was then.'
    : `${count(changedSince, 'entry', 'entries')} edited or deleted here since.`;

function lostList({ entities, lost }: DrillReport): TemplateResult {
  const more = lost - entities.length;
  return html`<ul class="small" aria-label="Entries that would not come back">
    ${entities.map(({ title, fault }) => html`<li><bdi>${title === '' ? 'Untitled' : title}</bdi> ${faultWords[fault]}</li>`)}
    ${more > 0 ? html`<li>and ${amountText(more)} more</li>` : nothing}
  </ul>`;
}
