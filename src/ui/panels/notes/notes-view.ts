import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import type { App, EntitySession } from '#app/app.ts';
import { type LazyElement, lazyElement } from '#ui/controllers/lazy-element.ts';
import { observe } from '#ui/controllers/observer.ts';
import { cssProperties } from '#ui/css-properties.ts';
import { errorText } from '#ui/error-text.ts';
import { icon } from '#ui/icon.ts';
import '#ui/parts/size-handle.ts';
import { createDocumentDoor, type DocumentDoor, followDoor, type OpenDocument, openPlace } from '#ui/open-document.ts';
import type { Route } from '#ui/router.ts';
import type { Shell } from '#ui/shell.ts';
import { baseStyles } from '#ui/styles/base.ts';
import { controlStyles } from '#ui/styles/controls.ts';
import { listAndDocumentStyles } from '#ui/styles/list-and-document.ts';
import { skeletonStyles } from '#ui/styles/skeleton.ts';
import './note-filter-bar.ts';
import { createNoteFeed, type NoteFeed } from './note-feed.ts';
import { isNarrowed } from './note-filter.ts';
import type { NoteFilterBar } from './note-filter-bar.ts';
import { createNoteLabels } from './note-labels.ts';
import './note-list.ts';
import type { NoteList } from './note-list.ts';
import { notesViewStyles } from './notes-view-styles.ts';

/** The list's width in px: as wide as a title needs, as narrow as it stays useful. */
const LIST_PX = { initial: 320, least: 220, most: 560 };

/** Late enough not to compete with the first list, early enough to be there at the first click. */
const EDITOR_AFTER_MS = 400;

/** The notes: the list at the side, the open note beside it. On a phone one of the two. */
@customElement('notes-view')
export class NotesView extends LitElement {
  static override styles = [baseStyles, controlStyles, skeletonStyles, listAndDocumentStyles, notesViewStyles];

  @property({ attribute: false }) app!: App;
  @property({ attribute: false }) shell!: Shell;
  @property({ attribute: false }) route!: Route;
  @query('note-list') private list!: NoteList;
  @query('note-filter-bar') private filterBar!: NoteFilterBar;
  private readonly labels = createNoteLabels();
  private notes: NoteFeed | undefined;
  private door: DocumentDoor<EntitySession<'note'>> | undefined;
  private stopWaiting: (() => void) | undefined;
  private readonly editor = lazyElement(this, () => {
    // Both at once; the frame with the title does not wait for the editor, and says by itself when that one is missing.
    import('./editor/markdown-editor.ts').catch(() => {});
    return import('./note-editor.ts');
  });
  private readonly bin = lazyElement(this, () => import('#ui/documents/document-bin.ts'));
  private readonly feed = observe(this, () => this.notes?.feed);
  private readonly open = observe(this, () => this.door?.open);
  private readonly layout = observe(this, () => this.shell?.layout.view);

  override firstUpdated(): void {
    // The list is there; the next thing a person does is to open a note or to start one.
    setTimeout(() => this.editor.load(), EDITOR_AFTER_MS);
  }

  override disconnectedCallback(): void {
    this.stopWaiting?.();
    this.door?.leave();
    this.notes?.close();
    this.notes = undefined;
    this.door = undefined;
    super.disconnectedCallback();
  }

  override willUpdate(changed: PropertyValues<this>): void {
    this.notes ??= createNoteFeed(this.app, this.labels);
    this.door ??= this.createDoor();
    if (changed.has('route')) openPlace(this.door, this.route.rest[0] ?? '');
    document.title = `${this.heading()} – Holdfast`;
  }

