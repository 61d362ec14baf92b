import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { BackupPlace, BackupSchedule } from '#core/backup-places.ts';
import type { Loaded } from '#ui/controllers/loaded.ts';
import { minuteClock } from '#ui/controllers/minute.ts';
import { AppPart } from '#ui/parts/app-part.ts';
import { icon } from '#ui/parts/icon.ts';
import { loadContent } from '#ui/parts/load-state.ts';
import { longCall } from '#ui/parts/long-call.ts';
import { problem } from '#ui/parts/messages.ts';
import { sectionStyles } from '#ui/styles/section.ts';
import { backupHealth } from '#ui/text/backup-health.ts';
import { contentText } from '#ui/text/content-text.ts';
import type { UiError } from '#ui/text/error-types.ts';
import { ago, clockTime } from '#ui/text/time-text.ts';
import { followBackups } from './follow-backups.ts';
import { placeName, troubleOf } from './place-text.ts';

/** Whether there is a backup to go back to, and when the next one is made. */
@customElement('backup-state')
export class BackupState extends AppPart {
  static override styles = [
    sectionStyles,
    css`
      /* A name of a folder may be in it. */
      h2 {
        overflow-wrap: anywhere;
      }
    `,
  ];

  private readonly schedule = followBackups(
    this,
    () => this.app,
    (backups) => backups.backupSchedule(),
  );
  @property({ attribute: false }) places!: Loaded<readonly BackupPlace[], UiError>;
  private readonly clock = minuteClock(this);
  private readonly call = longCall(this);

  override render(): TemplateResult {
    return html`<section class="card" aria-labelledby="state">
      ${loadContent(this.schedule, 'Loading the state of the backups', (schedule) =>
        loadContent(this.places, 'Looking into the places', (places) => this.content(schedule, places)),
      )}
    </section>`;
  }

  private content(schedule: BackupSchedule, places: readonly BackupPlace[]): TemplateResult {
    const { lastMadeAt } = schedule;
    const nextAt = places.find(({ type }) => type === 'device')?.nextAt ?? schedule.nextAt;
    const { now } = this.clock;
    return html`<h2 id="state">${backupHealth(places, now).title}</h2>
      <p>
        ${
          lastMadeAt === null
            ? 'The first one is made by itself, within a minute of your first words.'
            : `The last one was made ${ago(now - lastMadeAt)}. The next one comes at ${clockTime(nextAt, now)}, if something has changed by then.`
        }
      </p>
      ${places.map((place) => {
        const trouble = troubleOf(place, now);
        return trouble ? problem(trouble, placeName(place)) : nothing;
      })}
      ${this.shrunken(schedule)}
      <div class="row">
        <button class="primary" ?disabled=${this.call.isWorking} @click=${this.backUp}>${icon('archive')}Back up now</button>
      </div>
      ${this.call.render()}`;
  }

  private shrunken({ shrunken }: BackupSchedule): TemplateResult | typeof nothing {
    if (!shrunken) return nothing;
    return html`<div class="note" role="status">
      <p><strong>Much less is there than before.</strong> The newest backup has ${contentText(shrunken.now)}; the one before it had ${contentText(shrunken.before)}. Until you have answered, no earlier backup is removed.</p>
      <div class="row"><button @click=${() => void this.app.backups.acceptBackup(shrunken.id)}>That is meant</button></div>
    </div>`;
  }

  private readonly backUp = async (): Promise<void> => {
    await this.call.run('Backing up…', (watch) => this.app.backups.backUpNow('asked', watch), {
      done: ({ counts }) => `Backed up and verified: ${contentText(counts)}.`,
      stopped: 'Stopped. Earlier backups are still there, and the next one goes on with what was written.',
    });
  };
}
