import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { EntitySession } from '#app/app.ts';
import { note } from '#entities/note.ts';
import { aboveFoot } from '#ui/controllers/above-foot.ts';
import { aboveKeyboard } from '#ui/controllers/above-keyboard.ts';
import { lazyElement } from '#ui/controllers/lazy-element.ts';
import { narrowerThan, PHONE_REM } from '#ui/controllers/narrow.ts';
import { observe } from '#ui/controllers/observer.ts';
import '#ui/documents/document-bar.ts';
import '#ui/documents/document-title.ts';
import { beforePageEnds } from '#ui/controllers/page-end.ts';
import type { DocumentTitle } from '#ui/documents/document-title.ts';
import { drawnParts, isSameDrawing } from '#ui/documents/drawn-parts.ts';
import type { KnownNames } from '#ui/documents/known-names.ts';
import { titleLinks } from '#ui/documents/title-links.ts';
import type { MenuItem } from '#ui/parts/action-menu.ts';
import { AppPart } from '#ui/parts/app-part.ts';
import { takesFocus } from '#ui/shell/shell.ts';
import { baseStyles } from '#ui/styles/base.ts';
import { controlStyles } from '#ui/styles/controls.ts';
import { skeletonStyles } from '#ui/styles/skeleton.ts';
import { isComposing } from '#ui/text/composing.ts';
import type { MarkdownEditor } from './editor/markdown-editor.ts';
import './format-bar.ts';
import type { FormatId } from './editor/formats.ts';
import { noteEditorStyles } from './note-editor-styles.ts';
import { noteFiles } from './note-files.ts';
import { noteFind } from './note-find.ts';
import './note-foot.ts';
import './note-labels.ts';
import { noteLinking } from './note-linking.ts';
import { type OpenText, openText } from './open-text.ts';
import './preview-switch.ts';

/** One open note: title, labels, text and preview. Everything typed goes to the session in the same turn. */
@customElement('note-editor')
export class NoteEditor extends AppPart {
  static override styles = [baseStyles, controlStyles, skeletonStyles, noteEditorStyles];

  @property({ attribute: false }) known!: KnownNames;
  @property({ attribute: false }) session!: EntitySession<'note'>;
  @property({ type: Boolean }) fresh = false;
  /** Where in the text a search has found something; NaN where nobody searched. */
  @property({ attribute: false }) target = Number.NaN;
  /** The words that it was searched for by. */
  @property({ attribute: false }) words = '';
  /** What a new note is called at first, where a link has led to it. */
  @property({ attribute: false }) newTitle = '';
  /** The text has the focus. */
  @state() private isWriting = false;
  @query('markdown-editor') private editor!: MarkdownEditor | null;
  @query('document-title') private titleField!: DocumentTitle;
  @query('.write') private scroller!: HTMLElement | null;
  private readonly view = observe(this, () => this.session?.view);
  private readonly layout = observe(this, () => this.shell?.layout.view);
  private readonly wish = observe(this, () => this.shell?.focusWish);
  private readonly names = observe(this, () => this.known?.names);
  /** The session whose text is in the editor, whose code may come later. */
  private edited: EntitySession<'note'> | undefined;
  private wasReadOnly = false;
  private stopKeeping: (() => void) | undefined;
  private stopIncoming: (() => void) | undefined;
  private drawn: readonly unknown[] = [];
  private readonly narrow = narrowerThan(this, PHONE_REM);
  private readonly find = noteFind(this, {
    editor: () => (this.scroller?.checkVisibility() ? this.editor : null),
    preview: () => this.renderRoot.querySelector<HTMLElement>('.preview'),
    isReadOnly: () => this.isReadOnly,
  });
  private readonly linking = noteLinking(this, () => this.session.id);
  private readonly files = noteFiles(this, () => this.editor);
  private readonly commands: OpenText = {
    format: (id) => this.editor?.format(id),
    addFiles: () => this.files.pick(),
    find: (replacing) => this.find.open(replacing),
    followLink: () => void this.linking.follow(this.editor?.titleAtCaret),
  };
  private readonly editorPart = lazyElement(this, () => import('./editor/markdown-editor.ts'));
  private readonly previewPart = lazyElement(this, () => import('#ui/parts/markdown-preview.ts'));

  constructor() {
    super();
    const keys = (): HTMLElement | null => this.renderRoot?.querySelector<HTMLElement>('.over-keyboard') ?? null;
    aboveKeyboard(this, keys, aboveFoot(this, keys));
    titleLinks(this, { offersNew: true });
    this.addEventListener('keydown', this.onKey);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.editorPart.load();
    this.stopKeeping = beforePageEnds(() => this.keepPosition());
  }

  override disconnectedCallback(): void {
    this.stopKeeping?.();
    this.leaveNote();
    openText.set(null);
    super.disconnectedCallback();
  }

