import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { type BackupPlace, DEVICE_PLACE } from '#core/backup-places.ts';
import type { BackupInfo, BackupList } from '#core/backups.ts';
import type { MenuItem } from '#ui/parts/action-menu.ts';
import '#ui/parts/action-menu.ts';
import type { Loaded } from '#ui/controllers/loaded.ts';
import { AppPart } from '#ui/parts/app-part.ts';
import { icon } from '#ui/parts/icon.ts';
import { loadContent } from '#ui/parts/load-state.ts';
import { longCall } from '#ui/parts/long-call.ts';
import { emptyState, errorProblem, type Outcome, outcomeMessage } from '#ui/parts/messages.ts';
import { rowListStyles } from '#ui/styles/card-lists.ts';
import { sectionStyles } from '#ui/styles/section.ts';
import { byteText } from '#ui/text/byte-text.ts';
import { contentText, reasons } from '#ui/text/content-text.ts';
import type { UiError } from '#ui/text/error-types.ts';
import { count, fullTime } from '#ui/text/time-text.ts';
import { damageList, lackLine } from './damage-list.ts';
import './download-dialog.ts';
import type { DownloadDialog } from './download-dialog.ts';
import { followBackups } from './follow-backups.ts';
import { broughtText, placeName } from './place-text.ts';

/** The backups of this workspace in this browser, the newest first, and what can be done with each. Fires `try-restore` with the id of one that is to be tried. */
@customElement('backup-list')
export class BackupListPart extends AppPart {
  static override styles = [sectionStyles, rowListStyles];

  private readonly list = followBackups(
    this,
    () => this.app,
    (backups) => backups.backups(this.place),
  );
  @query('download-dialog') private dialog!: DownloadDialog;
  @property({ attribute: false }) places!: Loaded<readonly BackupPlace[], UiError>;
  /** The place of which they are listed. */
  @state() private place: string = DEVICE_PLACE;
  @state() private outcome: Outcome = { type: 'idle' };
  private readonly call = longCall(this);

  override render(): TemplateResult {
    return html`<section class="card" aria-labelledby="list">
      <div class="head">
        <h2 id="list">Backups</h2>${this.choice()}
        <a class="button" href="/backups/file">${icon('archive-restore')}Restore from a file</a>
        <a class="button" href="/backups/markdown">${icon('folder-input')}Import Markdown</a>
      </div>
      ${loadContent(this.list, 'Loading the backups', (list) => this.content(list))}
      ${this.call.isWorking ? nothing : outcomeMessage(this.outcome, errorProblem)} ${this.call.render()}
      <download-dialog></download-dialog>
    </section>`;
  }

  private choice(): TemplateResult | typeof nothing {
    const places = this.places.state.type === 'ready' ? this.places.state.value : [];
    if (places.length < 2) return nothing;
    return html`<label class="row"><span>Place</span>
      <select aria-label="Place" @change=${(event: Event) => {
        this.place = (event.target as HTMLSelectElement).value;
        this.list.again();
      }}>${places.map((place) => html`<option value=${place.id} ?selected=${place.id === this.place}>${placeName(place)}</option>`)}</select>
    </label>`;
  }

  private content({ backups, unreadable, bytes }: BackupList): TemplateResult {
    if (backups.length === 0 && unreadable.length === 0)
      return emptyState('No backups yet', html`Press <strong>Back up now</strong>, or write something: the schedule makes one.`);
    return html`<p>${count(backups.length, 'backup')}, ${byteText(bytes)} together. What has not changed is kept once.</p>
      <ul aria-label="Backups">
        ${backups.map((backup) => this.row(backup))}
        ${unreadable.map(
          ({ name, isNewer }) =>
            html`<li><div><strong dir="auto">${name}</strong><p class="hint">${isNewer ? 'Made by a newer version of Holdfast: update to use it.' : 'It cannot be read. It is left as it is.'}</p></div></li>`,
        )}
      </ul>`;
  }

