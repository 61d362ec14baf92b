import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { App } from '#app/app.ts';
import type { BackupForm, DownloadChoice, DownloadedFiles } from '#core/backups.ts';
import { exportName } from '#core/export-name.ts';
import { documentNouns } from '#entities/documents.ts';
import { formStyles } from '#ui/styles/form.ts';
import { sectionStyles } from '#ui/styles/section.ts';
import { byteText } from '#ui/text/byte-text.ts';
import { amountText, count } from '#ui/text/time-text.ts';
import { AppPart } from './app-part.ts';
import { downloadBlob } from './download.ts';
import { canPickFolder, pickFolder } from './folder-picker.ts';
import { icon } from './icon.ts';
import { shownCall } from './long-call.ts';
import { problem } from './messages.ts';
import './passphrase-field.ts';
import type { PassphraseField } from './passphrase-field.ts';

const forms: readonly { readonly form: BackupForm; readonly label: string; readonly hint: string }[] = [
  { form: 'zip', label: 'ZIP, with pictures and files', hint: 'Everything. The best choice to keep.' },
  { form: 'json', label: 'JSON, words only', hint: 'One text file, which programs read.' },
  { form: 'yaml', label: 'YAML, words only', hint: 'One text file, which people read and compare.' },
  {
    form: 'markdown',
    label: 'Markdown, with pictures and files',
    hint: `A folder of all ${documentNouns('many')}, which other apps read. Settings are not in it.`,
  },
];

/** A backup as a file in the downloads: in which form, whether behind a passphrase, how far it is, and what it has come to. */
@customElement('download-form')
export class DownloadForm extends AppPart {
  static override styles = [sectionStyles, formStyles];

