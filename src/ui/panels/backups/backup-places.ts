import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { type ClosedBackups, keepClosedBackups } from '#app/closed-backups.ts';
import type { BackupPlace, PlaceSettings } from '#core/backup-places.ts';
import type { BackupWatch } from '#core/backups.ts';
import type { Result } from '#core/result.ts';
import { editSettings } from '#ui/controllers/edit-settings.ts';
import { minuteClock } from '#ui/controllers/minute.ts';
import '#ui/parts/action-menu.ts';
import type { Loaded } from '#ui/controllers/loaded.ts';
import { allowFolder } from '#ui/parts/allow-folder.ts';
import { AppPart } from '#ui/parts/app-part.ts';
import { canPickFolder, pickFolder } from '#ui/parts/folder-picker.ts';
import { icon } from '#ui/parts/icon.ts';
import { loadContent } from '#ui/parts/load-state.ts';
import { longCall } from '#ui/parts/long-call.ts';
import { errorProblem, problem } from '#ui/parts/messages.ts';
import { rowListStyles } from '#ui/styles/card-lists.ts';
import { formStyles } from '#ui/styles/form.ts';
import { sectionStyles } from '#ui/styles/section.ts';
import { errorText } from '#ui/text/error-text.ts';
import type { UiError } from '#ui/text/error-types.ts';
import { clockTime, count } from '#ui/text/time-text.ts';
import { paceSelect } from './pace-select.ts';
import { placeName, stateText, troubleOf } from './place-text.ts';

const icons = { device: 'hard-drive', folder: 'folder', server: 'cloud' } as const;

const closedTexts: { readonly [C in ClosedBackups]: string } = {
  kept: 'What is due is also backed up while Holdfast is closed, when the browser lets it: twice a day at most.',
  'not-installed':
    'Backups are made while Holdfast is open. Install it (Settings, Install), and some are made while it is closed, too.',
  'not-here': '',
};

/** Where backups are kept, the state and the schedule of each place, and adding one. */
@customElement('backup-places')
export class BackupPlaces extends AppPart {
  static override styles = [
    sectionStyles,
    rowListStyles,
    formStyles,
    css`
      li {
        align-items: start;
      }

      li > .icon {
        margin-block-start: 0.15em;
      }

      li .set {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2) var(--space-4);
        margin-block-start: var(--space-2);
      }
    `,
  ];