  private row(backup: BackupInfo): TemplateResult {
    const { id, madeAt, damaged, isPinned, keptUntil, isShrunken } = backup;
    const when = fullTime(madeAt);
    return html`<li>
      ${icon(damaged.length > 0 ? 'circle-alert' : 'archive')}
      <div>
        <strong>${when}</strong>
        <p class="hint">
          ${this.aboutText(backup)}
        </p>
        <p class="hint">${stateText(backup)}${isPinned ? `. ${keptText(keptUntil)}` : nothing}${isShrunken ? '. Much less is in it than in the one before' : nothing}</p>
        ${damageList(backup, 'Restore or download the rest, or take what is missing from another backup.')}
        ${lackLine(backup)}
      </div>
      ${
        this.place === DEVICE_PLACE
          ? html`<a class="button" href="/backups/${id}" aria-label="Restore from ${when}">${icon('rotate-ccw')}Restore…</a>`
          : html`<button aria-label="Restore from ${when}" ?disabled=${this.call.isWorking} @click=${() => void this.bring(backup)}>${icon('rotate-ccw')}Restore…</button>`
      }
      <action-menu subject=${when} .items=${[
        { label: 'Download…', icon: 'download', act: () => void this.dialog.show(backup, this.place) },
        ...this.tryItem(id),
        { label: 'Verify', icon: 'check', act: () => void this.verify(backup) },
        { label: 'Remove', icon: 'trash-2', tone: 'danger', apart: true, act: () => void this.removeOne(backup) },
      ]}></action-menu>
    </li>`;
  }

  private aboutText({ from, reason, counts, bytes, blobs, device }: BackupInfo): TemplateResult {
    const files = blobs.files === 0 ? '' : `, ${count(blobs.files, 'picture or file', 'pictures and files')}`;
    const isElsewhere = device.id !== this.app.deviceId && device.name !== '';
    return html`${contentText(counts)}${files}; ${byteText(bytes)}; ${from ? broughtText(from) : reasons[reason]}${isElsewhere ? html`, made on <bdi>${device.name}</bdi>` : nothing}`;
  }

  /** It is tried from what is on this device. */
  private tryItem(id: string): readonly MenuItem[] {
    if (this.place !== DEVICE_PLACE) return [];
    const act = (): void => void this.dispatchEvent(new CustomEvent('try-restore', { detail: id }));
    return [{ label: 'Try a restore', icon: 'rotate-ccw', act }];
  }

  /** What is restored is compared with what is here first: for that it comes to this device. */
  private readonly bring = async ({ id }: BackupInfo): Promise<void> => {
    this.outcome = { type: 'idle' };
    const brought = await this.call.run(
      'Bringing it to this device…',
      (watch) => this.app.backups.bringBackup(id, this.place, watch),
      { done: () => null, stopped: 'Stopped. Nothing was changed.' },
    );
    if (brought.ok && this.isConnected) this.shell.navigate(`/backups/${id}`);
  };

  private readonly verify = async ({ id }: BackupInfo): Promise<void> => {
    this.outcome = { type: 'idle' };
    await this.call.run('Reading all of it…', (watch) => this.app.backups.verifyBackup(id, watch, this.place), {
      done: ({ damaged }) => (damaged.length === 0 ? 'It is whole.' : 'It is damaged: see below its name.'),
      stopped: 'Stopped. Nothing was noted.',
    });
  };

  private readonly removeOne = async ({ id, madeAt, counts }: BackupInfo): Promise<void> => {
    const agreed = await this.shell.ask({
      title: 'Remove this backup?',
      text: `It is of ${fullTime(madeAt)}, with ${contentText(counts)}. Your work stays as it is; only this way back to it goes.`,
      confirm: 'Remove it',
      tone: 'danger',
    });
    if (!agreed) return;
    const removed = await this.app.backups.removeBackup(id, this.place);
    this.outcome = removed.ok ? { type: 'done', text: 'The backup is removed.' } : { type: 'failed', error: removed.error };
  };
}

/** One without an end is needed by a restore. */
const keptText = (until: number | null): string =>
  until === null ? 'Kept as long as the restore that needs it can be undone' : `Kept until ${fullTime(until)}`;

function stateText({ verifiedAt, checkedAt, damaged }: BackupInfo): string {
  if (damaged.length > 0) return 'Damaged';
  return checkedAt === null || verifiedAt === null ? 'Verified when it was made' : `Read whole on ${fullTime(verifiedAt)}`;
}
