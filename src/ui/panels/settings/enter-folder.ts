import { html, nothing, type TemplateResult } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import type { PickedFolder } from '#app/backups.ts';
import type { BackupInfo, FoundBackups } from '#core/backups.ts';
import { AppPart } from '#ui/parts/app-part.ts';
import { takeFolder } from '#ui/parts/file-news.ts';
import { canPickFolder, pickFolder } from '#ui/parts/folder-picker.ts';
import { icon } from '#ui/parts/icon.ts';
import { shownCall } from '#ui/parts/long-call.ts';
import { formStyles } from '#ui/styles/form.ts';
import { sectionStyles } from '#ui/styles/section.ts';
import { contentText } from '#ui/text/content-text.ts';
import { count, fullTime } from '#ui/text/time-text.ts';

/** What was picked, under the name that the person knows, and what lies in it. */
interface Picked {
  readonly source: PickedFolder;
  readonly name: string;
  readonly found: readonly FoundBackups[];
}

interface Chosen {
  /** Of the folder in what was picked. */
  readonly folder: string;
  readonly id: string;
}

/** The way back in by a folder of backups: one pick lists what is there, one press brings everything back and goes on with the folder. */
@customElement('enter-folder')
export class EnterFolder extends AppPart {
  static override styles = [sectionStyles, formStyles];

  private readonly call = shownCall(this);
  @state() private picked: Picked | null = null;
  @state() private chosen: Chosen | null = null;
  @state() private isBack = false;
  @query('input[type=file]') private files!: HTMLInputElement;

  override render(): TemplateResult {
    const { isWorking } = this.call;
    return html`
      <input type="file" hidden webkitdirectory aria-label="Folder of backups" @change=${this.takeFiles} />
      ${this.picked && !this.isBack ? this.list(this.picked) : nothing}
      <div class="row">
        ${
          this.chosen && !this.isBack
            ? html`<button class="primary" ?disabled=${isWorking} @click=${this.bring}>${icon('rotate-ccw')}Bring everything back</button>`
            : nothing
        }
        ${this.isBack ? html`<a class="button" href="/notes">To your notes</a>` : html`<button ?disabled=${isWorking} @click=${this.pick}>${icon('folder')}${this.picked ? 'Choose another folder…' : 'Choose the folder…'}</button>`}
      </div>
      ${this.call.render()}
    `;
  }

  private list({ found, name }: Picked): TemplateResult {
    if (found.length === 0) {
      return html`<p class="problem" role="alert"><strong>No backups are in <bdi>${name}</bdi>.</strong> Choose the folder that was picked under Backups, or <code>holdfast-backups</code> in it.</p>`;
    }
    return html`<fieldset>
      <legend>Backups in <bdi>${name}</bdi>, the newest first</legend>
      ${newestFirst(found).map(([folder, backup, others]) => this.option(folder, backup, others))}
    </fieldset>`;
  }

  private option(folder: string, newest: BackupInfo, others: readonly BackupInfo[]): TemplateResult {
    const isChosen = this.chosen?.folder === folder;
    const shown = others.find(({ id }) => isChosen && id === this.chosen?.id) ?? newest;
    return html`<div class="option">
      <label class="choice"><input type="radio" name="folder" .checked=${isChosen} aria-describedby="of-${newest.id}" @change=${() => {
        this.chosen = { folder, id: newest.id };
      }} /><span><bdi>${newest.device.name}</bdi>, ${fullTime(shown.madeAt)}</span></label>
      <p class="hint" id="of-${newest.id}">${contentText(shown.counts)}${shown.damaged.length > 0 ? '. Damaged' : nothing}</p>
      ${
        isChosen && others.length > 1
          ? html`<label class="row hint"><span>${count(others.length, 'backup')} of it</span>
              <select @change=${(event: Event) => {
                this.chosen = { folder, id: (event.target as HTMLSelectElement).value };
              }}>${others.map(({ id, madeAt, counts }) => html`<option value=${id} ?selected=${id === shown.id}>${fullTime(madeAt)}: ${contentText(counts)}</option>`)}</select></label>`
          : nothing
      }
    </div>`;
  }

  private readonly pick = async (): Promise<void> => {
    if (!canPickFolder()) {
      this.files.click();
      return;
    }
    // For writing as well: it is gone on with afterwards, without a second question.
    const folder = await pickFolder();
    if (folder) await this.look(folder, folder.name);
  };

  private readonly takeFiles = async (event: Event): Promise<void> => {
    const folder = takeFolder(event);
    if (folder) await this.look(folder.files, folder.name);
  };

  private async look(source: PickedFolder, name: string): Promise<void> {
    this.picked = null;
    this.chosen = null;
    const looked = await this.call.run(`Looking into ${name}…`, () => this.app.backups.lookIntoFolder(source), {
      done: () => null,
      stopped: 'Stopped.',
    });
    if (!looked.ok) return;
    this.picked = { source, name, found: looked.value };
    const [first] = newestFirst(looked.value);
    this.chosen = first ? { folder: first[0], id: first[1].id } : null;
  }

  private readonly bring = async (): Promise<void> => {
    const { picked, chosen } = this;
    if (!picked || !chosen) return;
    const { source, name } = picked;
    const { folder, id } = chosen;
    const { backups } = this.app;
    const restored = await this.call.run(
      'Bringing everything back…',
      async (watch) => {
        const brought = await backups.bringFromFolder(source, folder, id, name, watch);
        if (!brought.ok) return brought;
        return backups.restoreBackup(id, { way: 'merge', skipNewer: false, only: null }, watch);
      },
      {
        done: ({ changed }) => `${count(changed, 'entry is', 'entries are')} back. It can be undone under Backups.`,
        stopped: 'Stopped. What was written so far stays: go on with it, or take it back, under Backups.',
      },
    );
    if (!restored.ok) return;
    this.isBack = true;
    if (!('kind' in source)) return;
    const added = await backups.addBackupFolder(source, folder, { isMirror: true });
    this.shell.notify(
      added.ok
        ? { text: `Backups go on in ${name}, with a live mirror` }
        : { text: `Everything is back. Add ${name} under Backups, so that backups go on there` },
    );
  };
}

/** The newest whole backup of each, and all of that folder; the newest of all first. */
function newestFirst(
  found: readonly FoundBackups[],
): readonly (readonly [folder: string, newest: BackupInfo, all: readonly BackupInfo[]])[] {
  return found
    .flatMap(({ name, list: { backups } }) => {
      const newest = backups.find(({ damaged }) => damaged.length === 0) ?? backups[0];
      return newest ? [[name, newest, backups] as const] : [];
    })
    .sort(([, a], [, b]) => b.madeAt - a.madeAt);
}
