import { html, nothing, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { BACKUP_PACES, type BackupPace, type BackupSchedule } from '#core/backups.ts';
import { editSettings } from '#ui/controllers/edit-settings.ts';
import { minuteClock } from '#ui/controllers/minute.ts';
import { AppPart } from '#ui/parts/app-part.ts';
import { icon } from '#ui/parts/icon.ts';
import { loadContent } from '#ui/parts/load-state.ts';
import { longCall } from '#ui/parts/long-call.ts';
import { problem } from '#ui/parts/messages.ts';
import { formStyles } from '#ui/styles/form.ts';
import { sectionStyles } from '#ui/styles/section.ts';
import { errorText } from '#ui/text/error-text.ts';
import { clockTime, duration } from '#ui/text/time-text.ts';
import { contentText } from './backup-text.ts';
import { followBackups } from './follow-backups.ts';

const paces: { readonly [P in BackupPace]: string } = {
  '15': 'Every 15 minutes',
  '30': 'Every 30 minutes',
  '60': 'Every hour',
  daily: 'Once a day',
};

/** Whether there is a backup to go back to, and when the next one is made. */
@customElement('backup-state')
export class BackupState extends AppPart {
  static override styles = [sectionStyles, formStyles];

  private readonly schedule = followBackups(
    this,
    () => this.app,
    (backups) => backups.backupSchedule(),
  );
  private readonly clock = minuteClock(this);
  private readonly settings = editSettings(this, () => this.app);
  private readonly call = longCall(this);

  override render(): TemplateResult {
    return html`<section class="card" aria-labelledby="state">
      ${loadContent(this.schedule, 'Loading the state of the backups', (schedule) => this.content(schedule))}
    </section>`;
  }

  private content(schedule: BackupSchedule): TemplateResult {
    const { failure, lastMadeAt, lastVerifiedAt } = schedule;
    const { now } = this.clock;
    return html`<h2 id="state">${lastVerifiedAt === null ? 'No backup yet' : `Last verified ${ago(now - lastVerifiedAt)}, on this device`}</h2>
      <p>
        ${
          lastMadeAt === null
            ? 'The first one is made by itself, soon after the app was opened.'
            : `The last one was made ${ago(now - lastMadeAt)}. The next one comes at ${clockTime(schedule.nextAt, now)}, if something has changed by then.`
        }
      </p>
      ${failure ? problem(failureWords(schedule, now), 'The last attempt failed') : nothing}
      ${this.shrunken(schedule)}
      <div class="row">
        <button class="primary" ?disabled=${this.call.isWorking} @click=${this.backUp}>${icon('archive')}Back up now</button>
        <label class="row">
          <span>Schedule</span>
          <select ?disabled=${!this.settings.loaded} @change=${this.setPace}>
            ${BACKUP_PACES.map((pace) => html`<option value=${pace} ?selected=${pace === this.settings.read('backupEvery').value}>${paces[pace]}</option>`)}
          </select>
        </label>
      </div>
      ${this.settings.failure ? problem(errorText(this.settings.failure), 'Not saved') : nothing}
      ${this.call.render()}
      <p class="hint">Backups in this browser go with the browser’s data: if that is cleared, they are gone, too. Download one now and then, and keep it elsewhere.</p>`;
  }

  private shrunken({ shrunken }: BackupSchedule): TemplateResult | typeof nothing {
    if (!shrunken) return nothing;
    return html`<div class="note" role="status">
      <p><strong>Much less is there than before.</strong> The newest backup has ${contentText(shrunken.now)}; the one before it had ${contentText(shrunken.before)}. Until you have answered, no earlier backup is removed.</p>
      <div class="row"><button @click=${() => void this.app.backups.acceptBackup(shrunken.id)}>That is meant</button></div>
    </div>`;
  }

  private readonly setPace = (event: Event): void => {
    const { value } = event.target as HTMLSelectElement;
    const pace = BACKUP_PACES.find((one) => one === value);
    if (pace) void this.settings.write('backupEvery', pace);
  };

  private readonly backUp = async (): Promise<void> => {
    await this.call.run('Backing up…', (watch) => this.app.backups.backUpNow('asked', watch), {
      done: ({ counts }) => `Backed up and verified: ${contentText(counts)}.`,
      stopped: 'Stopped. Earlier backups are still there, and the next one goes on with what was written.',
    });
  };
}

const ago = (ms: number): string => (ms < 60_000 ? 'just now' : `${duration(ms)} ago`);

function failureWords({ failure }: BackupSchedule, now: number): { readonly title: string; readonly advice: string } {
  if (!failure) return { title: '', advice: '' };
  const { title, advice } = errorText(failure.error);
  const since = now - failure.since > 60_000 ? ` It fails since ${clockTime(failure.since, now)}.` : '';
  return { title, advice: `${advice}${since} It is tried again at ${clockTime(failure.retryAt, now)}.` };
}
