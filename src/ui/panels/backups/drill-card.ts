import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { BackupPhase, BackupProgress } from '#core/backups.ts';
import { type DrillReport, type Drills, hasHeld } from '#core/drills.ts';
import { minuteClock } from '#ui/controllers/minute.ts';
import { AppPart } from '#ui/parts/app-part.ts';
import { icon } from '#ui/parts/icon.ts';
import { loadContent } from '#ui/parts/load-state.ts';
import { errorProblem, problem } from '#ui/parts/messages.ts';
import { sectionStyles } from '#ui/styles/section.ts';
import { drillProblem, drillSentence, faultWords } from '#ui/text/drill-text.ts';
import type { UiError } from '#ui/text/error-text.ts';
import { amountText, count, fullTime } from '#ui/text/time-text.ts';
import { followBackups } from './follow-backups.ts';

const PHASES: readonly BackupPhase[] = ['checking', 'restoring', 'comparing'];

type Progress =
  | { readonly type: 'idle' }
  | { readonly type: 'working'; readonly share: number; readonly stopping: boolean }
  | { readonly type: 'stopped' }
  | { readonly type: 'failed'; readonly error: UiError };

/** Whether a restore has been tried, what came back, and the way to try one now. */
@customElement('drill-card')
export class DrillCard extends AppPart {
  static override styles = [
    sectionStyles,
    css`
      progress {
        inline-size: min(20rem, 100%);
        accent-color: var(--accent);
      }
    `,
  ];

  private readonly drills = followBackups(
    this,
    () => this.app,
    (backups) => backups.drills(),
  );
  private readonly clock = minuteClock(this);
  @state() private progress: Progress = { type: 'idle' };

  override disconnectedCallback(): void {
    this.stop();
    super.disconnectedCallback();
  }

  override render(): TemplateResult {
    return html`<section class="card" aria-labelledby="drill">
      <h2 id="drill">Try a restore</h2>
      <p>A backup is restored into an empty workspace, compared entry by entry with itself and with what is here, and thrown away. Nothing of yours is changed. It happens by itself once a week.</p>
      ${loadContent(this.drills, 'Loading what was tried', (drills) => this.content(drills))}
      ${this.action()}
    </section>`;
  }

  /** Tries the backup of that id, or the newest one. */
  async try(id: string | null = null): Promise<void> {
    if (this.progress.type === 'working') return;
    this.progress = { type: 'working', share: 0, stopping: false };
    const tried = await this.app.backups.tryRestore(id, (at) => {
      const { progress } = this;
      if (progress.type !== 'working' || progress.stopping) return false;
      this.progress = { ...progress, share: shareOf(at) };
      return true;
    });
    if (tried.ok) this.progress = { type: 'idle' };
    else this.progress = tried.error.type === 'BackupStopped' ? { type: 'stopped' } : { type: 'failed', error: tried.error };
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

  private action(): TemplateResult {
    const { progress } = this;
    if (progress.type === 'working')
      return html`<div class="row">
        <progress aria-label="Trying a restore" max="1" .value=${progress.share}></progress>
        <span>${progress.stopping ? 'Stopping…' : `${amountText(Math.floor(100 * progress.share))} %`}</span>
        <button ?disabled=${progress.stopping} @click=${this.stop}>Cancel</button>
      </div>`;
    return html`
      ${progress.type === 'failed' ? errorProblem(progress.error) : nothing}
      ${progress.type === 'stopped' ? html`<p aria-live="polite">Stopped. Nothing is left of it.</p>` : nothing}
      <div class="row"><button @click=${() => void this.try()}>${icon('check')}Try the newest backup</button></div>
    `;
  }

  private readonly stop = (): void => {
    if (this.progress.type === 'working') this.progress = { ...this.progress, stopping: true };
  };
}

/** It is read, restored and compared: so much of all that is done, from 0 to 1. */
function shareOf({ phase, done, total }: BackupProgress): number {
  const step = Math.max(0, PHASES.indexOf(phase));
  return (step + (total ? Math.min(1, done / total) : 0)) / PHASES.length;
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
