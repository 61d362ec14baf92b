import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { ref } from 'lit/directives/ref.js';
import { repeat } from 'lit/directives/repeat.js';
import { capitalize } from '#core/entity.ts';
import { timeOfId } from '#core/ids.ts';
import { childKinds, type DocumentKind } from '#entities/documents.ts';
import { minuteClock } from '#ui/controllers/minute.ts';
import { observe } from '#ui/controllers/observer.ts';
import { rowWindow } from '#ui/controllers/row-window.ts';
import { cssProperties } from '#ui/parts/css-properties.ts';
import { icon } from '#ui/parts/icon.ts';
import './document-picture.ts';
import { baseStyles } from '#ui/styles/base.ts';
import { controlStyles } from '#ui/styles/controls.ts';
import { skeletonStyles } from '#ui/styles/skeleton.ts';
import { errorText } from '#ui/text/error-text.ts';
import { briefTime, count } from '#ui/text/time-text.ts';
import type { DocumentFeed } from './document-feed.ts';
import { isNarrowed, noFilter } from './document-filter.ts';
import { documentListStyles } from './document-list-styles.ts';
import { documentRowStyles } from './document-row-styles.ts';
import type { DocumentSummary } from './document-summary.ts';

/** A row's height in px before it has been measured: title and a row of tags; with a text, two lines of it as well. */
const ROW_PX = { plain: 56, withText: 100 };
/** Tags of a row before the rest is a number. */
const MAX_OF_SET = 3;
/** Rows before the end at which the next page is asked for. */
const AHEAD = 20;

/** The rows of the list. Only those in sight are in the document, so a hundred thousand documents scroll like ten. */
@customElement('document-list')
export class DocumentList extends LitElement {
  static override styles = [baseStyles, controlStyles, skeletonStyles, documentRowStyles, documentListStyles];

  @property({ attribute: false }) source!: DocumentFeed;
  @property({ attribute: false }) kind!: DocumentKind;
  /** The address of the list. */
  @property() home = '';
  /** Said where there is none yet. */
  @property({ attribute: false }) empty: TemplateResult | typeof nothing = nothing;
  @property({ attribute: false }) current = '';
  @query('.scroller') private scroller!: HTMLElement;
  private readonly feed = observe(this, () => this.source?.feed);
  private readonly clock = minuteClock(this);
  private readonly rows = rowWindow(this, {
    scroller: () => this.scroller,
    rowPx: () => this.rowPx,
  });

  /** Puts the focus on a row, for the arrow keys of the search field. */
  async focusRow(index: number): Promise<void> {
    this.rows.reveal(index);
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(`[data-index="${index}"] a`)?.focus();
  }

  override render(): TemplateResult {
    const feed = this.feed.value;
    const items = feed?.items ?? [];
    const { rows } = this;
    const isComplete = feed?.state.type === 'complete';
    // The scrollbar is that of all documents: those that are not read yet are drawn when somebody scrolls to them.
    const length = isComplete ? items.length : Math.max(items.length, feed?.total ?? 0);
    rows.setRows(length, (index) => items[index]?.id ?? index);
    const { totalPx } = rows;
    const size = isComplete || feed?.total != null ? length : -1;
    return html`<div class="scroller" @scroll=${this.onScroll}>
      <ul aria-label=${capitalize(this.kind.nouns.many)} aria-busy=${feed?.state.type === 'reading'} @keydown=${this.onKey}
        ${cssProperties({ 'block-size': totalPx === undefined ? 'auto' : `${totalPx}px`, 'padding-block-start': `${rows.offsetPx}px` })}>
        ${repeat(
          rows.indices.map((index) => ({ index, item: items[index] })),
          ({ item, index }) => item?.id ?? index,
          ({ index, item }) => (item ? this.row(item, index, size) : this.waiting(index, size)),
        )}
      </ul>
      ${this.foot(items.length)}
    </div>`;
  }

  override updated(_changed: PropertyValues<this>): void {
    this.onScroll();
  }

  private row(item: DocumentSummary, index: number, size: number): TemplateResult {
    const shownAt = (this.feed.value?.sort === 'created' && timeOfId(item.id)) || item.usedAt;
    return html`<li data-index=${index} aria-posinset=${index + 1} aria-setsize=${size} ${ref(this.rows.measure)}>
      <a href="${this.home}/${item.id}" class=${item.picture === null ? nothing : 'with-picture'}
        aria-current=${item.id === this.current ? 'page' : nothing}>
        <span class="line">
          ${item.pinned ? html`<span class="pinned" role="img" aria-label="Pinned">${icon('pin')}</span>` : nothing}
          <span class="title" dir="auto">${item.title}</span>
          ${item.starred ? html`<span class="starred" role="img" aria-label="Starred">${icon('star')}</span>` : nothing}
          <time datetime=${new Date(shownAt).toISOString()}>${briefTime(shownAt, this.clock.now)}</time>
        </span>
        ${item.excerpt === '' ? nothing : html`<span class="excerpt" dir="auto">${item.excerpt}</span>`}
        ${this.labels(item)}
        ${item.picture === null ? nothing : html`<document-picture .hash=${item.picture}></document-picture>`}
      </a>
    </li>`;
  }