  @property({ attribute: false }) places!: Loaded<readonly BackupPlace[], UiError>;
  private readonly clock = minuteClock(this);
  private readonly settings = editSettings(this, () => this.app);
  private readonly call = longCall(this);
  @state() private closed: ClosedBackups = 'not-here';
  @state() private failure: UiError | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    void keepClosedBackups().then((closed) => {
      this.closed = closed;
    });
  }

  override render(): TemplateResult {
    return html`<section class="card" aria-labelledby="places">
      <h2 id="places">Places</h2>
      ${loadContent(this.places, 'Looking into the places', (places) => html`<ul aria-label="Places">${places.map((place) => this.row(place))}</ul>`)}
      ${
        canPickFolder()
          ? html`<button ?disabled=${this.isWorking} @click=${this.add}>${icon('folder')}Add a folder…</button>
            <p class="hint">Choose one that another program copies away, as Dropbox or Nextcloud do, or one on a stick or another disk. Backups go into <code>holdfast-backups</code> in it.</p>`
          : html`<p class="hint">This browser lets no page write into a folder by itself. Download a backup now and then, or open Holdfast in Chrome or Edge on a computer, where a folder is written by the schedule.</p>`
      }
      ${
        this.places.state.type === 'ready' && !this.places.state.value.some(({ type }) => type === 'server')
          ? html`<button ?disabled=${this.isWorking} @click=${this.addServer}>${icon('cloud')}Add the server</button>`
          : nothing
      }
      ${this.call.render()} ${this.failure ? errorProblem(this.failure) : nothing}
      ${this.settings.failure ? problem(errorText(this.settings.failure), 'Not saved') : nothing}
    </section>`;
  }

  private row(place: BackupPlace): TemplateResult {
    const { type, isBusy, nextAt, state: lies } = place;
    const { now } = this.clock;
    const trouble = troubleOf(place, now);
    return html`<li>
      ${icon(trouble ? 'circle-alert' : icons[type])}
      <div>
        <strong dir="auto">${placeName(place)}</strong>
        <p class="hint">${stateText(place, now)}.${isBusy ? ' Writing now…' : trouble || (type === 'device' && lies.backups === 0) ? nothing : ` Next at ${clockTime(nextAt, now)}, if something has changed by then.`}</p>
        ${type === 'device' ? html`<p class="hint">Backups in this browser go with the browser’s data: if that is cleared, they are gone, too.</p>` : nothing}
        ${type === 'device' && closedTexts[this.closed] ? html`<p class="hint">${closedTexts[this.closed]}</p>` : nothing}
        ${lies.lackingFiles === 0 ? nothing : html`<p class="hint">${count(lies.lackingFiles, 'file')} of it ${lies.lackingFiles === 1 ? 'is' : 'are'} on the server and not on this device, and not in this backup. In Settings, Storage, you can keep all files here.</p>`}
        ${trouble ? problem(trouble) : nothing}
        <div class="set">${this.controls(place)}</div>
      </div>
      ${this.acts(place)}
    </li>`;
  }

  private controls(place: BackupPlace): TemplateResult {
    const { id, type, name, pace, isMirror } = place;
    if (type === 'device') {
      return paceSelect({
        value: this.settings.read('backupEvery').value,
        label: 'Schedule of this device',
        disabled: !this.settings.loaded,
        onChange: (chosen) => void this.settings.write('backupEvery', chosen),
      });
    }
    return html`${paceSelect({ value: pace, label: `Schedule of ${placeName(place)}`, onChange: (chosen) => void this.set(id, { pace: chosen }) })}
      ${
        type === 'folder'
          ? html`<label class="choice"><input type="checkbox" role="switch" .checked=${isMirror} aria-label="Live mirror in ${name}" @change=${(event: Event) => void this.set(id, { isMirror: (event.target as HTMLInputElement).checked })} />Live mirror: written some seconds after each change</label>`
          : nothing
      }`;
  }

  private acts(place: BackupPlace): TemplateResult | typeof nothing {
    const { id, type, isBarred, isBusy } = place;
    if (type === 'device') return nothing;
    const name = placeName(place);
    return html`${
      isBarred
        ? html`<button class="primary" ?disabled=${this.isWorking} @click=${() => void this.allow(id, name)}>Allow</button>`
        : html`<button aria-label="Write to ${name} now" ?disabled=${this.isWorking || isBusy} @click=${() => void this.copy(id, name)}>Write now</button>`
    }
    <action-menu subject=${name} .items=${[
      { label: 'Remove from the list', icon: 'trash-2', act: () => void this.forget(place) },
    ]}></action-menu>`;
  }

  private get isWorking(): boolean {
    return this.call.isWorking;
  }

  private readonly add = async (): Promise<void> => {
    const folder = await pickFolder();
    if (!folder) return;
    const added = await this.app.backups.addBackupFolder(folder);
    if (added.ok) await this.copy(added.value, folder.name);
    else this.fail(added.error);
  };

  private readonly addServer = async (): Promise<void> => {
    const added = await this.app.backups.addServerPlace();
    if (!added.ok) this.fail(added.error);
  };

  private readonly copy = async (id: string, name: string): Promise<void> => {
    await this.write(name, (watch) => this.app.backups.copyToPlace(id, watch));
  };

  private readonly allow = async (id: string, name: string): Promise<void> => {
    await this.write(name, (watch) => allowFolder(this.app.backups, id, watch));
  };

  private async write(name: string, call: (watch: BackupWatch) => Promise<Result<void, UiError>>): Promise<void> {
    this.failure = null;
    await this.call.run(`Writing to ${name}…`, call, {
      done: () => `${name} has everything, verified.`,
      stopped: 'Stopped. The next one goes on with what was written.',
    });
  }

  private async set(id: string, settings: Partial<PlaceSettings>): Promise<void> {
    const set = await this.app.backups.setBackupPlace(id, settings);
    if (!set.ok) this.fail(set.error);
  }

  private readonly forget = async ({ id, type, name }: BackupPlace): Promise<void> => {
    const agreed = await this.shell.ask({
      title: `Remove ${type === 'server' ? 'the server' : name} from the list?`,
      text: 'No more backups are written there. Those that lie there stay, and you can restore from them.',
      confirm: 'Remove from the list',
    });
    if (!agreed) return;
    const removed = await this.app.backups.removeBackupPlace(id);
    if (!removed.ok) this.fail(removed.error);
  };

  private fail(error: UiError): void {
    this.call.clear();
    this.failure = error;
  }
}
