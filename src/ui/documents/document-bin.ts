import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { capitalize } from '#core/entity.ts';
import type { StoreError } from '#core/errors.ts';
import { childKinds, type DocumentKind, knownDocumentKind } from '#entities/documents.ts';
import { minuteClock } from '#ui/controllers/minute.ts';
import { AppPart } from '#ui/parts/app-part.ts';
import { failureNotice } from '#ui/parts/failure-notice.ts';
import { icon } from '#ui/parts/icon.ts';
import { baseStyles } from '#ui/styles/base.ts';
import { controlStyles } from '#ui/styles/controls.ts';
import { skeletonStyles } from '#ui/styles/skeleton.ts';
import { errorText } from '#ui/text/error-text.ts';
import { clockTime, count } from '#ui/text/time-text.ts';
import { restoreDocument } from './bin-moves.ts';
import { documentBinStyles } from './document-bin-styles.ts';
import { type DocumentSummary, summarize } from './document-summary.ts';

const PAGE = 50;
/** Deleted at a time, so that a full bin does not freeze. */
const PURGE_PAGE = 200;

type Bin =
  | { readonly type: 'loading' }
  | { readonly type: 'failed'; readonly error: StoreError }
  | { readonly type: 'ready'; readonly items: readonly DocumentSummary[]; readonly next: string | null; readonly total: number };

/** The documents of a kind that were thrown away and are still here. Deleting permanently asks first and names what will go. */
@customElement('document-bin')
export class DocumentBin extends AppPart {
  static override styles = [baseStyles, controlStyles, skeletonStyles, documentBinStyles];

  @property() kind = '';
  /** The address of the list that the bin belongs to. */
  @property() home = '';
  @state() private bin: Bin = { type: 'loading' };
  @state() private emptying: { readonly done: number; readonly total: number } | undefined;
  private readonly clock = minuteClock(this);
  private stop: (() => void) | undefined;

  override firstUpdated(): void {
    void this.load(PAGE);
    this.stop = this.app.onChange((keys) => {
      if (keys !== null && !keys.some(([kind]) => kind === this.kind)) return;
      if (!this.emptying) void this.load(Math.max(PAGE, this.bin.type === 'ready' ? this.bin.items.length : 0));
    });
  }

  override disconnectedCallback(): void {
    this.stop?.();
    super.disconnectedCallback();
  }

  override render(): TemplateResult {
    const { bin } = this;
    return html`<div class="page">
      <header>
        <a class="back button quiet square" href=${this.home} aria-label="All ${this.declared.nouns.many}">${icon('arrow-left')}</a>
        <h2>Bin</h2>
        ${
          bin.type === 'ready' && bin.total > 0
            ? html`<button class="danger" ?disabled=${this.emptying !== undefined} @click=${this.empty}>Empty bin</button>`
            : nothing
        }
      </header>
      ${this.emptying ? html`<progress aria-label="Emptying the bin" max=${this.emptying.total} .value=${this.emptying.done}></progress>` : nothing}
      ${this.content()}
    </div>`;
  }

  private content(): TemplateResult {
    const { bin } = this;
    switch (bin.type) {
      case 'loading':
        return html`<div class="bones" aria-busy="true" aria-label="Loading the bin"><span class="bone"></span><span class="bone long"></span></div>`;
      case 'failed':
        return html`<div role="alert">
          <p><strong>${errorText(bin.error).title}.</strong> ${errorText(bin.error).advice}</p>
          <button @click=${() => this.load(PAGE)}>Try again</button>
        </div>`;
      case 'ready':
        return bin.items.length === 0
          ? html`<p class="empty">The bin is empty. ${capitalize(this.declared.nouns.many)} you move here stay until you delete them permanently.</p>`
          : html`
              <p class="empty">${this.counted(bin.total)}. ${bin.total === 1 ? 'It stays until you delete it' : 'They stay until you delete them'} permanently.</p>
              <ul aria-label="${capitalize(this.declared.nouns.many)} in the bin">${repeat(
                bin.items,
                ({ id }) => id,
                (item) => this.row(item),
              )}</ul>
              ${bin.next === null ? nothing : html`<button @click=${() => this.load(bin.items.length + PAGE)}>Show more</button>`}
            `;
    }
  }

