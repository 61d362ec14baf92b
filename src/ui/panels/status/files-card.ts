import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { StoreSummary } from '#app/app.ts';
import type { FileUse, RefusedFile, StatusService } from '#app/status/status-service.ts';
import { kindName } from '#entities/kind-names.ts';
import { liveList } from '#ui/controllers/live-list.ts';
import { minuteClock } from '#ui/controllers/minute.ts';
import { observe } from '#ui/controllers/observer.ts';
import { icon } from '#ui/parts/icon.ts';
import { sectionStyles } from '#ui/styles/section.ts';
import { byteText } from '#ui/text/byte-text.ts';
import { fileRefusalText, filesHeldUpText, fileWord } from '#ui/text/file-refusal-text.ts';
import { clockTime, count } from '#ui/text/time-text.ts';
import { entityPath, entityTitle } from './entity-name.ts';
import { filesLeft } from './safe-sentence.ts';
import type { StatusParts } from './status-parts.ts';

type HeldUp = NonNullable<StoreSummary['files']['heldUp']>;

/** The files that the server does not have yet; why none of them goes now, and why it refuses some. Nothing where it has all of them. */
@customElement('files-card')
export class FilesCard extends LitElement {
  static override styles = [
    sectionStyles,
    css`
      progress {
        inline-size: 100%;
      }
    `,
  ];

  @property({ attribute: false }) parts!: StatusParts;
  @state() private working = false;
  private readonly clock = minuteClock(this);
  private readonly summary = observe(this, () => this.parts?.app.summary);
  private readonly sending = observe(this, () => this.parts?.app.sendingFile);
  private readonly refused = liveList(
    this,
    () => this.parts?.app,
    () => this.readRefused(),
  );
  /** Of the files that are shown; looked for once. */
  private readonly uses = new Map<string, FileUse | null>();

  override render(): TemplateResult | typeof nothing {
    const files = this.summary.value?.files;
    if (!files || files.waiting === 0) return nothing;
    const { state: list } = this.refused;
    const refused = list.type === 'ready' ? list.value : [];
    const more = files.refused - refused.length;
    return html`<section class="card" aria-labelledby="files">
      <h3 id="files">Files on their way</h3>
      <p>${filesLeft(files)}.</p>
      ${files.heldUp ? this.heldUp(files.heldUp) : this.progress()}
      ${
        refused.length === 0
          ? nothing
          : html`<ul class="stack" aria-label="Refused files">${refused.map((file) => html`<li>${this.file(file)}</li>`)}</ul>
            ${more > 0 ? html`<p class="small">and ${count(more, 'other')} that the server refuses</p>` : nothing}`
      }
      ${
        refused.length > 0 || files.heldUp
          ? html`<div class="row"><button ?disabled=${this.working} @click=${this.retry}>${icon('refresh-cw')}Try again</button></div>`
          : nothing
      }
    </section>`;
  }

  private progress(): TemplateResult | typeof nothing {
    const { value: file } = this.sending;
    if (!file) return nothing;
    return html`<div>
      <progress aria-label="The file that is sent now" max=${file.size} .value=${file.sent}></progress>
      <p class="small">${byteText(file.sent)} of ${byteText(file.size)} of the file that is sent now</p>
    </div>`;
  }

  private heldUp({ error, since, attempts, retryAt }: HeldUp): TemplateResult {
    const { why, advice } = filesHeldUpText(error);
    const { now } = this.clock;
    const next = retryAt > now ? `, next try ${clockTime(retryAt, now)}` : '';
    return html`
      <p><strong>${why}.</strong> ${advice}</p>
      <p class="small">${count(attempts, 'try', 'tries')} since ${clockTime(since, now)}${next}</p>
    `;
  }

  private async readRefused(): ReturnType<StatusService['refusedFiles']> {
    const refused = await this.parts.status.refusedFiles();
    if (refused.ok) void this.findUses(refused.value.map(({ hash }) => hash).filter((hash) => !this.uses.has(hash)));
    return refused;
  }

  private async findUses(hashes: readonly string[]): Promise<void> {
    if (hashes.length === 0) return;
    for (const hash of hashes) this.uses.set(hash, null);
    const found = await this.parts.status.fileUses(hashes);
    if (!found.ok) {
      for (const hash of hashes) this.uses.delete(hash);
      return;
    }
    for (const use of found.value) this.uses.set(use.hash, use);
    this.requestUpdate();
  }

  private file({ hash, type, size, refused }: RefusedFile): TemplateResult {
    const use = this.uses.get(hash);
    const name = use?.name || fileWord(type);
    const { why, advice } = fileRefusalText(refused);
    const next = refused.retryAt > this.clock.now ? `, next try ${clockTime(refused.retryAt, this.clock.now)}` : '';
    return html`
      <p><strong><bdi>${name}</bdi> (${byteText(size)})</strong>: ${why}</p>
      ${use ? this.where(use) : nothing}
      <p>${advice}</p>
      <p class="small">Refused ${count(refused.times, 'time')} since ${clockTime(refused.since, this.clock.now)}${next}</p>
    `;
  }

  private where({ entity, document }: FileUse): TemplateResult {
    const path = entityPath(document.kind, document.id, document);
    const title = html`<bdi>${entityTitle(document.kind, document)}</bdi>`;
    const part = entity === document ? '' : `/${entity.id}`;
    return html`<p>In the ${kindName(document.kind)} ${path ? html`<a href=${path + part}>${title}</a>` : title}${
      document.lifecycle === 'binned' ? ', which is in the bin' : ''
    }</p>`;
  }

  private readonly retry = async (): Promise<void> => {
    this.working = true;
    try {
      await this.parts.status.retryRefusedFiles();
    } finally {
      this.working = false;
    }
  };
}
