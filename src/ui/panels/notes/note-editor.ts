import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { App, EntitySession } from '#app/app.ts';
import type { BINNED_AT, FieldsOf } from '#core/entity.ts';
import type { PatchOfKind } from '#entities/index.ts';
import { note } from '#entities/note.ts';
import { lazyElement } from '#ui/controllers/lazy-element.ts';
import { observe } from '#ui/controllers/observer.ts';
import '#ui/documents/document-title.ts';
import type { DocumentTitle } from '#ui/documents/document-title.ts';
import type { KnownNames } from '#ui/documents/known-names.ts';
import '#ui/documents/tag-editor.ts';
import { icon } from '#ui/icon.ts';
import { beforePageEnds } from '#ui/page-end.ts';
import '#ui/documents/document-banner.ts';
import type { Shell } from '#ui/shell.ts';
import { baseStyles } from '#ui/styles/base.ts';
import { controlStyles } from '#ui/styles/controls.ts';
import { skeletonStyles } from '#ui/styles/skeleton.ts';
import { typedValue } from '#ui/typed-value.ts';
import type { MarkdownEditor } from './editor/markdown-editor.ts';
import { noteEditorStyles } from './note-editor-styles.ts';
import './note-foot.ts';
import './note-toolbar.ts';

type NotePatch = PatchOfKind<'note'>;

/** One open note: title, labels, text and preview. Everything typed goes to the session in the same turn. */
@customElement('note-editor')
export class NoteEditor extends LitElement {
  static override styles = [baseStyles, controlStyles, skeletonStyles, noteEditorStyles];

  @property({ attribute: false }) app!: App;
  @property({ attribute: false }) shell!: Shell;
  @property({ attribute: false }) known!: KnownNames;
  @property({ attribute: false }) session!: EntitySession<'note'>;
  @property({ type: Boolean }) fresh = false;
  /** Where in the text a search has found something; NaN where nobody searched. */
  @property({ attribute: false }) sought = Number.NaN;
  @state() private historyOpen = false;
  @query('markdown-editor') private editor!: MarkdownEditor | null;
  @query('document-title') private titleField!: DocumentTitle | null;
  @query('.write') private scroller!: HTMLElement | null;
  private readonly view = observe(this, () => this.session?.view);
  private readonly layout = observe(this, () => this.shell?.layout.view);
  private readonly names = observe(this, () => this.known?.names);
  /** The sessions whose values are in the fields, and in the editor, whose code may come later. */
  private shown: EntitySession<'note'> | undefined;
  private edited: EntitySession<'note'> | undefined;
  private stopKeeping: (() => void) | undefined;
  private stopIncoming: (() => void) | undefined;
  private isKept = false;
  private drawn: readonly unknown[] = [];
  private readonly editorPart = lazyElement(this, () => import('./editor/markdown-editor.ts'));
  private readonly previewPart = lazyElement(this, () => import('./note-preview.ts'));

  override connectedCallback(): void {
    super.connectedCallback();
    this.editorPart.load();
    this.stopKeeping = beforePageEnds(() => this.keepPosition());
  }

  override disconnectedCallback(): void {
    this.stopKeeping?.();
    this.leaveNote();
    super.disconnectedCallback();
  }

  /** With most keys only the text is another: the editor draws it, the foot counts it, and here only the preview shows it. */
  override shouldUpdate(changed: PropertyValues<this>): boolean {
    const before = this.drawn;
    this.drawn = this.whatIsDrawn();
    return changed.size > 0 || before.length !== this.drawn.length || before.some((value, at) => value !== this.drawn[at]);
  }