  /** The id of a kept backup, and when it was made; empty: one is made. */
  @property() backup = '';
  /** The place in which it lies; empty: this device. */
  @property() place = '';
  @property({ type: Number }) madeAt = 0;
  /** It is known to be damaged: the rest of it is wanted. */
  @property({ type: Boolean }) damaged = false;
  /** Of the button. */
  @property() label = 'Download';
  @state() private form: BackupForm = 'zip';
  @state() private isLocked = false;
  @state() private isReady = false;
  /** The person wants the API keys of this browser in it. */
  @state() private withKeys = false;
  @state() private files: { readonly files: number; readonly away: number } | null = null;
  /** Pictures and files, and API keys, that the last one lacks. */
  @state() private missing = 0;
  @state() private unreadable = 0;
  /** Records of a damaged one that the last one lacks. */
  @state() private lacking = 0;
  /** What was asked of one that has turned out to be damaged. */
  @state() private refused: DownloadTarget | null = null;
  private readonly call = shownCall(this);
  @query('passphrase-field') private field?: PassphraseField;

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.backup !== '') void this.countFiles();
  }

  override render(): TemplateResult {
    return html`${this.fields()} ${this.call.render()} ${this.call.isWorking ? nothing : this.shortcomings()}`;
  }

  private shortcomings(): TemplateResult {
    const { refused } = this;
    return html`${refused ? html`<div class="row"><button @click=${() => void this.write({ ...refused, acceptDamage: true })}>${icon('download')}Download the rest</button></div>` : nothing}
      ${this.lacking === 0 ? nothing : problem(lackingWords(this.lacking))} ${this.missing === 0 ? nothing : problem(missingWords(this.missing))}
      ${this.unreadable === 0 ? nothing : problem(unreadableWords)}`;
  }

  private fields(): TemplateResult {
    // Hidden and not gone while a file is made: a passphrase that was suggested can be read again until this is closed.
    return html`<form ?hidden=${this.call.isWorking} @submit=${this.start} @change=${this.forgetRefused}>
      <fieldset>
        <legend>File</legend>
        ${forms.map(
          ({
            form,
            label,
            hint,
          }) => html`<label class="choice"><input type="radio" name="form" value=${form} .checked=${this.form === form}
              aria-describedby="hint-${form}" @change=${() => {
                this.form = form;
              }} />${label}</label>
            <p class="hint" id="hint-${form}">${hint}${form === 'zip' || form === 'markdown' ? this.filesText() : nothing}</p>`,
        )}
      </fieldset>
      <label class="choice"><input type="checkbox" .checked=${this.isLocked} aria-describedby="lock-hint"
        @change=${(event: Event) => {
          this.isLocked = (event.target as HTMLInputElement).checked;
          this.isReady = false;
        }} />Protect it with a passphrase</label>
      <p class="hint" id="lock-hint">Then whoever finds the file cannot read it. It is encrypted in the age format, which the <code>age</code> tool opens, too.</p>
      ${
        this.isLocked
          ? html`<passphrase-field @change=${() => {
              this.isReady = this.field?.value != null;
              this.forgetRefused();
            }}></passphrase-field>
            ${this.form === 'markdown' ? nothing : this.keysChoice()}`
          : nothing
      }
      <div class="row">
        <button class="primary" ?disabled=${this.isLocked && !this.isReady}>${icon('download')}${this.damaged ? 'Download the rest' : this.label}</button>
        ${
          this.form === 'markdown' && !this.isLocked && canPickFolder()
            ? html`<button type="button" @click=${this.pickFolder}>${icon('folder-input')}Write into a folder…</button>`
            : nothing
        }
      </div>
    </form>`;
  }

  /** The rest is what was asked for then: with another form or passphrase it is asked for anew. */
  private forgetRefused(): void {
    this.refused = null;
  }

  private keysChoice(): TemplateResult {
    return html`<label class="choice"><input type="checkbox" .checked=${this.withKeys} aria-describedby="keys-hint"
        @change=${(event: Event) => {
          this.withKeys = (event.target as HTMLInputElement).checked;
        }} />Include keys and secrets</label>
      <p class="hint" id="keys-hint">The API key that is saved in this browser, as it is now. Whoever has the file and the passphrase can use it.</p>`;
  }

  private filesText(): string {
    const { files = 0, away = 0 } = this.files ?? {};
    if (files === 0) return '';
    const all = ` ${count(files, 'picture or file', 'pictures and files')}`;
    return away === 0 ? `${all}.` : `${all}; ${amountText(away)} not on this device, fetched first if the server has them.`;
  }

  private readonly countFiles = async (): Promise<void> => {
    const files = await this.app.backups.backupFiles(this.backup, this.place || undefined);
    if (files.ok) this.files = files.value;
  };

  private readonly start = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const passphrase = this.isLocked ? this.field?.value : undefined;
    if (passphrase === null) return;
    const secrets = this.withKeys && this.form !== 'markdown';
    await this.write({ form: this.form, ...(passphrase !== undefined && { passphrase, secrets }) });
  };

  /** In a folder of its own there: nothing is written over. */
  private readonly pickFolder = async (): Promise<void> => {
    const folder = await pickFolder();
    if (folder) await this.write({ form: 'markdown', folder });
  };

  private async write(wanted: DownloadTarget): Promise<void> {
    const { backups } = this.app;
    const choice = this.damaged ? { ...wanted, acceptDamage: true } : wanted;
    this.missing = 0;
    this.unreadable = 0;
    this.lacking = 0;
    this.refused = null;
    const written = await this.call.run(
      choice.folder ? 'Writing the files…' : 'Making the file…',
      (watch) =>
        this.backup === ''
          ? backups.downloadNow(choice, watch)
          : backups.downloadBackup(this.backup, choice, watch, this.place || undefined),
      {
        done: ({ blob, folder, missing, lacking, keys }) => {
          this.missing = missing;
          this.lacking = lacking;
          this.unreadable = keys.unreadable;
          if (!blob) return `Everything is written into ${folder} in ${choice.folder?.name}.`;
          const name = fileName(this.backup === '' ? Date.now() : this.madeAt, choice);
          downloadBlob(name, blob);
          return `${name} is in your downloads: ${byteText(blob.size)}.${keysText(choice, keys)}`;
        },
        stopped: choice.folder ? 'Stopped. What was written is removed.' : 'Stopped. No file was made.',
      },
    );
    if (!written.ok && written.error.type === 'BackupDamaged' && this.backup !== '') this.refused = choice;
    await this.updateComplete;
    this.renderRoot.lastElementChild?.scrollIntoView({ block: 'nearest' });
  }
}

type DownloadTarget = Parameters<App['backups']['downloadNow']>[0];

/** `holdfast-2026-11-27-08-30.zip`, by the time of the backup (UTC). */
function fileName(madeAt: number, { form, passphrase }: DownloadChoice): string {
  const ending = form === 'markdown' ? 'markdown.zip' : form;
  return `${exportName(madeAt)}.${ending}${passphrase === undefined ? '' : '.age'}`;
}

/** What has become of keys that were asked for. */
const keysText = ({ secrets }: DownloadChoice, { written, unreadable }: DownloadedFiles['keys']): string => {
  if (!secrets || (written === 0 && unreadable > 0)) return '';
  return written === 0 ? ' There is no API key in this browser.' : ` ${count(written, 'API key is', 'API keys are')} in it.`;
};

const unreadableWords = {
  title: 'The API key is not in it',
  advice: 'This browser can no longer open it. Enter it again under Settings, Model server, and download the file again.',
};

const lackingWords = (records: number) => ({
  title: `${count(records, 'entry is', 'entries are')} not in it`,
  advice: 'They cannot be read. Under Backups they are listed by name, and may be whole in another backup.',
});

const missingWords = (files: number) => ({
  title: `${count(files, 'file')} ${files === 1 ? 'is' : 'are'} not in it`,
  advice: 'files/MISSING.txt in the archive names each and says why. Download it again with a network, and they come along.',
});
