import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { ref } from 'lit/directives/ref.js';
import { repeat } from 'lit/directives/repeat.js';
import { minuteClock } from '#ui/controllers/minute.ts';
import { observe } from '#ui/controllers/observer.ts';
import { rowWindow } from '#ui/controllers/row-window.ts';
import { cssProperties } from '#ui/css-properties.ts';
import type { DocumentSummary } from '#ui/documents/document-summary.ts';
import { errorText } from '#ui/error-text.ts';
import { icon } from '#ui/icon.ts';
import { baseStyles } from '#ui/styles/base.ts';
import { controlStyles } from '#ui/styles/controls.ts';
import { documentRowStyles } from '#ui/styles/document-rows.ts';
import { skeletonStyles } from '#ui/styles/skeleton.ts';
import { briefTime, count } from '#ui/time-text.ts';
import type { NoteFeed } from './note-feed.ts';
import { isNarrowed, noFilter } from './note-filter.ts';
import { noteListStyles } from './note-list-styles.ts';

/** A row's height in px before it has been measured: title, two lines, a row of tags. */
const ROW_PX = 100;
/** Rows before the end at which the next page is asked for. */
const AHEAD = 20;

/** The rows of the list. Only those in sight are in the document, so a hundred thousand notes scroll like ten. */
@customElement('note-list')
export class NoteList extends LitElement {
  static override styles = [baseStyles, controlStyles, skeletonStyles, documentRowStyles, noteListStyles];

  @property({ attribute: false }) notes!: NoteFeed;
  @property({ attribute: false }) current = '';
  @query('.scroller') private scroller!: HTMLElement;
  private readonly feed = observe(this, () => this.notes?.feed);
  private readonly clock = minuteClock(this);
  private readonly rows = rowWindow(this, { scroller: () => this.scroller, rowPx: ROW_PX });

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
    rows.setRows(items.length, (index) => items[index]?.id ?? index);
    const { totalPx } = rows;
    const isComplete = feed?.state.type === 'complete';
    return html`<div class="scroller" @scroll=${this.onScroll}>
      <ul aria-label="Notes" aria-busy=${feed?.state.type === 'reading'} @keydown=${this.onKey}
        ${cssProperties({ 'block-size': totalPx === undefined ? 'auto' : `${totalPx}px`, 'padding-block-start': `${rows.offsetPx}px` })}>
        ${repeat(
          rows.indices.flatMap((index) => (items[index] ? [{ index, item: items[index] }] : [])),
          ({ item }) => item.id,
          ({ index, item }) => this.row(item, index, isComplete ? items.length : -1),
        )}
      </ul>
      ${this.foot(items.length)}
    </div>`;
  }

  override updated(_changed: PropertyValues<this>): void {
    this.onScroll();
  }

  private row(note: DocumentSummary, index: number, size: number): TemplateResult {
    return html`<li data-index=${index} aria-posinset=${index + 1} aria-setsize=${size} ${ref(this.rows.measure)}>
      <a href="/notes/${note.id}" aria-current=${note.id === this.current ? 'page' : nothing}>
        <span class="line">
          <span class="title">${note.title}</span>
          ${note.starred ? html`<span class="starred" role="img" aria-label="Starred">${icon('star')}</span>` : nothing}
          <time datetime=${new Date(note.usedAt).toISOString()}>${briefTime(note.usedAt, this.clock.now)}</time>
        </span>
        <span class="excerpt">${note.excerpt}</span>
        ${labels(note)}
      </a>
    </li>`;
  }

  /** What stands under the rows, or instead of them. */
  private foot(shown: number): TemplateResult | typeof nothing {
    const { state, filter } = this.feed.value ?? { state: { type: 'reading' as const }, filter: noFilter };
    switch (state.type) {
      case 'reading':
        return shown > 0 ? nothing : html`<div class="bones" aria-hidden="true">${[0, 1, 2, 3, 4].map(() => bones)}</div>`;
      case 'searching':
        return html`<div class="foot">
          <progress aria-label="Looking through the notes" max=${Math.max(state.total, state.looked, 1)} .value=${state.looked}></progress>
          <span>${state.indexing ? 'Still indexing. ' : ''}${state.looked.toLocaleString()} of ${count(state.total, 'note')}</span>
          <button class="quiet" @click=${() => this.notes.stop()}>Stop</button>
        </div>`;
      case 'more':
        return state.stopped
          ? html`<div class="foot"><span>Stopped.</span><button @click=${() => this.notes.more()}>Search on</button></div>`
          : nothing;
      case 'failed':
        return html`<div class="foot bad" role="alert">
          <p><strong>${errorText(state.error).title}.</strong> Your notes are still there: they could not be read just now.</p>
          <button @click=${() => this.notes.reload()}>Try again</button>
        </div>`;
      case 'complete':
        return shown === 0 && isNarrowed(filter)
          ? html`<div class="foot">
              <p>No note fits.</p>
              <button @click=${() => this.dispatchEvent(new CustomEvent('clear-filter', { bubbles: true, composed: true }))}>
                Show all notes
              </button>
            </div>`
          : nothing;
    }
  }

  private readonly onScroll = (): void => {
    const feed = this.feed.value;
    const last = this.rows.indices.at(-1) ?? -1;
    if (feed?.state.type === 'more' && !feed.state.stopped && last >= feed.items.length - AHEAD) this.notes.more();
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

function labels({ names }: DocumentSummary): TemplateResult | typeof nothing {
  const { notebook = [], tags = [] } = names;
  if (notebook.length + tags.length === 0) return nothing;
  return html`<span class="labels">
    ${notebook.map((name) => html`<span class="chip book">${name}</span>`)} ${tags.map((tag) => html`<span class="chip">${tag}</span>`)}
  </span>`;
}
