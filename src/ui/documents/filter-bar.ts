import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import type { Facet } from '#core/entity.ts';
import { isSameName } from '#core/names.ts';
import type { DocumentKind } from '#entities/documents.ts';
import { observe } from '#ui/controllers/observer.ts';
import { icon } from '#ui/parts/icon.ts';
import '#ui/parts/action-menu.ts';
import type { MenuItem } from '#ui/parts/action-menu.ts';
import { baseStyles } from '#ui/styles/base.ts';
import { controlStyles } from '#ui/styles/controls.ts';
import type { DocumentFeed } from './document-feed.ts';
import { type DocumentFilter, isNarrowed, noFilter } from './document-filter.ts';
import { type SortName, sortNames } from './document-order.ts';
import type { KnownNames } from './known-names.ts';

/** Letters of one stroke or paste go together; the first results are to be there while somebody types. */
const TYPING_MS = 30;

/** The search field over a list, and what narrows it: the star, and the names that its documents carry. */
@customElement('filter-bar')
export class FilterBar extends LitElement {
  static override styles = [
    baseStyles,
    controlStyles,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--space-2);
        padding: var(--space-3) var(--space-3) var(--space-2);
      }

      .search {
        position: relative;
        flex: 1;
        min-inline-size: 0;
      }

      .search .icon {
        position: absolute;
        inset: 0 auto 0 0.65rem;
        block-size: 100%;
        color: var(--ink-3);
        pointer-events: none;
      }

      input[type="search"] {
        inline-size: 100%;
        padding-inline-start: 2.25rem;
      }

      .top {
        display: flex;
        align-items: center;
        gap: var(--space-1);
      }

      .narrow {
        display: flex;
        gap: var(--space-2);
      }

      /* What each says first; the rest of the row for both alike. */
      .narrow select {
        flex: 1 1 auto;
        inline-size: auto;
      }

      .narrow select,
      .narrow button {
        min-inline-size: 2rem;
        max-inline-size: 14rem;
        padding: 0.1rem 0.35rem;
        border-color: var(--line);
        color: var(--ink-2);
        font-size: var(--text-s);
        text-overflow: ellipsis;
      }

      button .icon {
        inline-size: 1rem;
        block-size: 1rem;
      }

      [aria-pressed="true"],
      .set {
        border-color: var(--accent-ink) !important;
        background: var(--surface-selected);
        color: var(--accent-ink) !important;
      }

      [aria-pressed="true"] .icon {
        fill: currentcolor;
      }
    `,
  ];

  @property({ attribute: false }) source!: DocumentFeed;
  @property({ attribute: false }) kind!: DocumentKind;
  @property({ attribute: false }) known!: KnownNames;
  private readonly feed = observe(this, () => this.source?.feed);
  private readonly names = observe(this, () => this.known?.names);
  private timer: ReturnType<typeof setTimeout> | undefined;

  override disconnectedCallback(): void {
    clearTimeout(this.timer);
    super.disconnectedCallback();
  }

  override focus(): void {
    this.renderRoot.querySelector('input')?.focus();
  }

  clear(): void {
    const field = this.renderRoot.querySelector('input');
    if (field) field.value = '';
    this.apply(noFilter);
  }

  override render(): TemplateResult {
    const filter = this.feed.value?.filter ?? noFilter;
    const { nouns, document } = this.kind;
    const narrowing = [
      document.starField === undefined ? nothing : this.star(filter),
      ...(document.facets ?? []).map((facet) => this.choice(facet, filter)),
      isNarrowed(filter)
        ? html`<button class="quiet" aria-label="Show all ${nouns.many}" title="Show all ${nouns.many}" @click=${() => this.clear()}>${icon('x')}</button>`
        : nothing,
    ];
    return html`
      <div class="top">
      <div class="search" role="search">
        ${icon('search')}
        <input type="search" dir="auto" aria-label="Search ${nouns.many}" placeholder="Search ${nouns.many}" autocomplete="off" spellcheck="false"
          @focus=${() => this.source.prepare()} @input=${this.onSearch} @keydown=${this.onKey} />
      </div>
      <action-menu label="List of ${nouns.many}" .items=${this.items()}></action-menu>
      </div>
      ${narrowing.every((part) => part === nothing) ? nothing : html`<div class="narrow" role="group" aria-label="Show only">${narrowing}</div>`}
    `;
  }

  private items(): readonly MenuItem[] {
    const sort = this.feed.value?.sort;
    const sorts = sortNames.map(
      ({ name, label, icon: symbol }): MenuItem => ({
        label,
        icon: symbol,
        words: `order ${this.kind.nouns.many}`,
        current: name === sort,
        act: () => this.dispatchEvent(new CustomEvent<SortName>('sort', { detail: name })),
      }),
    );
    const names = (this.kind.document.facets ?? []).map(
      ({ field, nouns }, at): MenuItem => ({
        label: `Manage ${nouns.many}…`,
        icon: 'pencil',
        apart: at === 0,
        isKnown: true,
        act: () => this.dispatchEvent(new CustomEvent<string>('names', { detail: `${this.kind.kind}/${field}` })),
      }),
    );
    return [...sorts, ...names];
  }

  private star(filter: DocumentFilter): TemplateResult {
    return html`<button aria-label="Starred" title="Only starred ${this.kind.nouns.many}" aria-pressed=${filter.starred}
      @click=${() => this.apply({ ...filter, starred: !filter.starred })}>${icon('star')}</button>`;
  }

  private choice({ field, nouns }: Facet, filter: DocumentFilter): TemplateResult | typeof nothing {
    const names = this.names.value?.[field] ?? [];
    const asked = filter.names[field] ?? '';
    if (names.length === 0 && asked === '') return nothing;
    const chosen = names.find(({ name }) => isSameName(name, asked))?.name ?? asked;
    const choose = (event: Event): void =>
      this.apply({ ...filter, names: { ...filter.names, [field]: (event.target as HTMLSelectElement).value } });
    return html`<select aria-label="Filter by ${nouns.one}" class=${chosen === '' ? '' : 'set'} .value=${live(chosen)}
      @focus=${() => this.source.prepareNames()} @pointerenter=${() => this.source.prepareNames()} @change=${choose}>
      <option value="" ?selected=${chosen === ''}>All ${nouns.many}</option>
      ${names.map(({ name, count }) => html`<option value=${name} ?selected=${name === chosen}>${name} (${count.toLocaleString()})</option>`)}
    </select>`;
  }

  private apply(filter: DocumentFilter): void {
    clearTimeout(this.timer);
    this.source.setFilter(filter);
  }

  private readonly onSearch = (event: Event): void => {
    const query = (event.target as HTMLInputElement).value;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.apply({ ...(this.feed.value?.filter ?? noFilter), query }), TYPING_MS);
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'ArrowDown') return;
    event.preventDefault();
    this.dispatchEvent(new CustomEvent('enter-list', { bubbles: true, composed: true }));
  };
}