  override render(): TemplateResult {
    const [place = ''] = this.route.rest;
    const size = this.layout.value?.panelSizes['list'] ?? LIST_PX.initial;
    // Outside of the list, which a phone hides while a note is open.
    return html`
      <h1 class="visually-hidden">Notes</h1>
      <div class="frame ${place === '' ? 'at-list' : 'at-document'} ${this.isEmpty ? 'first' : ''}" ${cssProperties({ '--list': `${size}px` })}>
        <section class="list" aria-label="All notes" @enter-list=${() => this.list.focusRow(0)} @clear-filter=${() => this.filterBar.clear()}>
          <note-filter-bar .notes=${this.notes} .labels=${this.labels}></note-filter-bar>
          <note-list .notes=${this.notes} .current=${place}></note-list>
          <a class="to-bin" href="/notes/bin" aria-current=${place === 'bin' ? 'page' : nothing}>${icon('trash-2')}Bin</a>
        </section>
        <size-handle label="Width of the list" .value=${size} .least=${LIST_PX.least} .most=${LIST_PX.most}
          @size=${(event: CustomEvent<number>) => this.shell.layout.change({ panelSizes: { ...this.layout.value?.panelSizes, list: event.detail } })}>
        </size-handle>
        <div class="content">${this.content(place)}</div>
      </div>
    `;
  }

  private content(place: string): TemplateResult {
    if (place === 'bin')
      return this.lazily(
        this.bin,
        html`<document-bin .app=${this.app} .shell=${this.shell} kind="note" home="/notes"></document-bin>`,
      );
    const open: OpenDocument = this.open.value ?? { type: 'none' };
    switch (open.type) {
      case 'open':
        return this.lazily(
          this.editor,
          html`<note-editor .app=${this.app} .shell=${this.shell} .labels=${this.labels} .session=${open.session} .fresh=${open.fresh}
            .sought=${Number(this.route.rest[1] ?? Number.NaN)}></note-editor>`,
        );
      case 'loading':
        return bones;
      case 'failed': {
        const { title, advice } = errorText(open.error);
        return html`<div class="page" role="alert">
          <h2>${title}</h2>
          <p>${advice}</p>
          <button class="primary" @click=${() => this.door?.again()}>Try again</button>
        </div>`;
      }
      case 'missing':
        return html`<div class="page">
          <h2>This note is not on this device</h2>
          <p>It may not have arrived yet: it opens here as soon as it does. Or the address has a slip in it.</p>
          <a class="button" href="/notes">All notes</a>
        </div>`;
      case 'purged':
        return html`<div class="page">
          <h2>This note was deleted permanently</h2>
          <a class="button" href="/notes">All notes</a>
        </div>`;
      case 'none':
        return this.nothingOpen();
    }
  }

  /** The editor and the bin come with their own code, which the first paint of the list does not wait for. */
  private lazily(part: LazyElement, content: TemplateResult): TemplateResult {
    part.load();
    switch (part.state) {
      case 'ready':
        return content;
      case 'failed':
        return html`<div class="page" role="alert">
          <h2>This part did not load</h2>
          <p>Your notes are safe on this device. The network may be gone before this part was kept for offline use.</p>
          <button class="primary" @click=${part.retry}>Try again</button>
        </div>`;
      default:
        return bones;
    }
  }

  private nothingOpen(): TemplateResult {
    if (!this.isEmpty) {
      return html`<div class="page quiet-page">
        ${icon('file-text')}
        <p>Choose a note from the list.</p>
      </div>`;
    }
    return html`<div class="page welcome">
      <img src="/icon.svg" alt="" width="64" height="64" />
      <h2>Write. It is kept.</h2>
      <p>Everything you type is saved on this device at once, with or without a network, and goes to your server by itself.</p>
      <button class="primary" @click=${() => this.shell.navigate('/notes/new')}>${icon('pencil')}Write your first note</button>
    </div>`;
  }

  private get isEmpty(): boolean {
    const feed = this.feed.value;
    return feed?.state.type === 'complete' && feed.items.length === 0 && !isNarrowed(feed.filter);
  }

  private createDoor(): DocumentDoor<EntitySession<'note'>> {
    const door = createDocumentDoor(this.app, 'note');
    this.stopWaiting = followDoor(this.app, this.shell, 'notes', 'note', door);
    return door;
  }

  private heading(): string {
    const [place = ''] = this.route.rest;
    return place === 'bin' ? 'Bin' : 'Notes';
  }
}

const bones = html`<div class="page" aria-busy="true" aria-label="Loading">
  <span class="bone short"></span><span class="bone"></span><span class="bone long"></span><span class="bone"></span>
</div>`;