  /** With most keys only the text is another: the editor draws it, the foot counts it, and here only the preview shows it. */
  override shouldUpdate(changed: PropertyValues<this>): boolean {
    const before = this.drawn;
    this.drawn = [
      ...[this.wish.value, this.layout.value?.preview, this.names.value, this.editorPart.state, this.previewPart.state],
      ...[this.layout.value?.formatsHidden, this.narrow.matches, ...this.find.drawn],
      ...[this.isPreview && this.session.fields.text, ...drawnParts(this.session)],
    ];
    return changed.size > 0 || !isSameDrawing(before, this.drawn);
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('session')) this.leaveNote();
    if (this.isPreview) this.previewPart.load();
  }

  override updated(changed: PropertyValues<this>): void {
    if (changed.has('session') && this.fresh) this.begin();
    if (!this.editor || !this.isConnected) return;
    if (this.edited !== this.session || this.isReadOnly !== this.wasReadOnly) this.showText(this.editor);
    if (!Number.isNaN(this.target) || this.words !== '') this.showTarget(this.editor);
    openText.set(this.isReadOnly ? { ...this.commands, format: null, addFiles: null } : this.commands);
    if (takesFocus(this.shell, this.session.id)) void this.focusText(this.editor);
  }

  override render(): TemplateResult {
    const { session, isPreview, isReadOnly } = this;
    const { fields } = session;
    return html`
      <document-bar .session=${session} .items=${this.menuItems()}>
        <preview-switch .on=${isPreview} @click=${() => this.shell.layout.change({ preview: !isPreview })}></preview-switch>
      </document-bar>
      ${this.narrow.matches ? nothing : this.formatBar()} ${this.find.render()}
      <div class="sheet"><div class="body ${isPreview ? 'with-preview' : ''}" @focusin=${this.onFocus} @focusout=${this.onBlur}>
        <div class="write">
          <div class="page">
            <document-title .session=${session} .readonly=${isReadOnly} @leave-title=${() => this.editor?.focus()}></document-title>
            <note-labels .session=${session} .notebook=${fields.notebook} .tags=${fields.tags} .names=${this.names.value ?? {}}
              .readonly=${isReadOnly}></note-labels>
            ${this.text()}
          </div>
        </div>
        ${isPreview ? this.preview(fields.text) : nothing}
      </div></div>
      ${this.narrow.matches && this.isWriting ? this.formatBar('over-keyboard') : nothing}
      ${this.files.render()}
      <note-foot .session=${session}></note-foot>
    `;
  }

  private menuItems(): readonly MenuItem[] {
    const isHidden = this.layout.value?.formatsHidden ?? false;
    return [
      { label: 'Find in this note', icon: 'search', isKnown: true, act: () => this.find.open() },
      {
        label: isHidden ? 'Show the formatting toolbar' : 'Hide the formatting toolbar',
        icon: 'bold',
        isKnown: true,
        act: () => this.shell.layout.change({ formatsHidden: !isHidden }),
      },
    ];
  }

  /** On a phone it is there while one writes, over the keyboard. */
  private formatBar(place = 'under-bar'): TemplateResult | typeof nothing {
    if (this.isReadOnly || this.layout.value?.formatsHidden) return nothing;
    return html`<format-bar class=${place} @format=${(event: CustomEvent<FormatId>) => this.editor?.format(event.detail)}
      @add-files=${this.files.pick} @take-picture=${this.files.photograph}></format-bar>`;
  }

  private get isReadOnly(): boolean {
    return this.view.value?.readOnly ?? false;
  }

  /** A new note: its title is written first, unless a link has named it. */
  private begin(): void {
    if (this.newTitle === '') {
      this.titleField.focus();
      return;
    }
    this.session.replace({ title: this.newTitle });
    void this.session.flush();
  }

  private get isPreview(): boolean {
    return this.layout.value?.preview ?? false;
  }

  private text(): TemplateResult {
    switch (this.editorPart.state) {
      case 'ready':
        return html`<markdown-editor></markdown-editor>`;
      case 'waiting':
      case 'loading':
        return html`<div class="bones" aria-busy="true" aria-label="Loading the editor">
          <span class="bone"></span><span class="bone long"></span><span class="bone"></span><span class="bone short"></span>
        </div>`;
      case 'failed':
        return html`<div role="alert" class="missing-part">
          <p>The editor did not load. The note is safe on this device.</p>
          <button class="primary" @click=${this.editorPart.retry}>Try again</button>
        </div>`;
    }
  }

  private preview(text: string): TemplateResult {
    return html`<section class="preview" aria-label="Preview" tabindex="0">
      <div class="page">
        <h2 dir="auto">${note.title(this.session.fields)}</h2>
        ${
          this.previewPart.state === 'ready'
            ? html`<markdown-preview .text=${text} .onTask=${this.session.view.value?.readOnly ? undefined : this.onTask}></markdown-preview>`
            : this.previewPart.state === 'failed'
              ? html`<p>The preview did not load. <button @click=${this.previewPart.retry}>Try again</button></p>`
              : html`<div class="bones" aria-hidden="true"><span class="bone long"></span><span class="bone"></span></div>`
        }
      </div>
    </section>`;
  }

  /** Puts the session's text into the editor and lets both talk to each other. */
  private showText(editor: MarkdownEditor): void {
    const { session } = this;
    this.leaveNote();
    this.edited = session;
    this.wasReadOnly = this.isReadOnly;
    editor.show({
      key: session.id,
      text: session.fields.text,
      readOnly: this.wasReadOnly,
      label: 'Note text',
      placeholder: 'Start writing…',
      onText: (text) => {
        this.find.mark(null);
        session.set({ text });
      },
      onFound: this.find.onFound,
      linking: this.linking,
      files: this.files.arriving(session),
      thumbnail: (hash) => this.app.files.thumbnail(hash),
    });
    this.stopIncoming = session.onIncoming(({ text }, isOwn) => {
      if (text === undefined) return;
      if (isOwn) editor.replaceText(text);
      else editor.takeIncoming(text);
    });
    void this.goWhereLeft(session, editor);
  }

  /** A note can be open before the layout has been read, which says where it was left. */
  private async goWhereLeft(session: EntitySession<'note'>, editor: MarkdownEditor): Promise<void> {
    const { layout } = this.shell;
    const go = (): void => {
      const position = layout.position(session.id);
      if (position) editor.setCaret(position.caret);
      if (this.scroller) this.scroller.scrollTop = position?.scroll ?? 0;
    };
    const isKnown = layout.position(session.id) !== undefined;
    go();
    await layout.read;
    if (!isKnown && this.edited === session && editor.caret === 0 && this.scroller?.scrollTop === 0) go();
  }

  /** The address is then that of the note again: a reload goes where the person is by then. */
  private showTarget(editor: MarkdownEditor): void {
    const { target, session, words } = this;
    // A new editor has no text to scroll before its own first rendering.
    void editor.updateComplete.then(async () => {
      if (this.edited !== session) return;
      if (!Number.isNaN(target)) editor.reveal(target);
      if (words === '') return;
      const { queryMarks } = await import('#features/search/query-marks.ts');
      if (this.edited !== session) return;
      const places = queryMarks(words);
      editor.markWords(places);
      this.find.mark(places);
    });
    this.shell.navigate(`/notes/${session.id}`, { replace: true });
  }

  /** A new editor can take it after its own first rendering only. */
  private async focusText(editor: MarkdownEditor): Promise<void> {
    await editor.updateComplete;
    editor.focus();
  }

  private leaveNote(): void {
    this.keepPosition();
    this.find.close(true);
    this.find.mark(null);
    this.stopIncoming?.();
    this.stopIncoming = undefined;
    this.edited = undefined;
  }

  /** A box in the preview is an edit of the text, to be undone like any other. */
  private readonly onTask = async (nth: number, total: number): Promise<void> => {
    const { session } = this;
    const { toggleTask } = await import('#features/markdown/tasks.ts');
    const change = toggleTask(session.fields.text, nth, total);
    if (change && this.edited === session) this.editor?.change(change);
    else this.shell.notify({ text: 'This box could not be found in the text. Tick it there.', tone: 'bad' });
  };

  private readonly onFocus = (event: FocusEvent): void => {
    this.isWriting = event.target === this.editor;
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    if (isComposing(event) || event.altKey || event.defaultPrevented) return;
    const isMod = event.ctrlKey || event.metaKey;
    const key = event.key.toLowerCase();
    if (event.key === 'Escape') {
      this.editor?.markWords(null);
      this.find.mark(null);
      return;
    }
    if (key === 'f3' || (isMod && key === 'g')) this.find.step(event.shiftKey ? -1 : 1);
    else if (isMod && !event.shiftKey && (key === 'f' || key === 'h')) this.find.open(key === 'h');
    else return;
    event.preventDefault();
  };

  private readonly onBlur = (event: FocusEvent): void => {
    // The row over the keyboard stays while it has the focus itself.
    const next = event.relatedTarget;
    if (!(next instanceof Element && next.matches('format-bar'))) this.isWriting = false;
    this.keepPosition();
    void this.session.flush();
  };

  private keepPosition(): void {
    const { edited, editor, scroller } = this;
    if (!edited || edited.isUntouched || !editor || !scroller) return;
    this.shell.layout.setPosition(edited.id, { scroll: Math.round(scroller.scrollTop), caret: editor.caret });
  }
}
