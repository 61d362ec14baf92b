import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import type { BringOptions, BroughtFile } from '#core/restores.ts';
import { observe } from '#ui/controllers/observer.ts';
import { AppPart } from '#ui/parts/app-part.ts';
import { takePicked } from '#ui/parts/file-news.ts';
import { icon } from '#ui/parts/icon.ts';
import { shownCall } from '#ui/parts/long-call.ts';
import { formStyles } from '#ui/styles/form.ts';
import { sectionStyles } from '#ui/styles/section.ts';
import { isMarkdownOf } from '#ui/text/backup-fault-text.ts';
import { byteText } from '#ui/text/byte-text.ts';
import { count } from '#ui/text/time-text.ts';
import { faultList, faultListStyles } from './fault-list.ts';
import { isAboutPassphrase, passphraseForm } from './passphrase-form.ts';

/** What a person's system offers for picking; what a file is, its content says. */
const BACKUP_TYPES = '.json,.yaml,.yml,.zip,.age';

type Faulty = Extract<BroughtFile, { readonly type: 'faulty' }>;

/** A file is picked or was dropped, read whole, and leads to what restoring it would do; or what is wrong with it is said. */
@customElement('restore-file')
export class RestoreFile extends AppPart {
  static override styles = [sectionStyles, formStyles, faultListStyles];

  private readonly offered = observe(this, () => this.app?.backups.offered);
  private readonly call = shownCall(this);
  private options: BringOptions = {};
  /** The file is for another surface, which takes it when it is there. */
  private isLeaving = false;
  @state() private file: File | null = null;
  @state() private faulty: Faulty | null = null;
  @query('input[type=file]') private picker!: HTMLInputElement;

  override updated(_changed: PropertyValues<this>): void {
    const offered = this.offered.value;
    if (!offered || !this.app || this.isLeaving) return;
    this.app.backups.offered.set(null);
    const { file, ...options } = offered;
    void this.bring(file, options);
  }

  override render(): TemplateResult {
    return html`<section class="card" aria-labelledby="file">
      <h2 id="file">Restore from a file</h2>
      <p>A backup that you have downloaded: .json, .yaml, .zip, or encrypted .age. All of it is read and checked first, then you see what it would change. Nothing is written before you say so. You can also drop the file anywhere in this window.</p>
      ${this.file ? html`<p><strong><bdi>${this.file.name}</bdi></strong>, ${byteText(this.file.size)}</p>` : nothing}
      ${this.call.render()} ${this.faulty && !this.call.isWorking ? this.faults(this.faulty) : nothing}
      <input type="file" hidden accept=${BACKUP_TYPES} @change=${this.pick} />
      <div class="row">
        <button class=${this.file ? '' : 'primary'} ?disabled=${this.call.isWorking} @click=${() => this.picker.click()}>${icon('archive-restore')}${this.file ? 'Pick another file' : 'Pick a file'}</button>
        <a class="button" href="/backups">To the backups</a>
      </div>
    </section>`;
  }

  private faults({ faults, usable }: Faulty): TemplateResult {
    const [first] = faults;
    if (first && isAboutPassphrase(first)) return this.askPassphrase(faults);
    if (first?.type === 'ForeignFile' && isMarkdownOf(first.app)) return this.offerImport(faults);
    return html`${faultList(faults, this.shell)}
      ${
        usable
          ? html`<p>${usable.records === 0 ? 'Nothing else is in it.' : 'The rest of it can be used.'} You see what it would change before anything is written.</p>
            <div class="row"><button ?disabled=${usable.records === 0} @click=${() => this.file && void this.bring(this.file, { acceptFaults: true })}>Go on with the other ${count(usable.records, 'entry', 'entries')}</button></div>`
          : html`<p>Nothing of it was used, and nothing here was changed.</p>`
      }`;
  }

  private offerImport(faults: Faulty['faults']): TemplateResult {
    return html`${faultList(faults, this.shell)}
      <div class="row"><button class="primary" @click=${this.importMarkdown}>Import it</button></div>`;
  }

  private readonly importMarkdown = (): void => {
    if (!this.file) return;
    this.isLeaving = true;
    this.app.backups.offered.set({ ...this.options, file: this.file });
    this.shell.navigate('/backups/markdown');
  };

  private askPassphrase(faults: Faulty['faults']): TemplateResult {
    return html`${faultList(faults, this.shell)}${passphraseForm(this.open)}`;
  }

  private readonly open = (passphrase: string): void => {
    if (this.file) void this.bring(this.file, { passphrase });
  };

  private readonly pick = (event: Event): void => {
    const [file] = takePicked(event);
    if (file) void this.bring(file);
  };

  private async bring(file: File, more: BringOptions = {}): Promise<void> {
    // What opened the file opens it again.
    this.options = file === this.file ? { ...this.options, ...more } : more;
    const { options } = this;
    this.file = file;
    this.faulty = null;
    const brought = await this.call.run('Reading the file…', (watch) => this.app.backups.bringFile(file, options, watch), {
      done: () => null,
      stopped: 'Stopped. Nothing of the file was kept.',
    });
    if (!brought.ok || this.file !== file) return;
    if (brought.value.type === 'faulty') this.faulty = brought.value;
    else if (this.isConnected) this.shell.navigate(`/backups/${brought.value.backup.id}`);
  }
}