  private row(item: DocumentSummary): TemplateResult {
    return html`<li>
      <div class="what">
        <a href="${this.home}/${item.id}" dir="auto">${item.title}</a>
        ${item.excerpt === '' ? nothing : html`<p dir="auto">${item.excerpt}</p>`}
        <p class="when">Thrown away ${clockTime(item.binnedAt ?? item.usedAt, this.clock.now)}</p>
      </div>
      <div class="acts"><button aria-label="Restore ${item.title}" @click=${() => restoreDocument(this.app, this.shell, { kind: this.kind, ...item })}>${icon('archive-restore')}Restore</button>
      <button class="danger" aria-label="Delete permanently: ${item.title}" @click=${() => this.purge(item)}>Delete permanently</button></div>
    </li>`;
  }

  private get declared(): DocumentKind {
    return knownDocumentKind(this.kind);
  }

  private counted(amount: number): string {
    const { one, many } = this.declared.nouns;
    return count(amount, one, many);
  }

  /** What goes along: *, with its messages*. */
  private withChildren(whose: string): string {
    const children = childKinds(this.kind).map(({ nouns }) => nouns.many);
    return children.length === 0 ? '' : `, with ${whose} ${children.join(' and ')}`;
  }

  private async load(limit: number): Promise<void> {
    const [page, total] = await Promise.all([
      this.app.list({ kind: this.kind, lifecycle: 'binned', limit }),
      this.app.count(this.kind, 'binned'),
    ]);
    if (!page.ok) this.bin = { type: 'failed', error: page.error };
    else {
      const items = page.value.items.map((view) => summarize(this.declared, view));
      this.bin = { type: 'ready', items, next: page.value.next, total: total.ok ? total.value : items.length };
    }
  }

  private async purge(item: DocumentSummary): Promise<void> {
    const agreed = await this.shell.ask({
      title: `Delete this ${this.declared.nouns.one} permanently?`,
      text: `It goes from all your devices and from the server${this.withChildren('its')}. This cannot be undone.`,
      items: [item.title],
      confirm: 'Delete permanently',
      tone: 'danger',
    });
    if (!agreed) return;
    const result = await this.app.purge(this.kind, [item.id]);
    if (result.ok) this.shell.closeTab(item.id);
    else this.shell.notify(failureNotice('Not deleted', result.error));
  }

  private readonly empty = async (): Promise<void> => {
    if (this.bin.type !== 'ready') return;
    const { items, total } = this.bin;
    const agreed = await this.shell.ask({
      title: `Delete ${this.counted(total)} permanently?`,
      text: `They go from all your devices and from the server${this.withChildren('their')}. This cannot be undone.`,
      items: items.map(({ title }) => title),
      confirm: `Delete ${this.counted(total)}`,
      tone: 'danger',
    });
    if (!agreed) return;
    this.emptying = { done: 0, total };
    const failure = await this.purgeAll(total);
    this.emptying = undefined;
    if (failure) this.shell.notify(failureNotice('The bin is not empty', failure));
    await this.load(PAGE);
  };

  /** Deletes as many as were named, not what is thrown away meanwhile on another device. */
  private async purgeAll(total: number): Promise<StoreError | undefined> {
    const act = crypto.randomUUID();
    for (let done = 0; done < total; ) {
      const page = await this.app.list({
        kind: this.kind,
        lifecycle: 'binned',
        order: 'oldest',
        limit: Math.min(PURGE_PAGE, total - done),
      });
      if (!page.ok) return page.error;
      const ids = page.value.items.map(({ id }) => id);
      if (ids.length === 0) return undefined;
      const purged = await this.app.purge(this.kind, ids, act);
      if (!purged.ok) return purged.error;
      for (const id of ids) this.shell.closeTab(id);
      done += ids.length;
      this.emptying = { done, total };
    }
    return undefined;
  }
}
