import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import type { EntitySession } from '#app/app.ts';
import { type DocumentKind, knownDocumentKind } from '#entities/documents.ts';
import { focusedElement } from '#ui/controllers/focused.ts';
import { type LazyElement, lazyElement } from '#ui/controllers/lazy-element.ts';
import { FOLDED_REM, narrowerThan } from '#ui/controllers/narrow.ts';
import { observe } from '#ui/controllers/observer.ts';
import { panelOfKind } from '#ui/panels/index.ts';
import type { Panel } from '#ui/panels/panel.ts';
import { AppPart } from '#ui/parts/app-part.ts';
import { cssProperties } from '#ui/parts/css-properties.ts';
import { icon } from '#ui/parts/icon.ts';
import '#ui/parts/size-handle.ts';
import type { Route } from '#ui/shell/router.ts';
import { baseStyles } from '#ui/styles/base.ts';
import { controlStyles } from '#ui/styles/controls.ts';
import { skeletonStyles } from '#ui/styles/skeleton.ts';
import { isNarrowed } from './document-filter.ts';
import './document-list.ts';
import type { DocumentList } from './document-list.ts';
import { type SortName, sortOf } from './document-order.ts';
import { failedDocument, loadingDocument, missingCode, missingDocument, nothingOpen, purgedDocument } from './document-states.ts';
import { documentsViewStyles } from './documents-view-styles.ts';
import './filter-bar.ts';
import { openSurface, type Surface } from './document-surface.ts';
import type { FilterBar } from './filter-bar.ts';
import type { KnownNames } from './known-names.ts';
import { type OpenDocument, openPlace } from './open-document.ts';

/** The list's width in px: as narrow as it stays useful, as wide as a title needs. */
const LIST_PX = { min: 200, max: 560 };

/**
 * The surface of a kind of document: the list at the side, the open document beside it; on a phone one of the two. A panel says
 * its kind and shows the open document. A fresh document gets an address and a tab that stays with its first content; an element
 * inside that writes this by another way than the session fires `kept`.
 */
export abstract class DocumentsView<K extends string> extends AppPart {
  static override styles = [baseStyles, controlStyles, skeletonStyles, documentsViewStyles];

  @property({ attribute: false }) route!: Route;
  @query('document-list') private list!: DocumentList;
  @query('filter-bar') private filterBar!: FilterBar;
  protected abstract readonly kind: K;
  /** The list's width in px before anybody has changed it, and the name under which the layout keeps it. */
  protected readonly listSize: { readonly name?: string; readonly initial: number } = { initial: 280 };
  private surface: Surface<K> | undefined;
  private readonly code = lazyElement(this, () => this.loadDocument());
  private readonly bin = lazyElement(this, () => import('./document-bin.ts'));
  private readonly feed = observe(this, () => this.surface?.source.feed);
  private readonly open = observe(this, () => this.surface?.controller.open);
  private readonly layout = observe(this, () => this.shell?.layout.view);
  private readonly narrow = narrowerThan(this, FOLDED_REM);
  /** The list lies over the document, where the window has no room for both. */
  @state() private isDrawerOpen = false;
  /** Where the focus was before. */
  private opener: Element | null = null;
  /** How many are in the bin, counted where there is none beside it; null while that is being counted. */
  private binned: number | null | undefined;

  /** Loads the code of the element that shows a document. */
  protected abstract loadDocument(): Promise<unknown>;

  /** The open document. */
  protected abstract document(open: OpenedDocument<K>): TemplateResult;

  /** What a first visit sees, where there is no document at all. */
  protected welcome(): TemplateResult | undefined {
    return undefined;
  }

  /** Whether a second "New" is the same wish as the one before. */
  protected isEmpty({ isUntouched }: EntitySession<K>): boolean {
    return isUntouched;
  }

  /** Loads the document's code before one is opened. */
  protected prepare(): void {
    this.code.load();
  }

