import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import type { BroughtMarkdown } from '#core/markdown-faults.ts';
import type { BringOptions } from '#core/restores.ts';
import { linkedKind } from '#entities/documents.ts';
import { observe } from '#ui/controllers/observer.ts';
import { AppPart } from '#ui/parts/app-part.ts';
import { takeFolder, takePicked } from '#ui/parts/file-news.ts';
import { icon } from '#ui/parts/icon.ts';
import { shownCall } from '#ui/parts/long-call.ts';
import { problem } from '#ui/parts/messages.ts';
import { formStyles } from '#ui/styles/form.ts';
import { sectionStyles } from '#ui/styles/section.ts';
import { backupFaultText } from '#ui/text/backup-fault-text.ts';
import { markdownFaultText } from '#ui/text/markdown-fault-text.ts';
import { count } from '#ui/text/time-text.ts';
import { faultListStyles, textList } from './fault-list.ts';
import { isAboutPassphrase, passphraseForm } from './passphrase-form.ts';

/** A folder of Markdown, or a ZIP of one, becomes notes: read whole first, then shown as any other restore. */
@customElement('markdown-import')
export class MarkdownImport extends AppPart {
  static override styles = [sectionStyles, formStyles, faultListStyles];

  private readonly offered = observe(this, () => this.app?.backups.offered);
  private readonly call = shownCall(this);
  @state() private name = '';
  /** An archive that was picked. */
  private file: File | null = null;
  @state() private brought: BroughtMarkdown | null = null;
  @query('#folder') private folder!: HTMLInputElement;
  @query('#archive') private archive!: HTMLInputElement;

  override updated(_changed: PropertyValues<this>): void {
    const offered = this.offered.value;
    if (!offered || !this.app) return;
    this.app.backups.offered.set(null);
    const { file, ...options } = offered;
    void this.bring(file.name, file, options);
  }

  override render(): TemplateResult {
    const { nouns } = linkedKind();
    return html`<section class="card" aria-labelledby="markdown">
      <h2 id="markdown">Import ${nouns.many} from Markdown</h2>
      <p>A folder of .md files, as Obsidian, Joplin and others write it and as Holdfast exports it, or a ZIP of one, also encrypted (.age). Folders become notebooks; tags, links, pictures and files come along. All of it is read first, then you see what it would change. Doing it twice changes nothing.</p>
      ${this.name === '' ? nothing : html`<p><strong><bdi>${this.name}</bdi></strong></p>`}
      ${this.call.render()} ${this.brought && !this.call.isWorking ? this.result(this.brought) : nothing}
      <input id="folder" type="file" hidden webkitdirectory @change=${this.pickFolder} />
      <input id="archive" type="file" hidden accept=".zip,.age" @change=${this.pickArchive} />
      <div class="row">
        <button ?disabled=${this.call.isWorking} @click=${() => this.folder.click()}>${icon('folder-input')}Pick a folder</button>
        <button ?disabled=${this.call.isWorking} @click=${() => this.archive.click()}>${icon('archive')}Pick a ZIP</button>
        <a class="button" href="/backups">To the backups</a>
      </div>
    </section>`;
  }

  private result(brought: BroughtMarkdown): TemplateResult {
    if (brought.type === 'unreadable') {
      return html`${problem(backupFaultText(brought.fault))}${isAboutPassphrase(brought.fault) ? passphraseForm(this.open) : nothing}`;
    }
    const texts = brought.faults.map((fault) => ({ title: fault.path, advice: markdownFaultText(fault) }));
    const list = texts.length === 0 ? nothing : textList(texts, 'in this folder', this.shell);
    if (brought.type === 'nothing')
      return html`${problem({ title: 'No Markdown is in it', advice: 'Nothing was changed here. Pick a folder, or a ZIP, with .md files in it.' })}${list}`;
    const { records, id } = brought.backup;
    return html`${list}
      <p>${count(records, linkedKind().nouns.one, linkedKind().nouns.many)} can be used. You see what they would change before anything is written.</p>
      <div class="row"><a class="button primary" href="/backups/${id}">Show what it would change</a></div>`;
  }

  private readonly pickFolder = (event: Event): void => {
    const folder = takeFolder(event);
    if (folder) void this.bring(folder.name, folder.files);
  };

  private readonly open = (passphrase: string): void => {
    if (this.file) void this.bring(this.file.name, this.file, { passphrase });
  };

  private readonly pickArchive = (event: Event): void => {
    const [file] = takePicked(event);
    if (file) void this.bring(file.name, file);
  };

  private async bring(
    name: string,
    from: File | readonly { readonly path: string; readonly file: File }[],
    options: Pick<BringOptions, 'passphrase'> = {},
  ): Promise<void> {
    this.name = name;
    this.file = from instanceof File ? from : null;
    this.brought = null;
    const brought = await this.call.run(
      'Reading the folder…',
      (watch) => this.app.backups.bringMarkdown(name, from, options, watch),
      {
        done: () => null,
        stopped: 'Stopped. Nothing of it was kept.',
      },
    );
    if (!brought.ok || this.name !== name) return;
    const { value } = brought;
    if (value.type === 'brought' && value.faults.length === 0 && this.isConnected)
      this.shell.navigate(`/backups/${value.backup.id}`);
    else this.brought = value;
  }
}