  private whatIsDrawn(): readonly unknown[] {
    const view = this.session.view.value;
    const { text, ...fields } = this.session.fields;
    return [
      ...[this.layout.value, this.names.value, this.editorPart.state, this.previewPart.state],
      ...[view?.place, (view?.localSeq ?? 0) > 0, view?.readOnly, this.historyOpen && view, this.isPreview && text],
      ...Object.values(fields),
    ];
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('session') && this.shown && this.shown !== this.session) this.leaveNote();
    if (this.isPreview) this.previewPart.load();
  }

  override updated(): void {
    if (this.shown !== this.session && this.titleField) this.showNote();
    if (this.edited !== this.session && this.editor) this.showText(this.editor);
    if (this.edited === this.session && this.editor && !Number.isNaN(this.sought)) this.showSought(this.editor);
  }

  override render(): TemplateResult {
    const view = this.view.value ?? null;
    const fields = this.session.fields;
    const readOnly = view?.readOnly ?? false;
    const { tags = [], notebook: notebooks = [] } = this.names.value ?? {};
    return html`
      <note-toolbar .app=${this.app} .shell=${this.shell} .session=${this.session} .view=${view} .preview=${this.isPreview}
        @history=${this.openHistory}></note-toolbar>
      <document-banner .app=${this.app} .shell=${this.shell} .view=${view}></document-banner>
      <div class="body ${this.isPreview ? 'with-preview' : ''}" @focusout=${this.onBlur}>
        <div class="write">
          <div class="page">
            <document-title .onTitle=${this.onTitle} .readonly=${readOnly} @leave-title=${() => this.editor?.focus()}></document-title>
            <div class="labels">
              <label class="notebook" title="Notebook">
                ${icon('notebook')}
                <input aria-label="Notebook" placeholder="Notebook" list="notebooks" autocomplete="off" ?readonly=${readOnly}
                  ${typedValue(fields.notebook)} @change=${this.onNotebook} />
                <datalist id="notebooks">${notebooks.map((name) => html`<option value=${name}></option>`)}</datalist>
              </label>
              <tag-editor .tags=${fields.tags} .suggestions=${tags} .readonly=${readOnly} @tags=${this.onTags}></tag-editor>
            </div>
            ${this.text()}
          </div>
        </div>
        ${this.isPreview ? this.preview(fields.text) : nothing}
      </div>
      <note-foot .session=${this.session}></note-foot>
      ${
        this.historyOpen && view
          ? html`<document-history .app=${this.app} .view=${view} .restore=${this.restore} @close=${() => {
              this.historyOpen = false;
            }}></document-history>`
          : nothing
      }
    `;
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
        <h2>${note.title(this.session.fields)}</h2>
        ${
          this.previewPart.state === 'ready'
            ? html`<note-preview .text=${text}></note-preview>`
            : this.previewPart.state === 'failed'
              ? html`<p>The preview did not load. <button @click=${this.previewPart.retry}>Try again</button></p>`
              : html`<div class="bones" aria-hidden="true"><span class="bone long"></span><span class="bone"></span></div>`
        }
      </div>
    </section>`;
  }

  /** Puts the session's values into the fields and lets both talk to each other. */
  private showNote(): void {
    const { session } = this;
    this.shown = session;
    this.isKept = !this.fresh;
    this.titleField?.show(session.fields.title);
    this.stopIncoming = session.onIncoming((fields) => this.takeIncoming(fields));
    if (this.fresh) this.titleField?.focus();
  }

  private showText(editor: MarkdownEditor): void {
    const { session } = this;
    this.edited = session;
    editor.show({
      key: session.id,
      text: session.fields.text,
      readOnly: session.view.value?.readOnly ?? false,
      label: 'Note text',
      placeholder: 'Start writing…',
      onText: (text) => this.change(session, { text }),
    });
    const position = this.shell.layout.position(session.id);
    if (position) editor.setCaret(position.caret);
    if (this.scroller) this.scroller.scrollTop = position?.scroll ?? 0;
  }

  /** The address is then that of the note again: a reload goes where the person is by then. */
  private showSought(editor: MarkdownEditor): void {
    const { sought, session } = this;
    // A new editor has no text to scroll before its own first rendering.
    void editor.updateComplete.then(() => {
      if (this.edited === session) editor.reveal(sought);
    });
    this.shell.navigate(`/notes/${session.id}`, { replace: true });
  }

  private leaveNote(): void {
    this.keepPosition();
    this.stopIncoming?.();
    this.stopIncoming = undefined;
    this.shown = undefined;
    this.edited = undefined;
  }

  private takeIncoming({ title, text }: NotePatch): void {
    if (title !== undefined) this.titleField?.take(title);
    if (text !== undefined) this.editor?.takeIncoming(text);
  }

  /** Every edit goes through here, in the turn in which it was made. */
  private change(session: EntitySession<'note'>, patch: NotePatch): void {
    session.set(patch);
    if (session !== this.shown) return;
    if (this.isKept) return;
    this.isKept = true;
    this.dispatchEvent(new CustomEvent('kept', { bubbles: true }));
  }

  private readonly onTitle = (title: string): void => this.change(this.session, { title });

  private readonly onNotebook = (event: Event): void =>
    this.change(this.session, { notebook: (event.target as HTMLInputElement).value.trim() });

  private readonly onTags = (event: CustomEvent<readonly string[]>): void => this.change(this.session, { tags: event.detail });

  private readonly onBlur = (): void => {
    this.keepPosition();
    void this.session.flush();
  };

  private keepPosition(): void {
    if (!this.shown || this.shown !== this.edited || !this.isKept || !this.editor || !this.scroller) return;
    this.shell.layout.setPosition(this.shown.id, { scroll: Math.round(this.scroller.scrollTop), caret: this.editor.caret });
  }

  private readonly openHistory = async (): Promise<void> => {
    try {
      await import('#ui/documents/document-history.ts');
    } catch {
      this.shell.notify({ text: 'The history did not load. Try again when the network is back.', tone: 'bad' });
      return;
    }
    // What was typed last belongs to the history, too.
    await this.session.flush();
    this.historyOpen = true;
  };

  /** An earlier state comes back as an ordinary edit: it can be undone, here and by Ctrl+Z, and the present one stays in the history. */
  private readonly restore = (earlier: FieldsOf<typeof note>): void => {
    const { id, fields } = this.session;
    const before = withoutBin(fields);
    this.put(withoutBin(earlier));
    this.shell.notify({
      text: 'Restored the earlier state',
      undo: () => {
        if (this.shown?.id === id) this.put(before);
        else void this.app.patch('note', id, before);
      },
    });
  };

  private put({ text, ...rest }: Restored): void {
    this.change(this.session, rest);
    this.titleField?.take(rest.title);
    this.editor?.replaceText(text);
    void this.session.flush();
  }
}

/** What a restore brings back. Not the bin: a note that is open is not in it. */
type Restored = Omit<FieldsOf<typeof note>, typeof BINNED_AT>;

const withoutBin = ({ title, text, tags, notebook, starred }: Restored): Restored => ({ title, text, tags, notebook, starred });