  override disconnectedCallback(): void {
    this.surface?.close();
    this.surface = undefined;
    super.disconnectedCallback();
  }

  override willUpdate(changed: PropertyValues<this>): void {
    const { app, shell, kind, panel } = this;
    this.surface ??= openSurface({
      app,
      shell,
      kind,
      panel,
      place: () => this.place,
      sort: this.sort,
      isEmpty: (session) => this.isEmpty(session),
    });
    this.surface.source.setSort(this.sort);
    if (changed.has('route')) {
      this.isDrawerOpen = false;
      openPlace(this.surface.controller, this.place);
    }
    this.surface.namePage();
  }

  override updated(): void {
    if (!this.hasNone) this.binned = undefined;
    else if (this.binned === undefined) void this.countBinned();
  }

  override render(): TemplateResult {
    const { place, declared, home, panel } = this;
    const { many } = declared.nouns;
    const { name = panel.id, initial } = this.listSize;
    const size = this.layout.value?.panelSizes[name] ?? initial;
    // Outside of a list that is hidden, as on a phone while a document is open, and of one whose "New" is in the shell.
    return html`
      ${panel.action || this.isListHidden ? html`<h1 class="visually-hidden">${panel.label}</h1>` : nothing}
      <div class="frame ${this.frameClass}" ${cssProperties({ '--list': `${size}px` })} @toggle-list=${this.toggleList}>
        <section class="list" aria-label="All ${many}" @keydown=${this.onListKey} @enter-list=${() => this.list.focusRow(0)} @clear-filter=${() => this.filterBar.clear()}>
          <div>
            ${panel.action ? nothing : this.head()}
            <filter-bar .source=${this.surface?.source} .kind=${declared} .known=${this.known} @sort=${this.onSort}
              @names=${({ detail }: CustomEvent<string>) => void this.shell.openDialog('names', detail)}></filter-bar>
          </div>
          <document-list .source=${this.surface?.source} .kind=${declared} .home=${home} .current=${place} .empty=${this.none()}></document-list>
          <a class="to-bin" href="${home}/bin" aria-current=${place === 'bin' ? 'page' : nothing}>${icon('trash-2')}Bin</a>
        </section>
        <size-handle label="Width of the list" .value=${size} .min=${LIST_PX.min} .max=${LIST_PX.max}
          @size=${(event: CustomEvent<number>) => this.shell.layout.change({ panelSizes: { ...this.layout.value?.panelSizes, [name]: event.detail } })}>
        </size-handle>
        <div class="content" @pointerdown=${this.closeDrawer} @kept=${() => this.surface?.controller.keep()}>${this.content()}</div>
      </div>
    `;
  }

  /** What is known of the names that the documents carry, for suggestions. */
  protected get known(): KnownNames | undefined {
    return this.surface?.known;
  }

  protected get place(): string {
    return this.route.rest[0] ?? '';
  }

  protected get home(): string {
    return `/${this.panel.id}`;
  }

  private get declared(): DocumentKind {
    return knownDocumentKind(this.kind);
  }

  private get panel(): Panel {
    const panel = panelOfKind(this.kind);
    if (!panel) throw new Error(`No panel opens ${this.kind}`);
    return panel;
  }

  /** As this device has kept it. */
  private get sort(): SortName {
    return sortOf(this.shell.layout.view.value.sorts[this.kind]);
  }

  private readonly onSort = ({ detail }: CustomEvent<SortName>): void =>
    this.shell.layout.change({ sorts: { ...this.layout.value?.sorts, [this.kind]: detail } });

  protected readonly startNew = (): void => this.shell.navigate(`${this.home}/new`);

  private get isListHidden(): boolean {
    if (this.place === '') return false;
    return this.narrow.matches ? !this.isDrawerOpen : this.layout.value?.listHidden === true;
  }