  /** The place of a row that has not been read yet. */
  private waiting(index: number, size: number): TemplateResult {
    return html`<li class="waiting" aria-posinset=${index + 1} aria-setsize=${size} aria-busy="true"
      ${cssProperties({ 'block-size': `${this.rowPx}px` })}>${bones}</li>`;
  }

  private get rowPx(): number {
    return this.kind.document.textField === undefined ? ROW_PX.plain : ROW_PX.withText;
  }

  /** The names that it carries: the one of a field before those of a set. */
  private labels({ names }: DocumentSummary): TemplateResult | typeof nothing {
    const { fields, document } = this.kind;
    const shown = (document.facets ?? []).flatMap(({ field }) =>
      (names[field] ?? []).map((name) => ({ name, isOne: fields[field]?.rule !== 'set' })),
    );
    if (shown.length === 0) return nothing;
    const ordered = [...shown.filter(({ isOne }) => isOne), ...shown.filter(({ isOne }) => !isOne)];
    const most = shown.filter(({ isOne }) => isOne).length + MAX_OF_SET;
    const more = ordered.slice(most).map(({ name }) => name);
    return html`<span class="labels">
      ${ordered.slice(0, most).map(({ name, isOne }) => html`<span class="chip ${isOne ? 'one' : ''}" dir="auto">${name}</span>`)}
      ${
        more.length === 0
          ? nothing
          : html`<span class="chip more" title=${more.join(', ')}><span aria-hidden="true">+${more.length}</span><span
              class="visually-hidden">and ${more.length} more</span></span>`
      }
    </span>`;
  }

  /** What is under the rows, or instead of them. */
  private foot(shown: number): TemplateResult | typeof nothing {
    const { one, many } = this.kind.nouns;
    const { state, filter } = this.feed.value ?? { state: { type: 'reading' as const }, filter: noFilter };
    switch (state.type) {
      case 'reading':
        return shown > 0 ? nothing : html`<div class="bones" aria-hidden="true">${[0, 1, 2, 3, 4].map(() => bones)}</div>`;
      case 'searching':
        return html`<div class="foot">
          <progress aria-label="Looking through the ${many}" max=${Math.max(state.total, state.looked, 1)} .value=${state.looked}></progress>
          <span>${state.indexing ? 'Still indexing. ' : ''}${state.looked.toLocaleString()} of ${count(state.total, one, many)}</span>
          <button class="quiet" @click=${() => this.source.stop()}>Stop</button>
        </div>`;
      case 'more':
        return state.stopped
          ? html`<div class="foot"><span>Stopped.</span><button @click=${() => this.source.more()}>Search on</button></div>`
          : nothing;
      case 'failed':
        return html`<div class="foot bad" role="alert">
          <p><strong>${errorText(state.error).title}.</strong> Your ${many} are still there: they could not be read just now.</p>
          <button @click=${() => this.source.reload()}>Try again</button>
        </div>`;
      case 'complete':
        if (state.indexing && this.feed.value?.sort !== 'changed')
          return html`<div class="foot"><p role="status">Still indexing: some ${many} come into their place a moment later.</p></div>`;
        if (state.indexing) {
          const parts = childKinds(this.kind.kind).map(({ nouns }) => nouns.many);
          return html`<div class="foot"><p role="status">Still indexing: what is in the ${parts.join(' and ')} may be missing.</p></div>`;
        }
        if (shown > 0) return nothing;
        return isNarrowed(filter)
          ? html`<div class="foot">
              <p>No ${one} fits.</p>
              <button @click=${() => this.dispatchEvent(new CustomEvent('clear-filter', { bubbles: true, composed: true }))}>
                Show all ${many}
              </button>
            </div>`
          : html`<div class="foot"><p>${this.empty}</p></div>`;
    }
  }

  private readonly onScroll = (): void => {
    const feed = this.feed.value;
    const last = this.rows.indices.at(-1) ?? -1;
    if (feed?.state.type === 'more' && !feed.state.stopped && last >= feed.items.length - AHEAD) this.source.more(last + AHEAD);
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const row = (event.target as HTMLElement).closest('li');
    if (step === undefined || !row) return;
    event.preventDefault();
    const index = Number(row.dataset['index']) + step;
    if (index >= 0 && index < (this.feed.value?.items.length ?? 0)) void this.focusRow(index);
  };
}

const bones = html`<div><span class="bone short"></span><span class="bone"></span><span class="bone long"></span></div>`;