  private get frameClass(): string {
    // Without room for both, the style sheet hides a list that is not a drawer.
    const list = this.narrow.matches ? this.isDrawerOpen && 'drawer' : this.layout.value?.listHidden && 'no-list';
    return [this.place === '' ? 'at-list' : 'at-document', this.isFirst && 'first', list].filter(Boolean).join(' ');
  }

  private readonly toggleList = async (): Promise<void> => {
    if (!this.narrow.matches) return this.shell.layout.change({ listHidden: !this.layout.value?.listHidden });
    this.opener = focusedElement();
    this.isDrawerOpen = !this.isDrawerOpen;
    if (!this.isDrawerOpen) return;
    await this.updateComplete;
    this.filterBar.focus();
  };

  private readonly closeDrawer = (): void => {
    this.isDrawerOpen = false;
  };

  private readonly onListKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || !this.isDrawerOpen) return;
    this.closeDrawer();
    if (this.opener instanceof HTMLElement) this.opener.focus();
  };

  private head(): TemplateResult {
    return html`<div class="head">
      <h1>${this.panel.label}</h1>
      <button class=${this.place === '' ? 'primary' : ''} @click=${this.startNew}>${icon('plus')}New ${this.declared.nouns.one}</button>
    </div>`;
  }

  private none(): TemplateResult | typeof nothing {
    const { one, many } = this.declared.nouns;
    if (this.isEmptied) return html`All ${many} are in the <a href="${this.home}/bin">bin</a>.`;
    return this.welcome() ? nothing : html`No ${many} yet. Begin with <strong>New ${one}</strong>: it is kept here.`;
  }

  private content(): TemplateResult {
    const { home, declared } = this;
    const { nouns } = declared;
    if (this.place === 'bin')
      return this.lazily(this.bin, () => html`<document-bin kind=${this.kind} home=${home}></document-bin>`);
    const open: OpenDocument<EntitySession<K>> = this.open.value ?? { type: 'none' };
    switch (open.type) {
      case 'open':
        return this.lazily(this.code, () => this.document(open));
      case 'loading':
        return loadingDocument;
      case 'failed':
        return failedDocument(open.error, () => this.surface?.controller.again());
      case 'missing':
        return missingDocument(nouns, home);
      case 'purged':
        return purgedDocument(nouns, home);
      case 'none':
        // A moment later it is known whether this is the first visit.
        if (this.welcome() && this.hasNone && typeof this.binned !== 'number') return html``;
        return (
          (this.isFirst && this.welcome()) ||
          nothingOpen(declared, {
            begin: this.panel.action ? undefined : this.startNew,
            bin: this.isEmptied ? `${home}/bin` : undefined,
          })
        );
    }
  }

  /** Document and bin come with their own code, which the first paint of the list does not wait for. */
  private lazily(part: LazyElement, content: () => TemplateResult): TemplateResult {
    part.load();
    if (part.state === 'failed') return missingCode(this.declared.nouns, part.retry);
    return part.state === 'ready' ? content() : loadingDocument;
  }

  /** There is none, and none in the bin. */
  private get isFirst(): boolean {
    return this.welcome() !== undefined && this.hasNone && this.binned === 0;
  }

  /** There is none: the last one was thrown away. */
  private get isEmptied(): boolean {
    return this.hasNone && (this.binned ?? 0) > 0;
  }

  private get hasNone(): boolean {
    const feed = this.feed.value;
    return feed?.state.type === 'complete' && feed.items.length === 0 && !isNarrowed(feed.filter);
  }

  private async countBinned(): Promise<void> {
    this.binned = null;
    const counted = await this.app.count(this.kind, 'binned');
    this.binned = counted.ok ? counted.value : 0;
    this.requestUpdate();
  }
}

/** A document that is open, as the panel shows it. `fresh`: not in the store before its first content. */
export type OpenedDocument<K extends string> = Extract<OpenDocument<EntitySession<K>>, { readonly type: 'open' }>;
