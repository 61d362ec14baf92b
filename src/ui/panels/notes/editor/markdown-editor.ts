import { historyField } from '@codemirror/commands';
import { EditorState, Transaction } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { baseStyles } from '#ui/styles/base.ts';
import type { FindQuery, PlacesIn } from '#ui/text/find-places.ts';
import { textChanges } from '#ui/text/text-changes.ts';
import { type ArrivingFiles, arrivingFiles, takeFiles } from './arriving-files.ts';
import { type EditorWords, editorExtensions } from './codemirror-setup.ts';
import { fileReferences, type Thumbnail } from './file-references.ts';
import { type Found, textFinder } from './find-in-text.ts';
import { runFormat } from './format-commands.ts';
import type { FormatId } from './formats.ts';
import { incoming } from './incoming.ts';
import { markWords } from './searched-words.ts';
import { type TitleLinking, titleAt, titleLinking } from './title-links.ts';

export interface EditorSource extends EditorWords {
  /** Names the document: its undo history is found again by this when it is shown a second time. */
  readonly key: string;
  readonly text: string;
  readonly readOnly: boolean;
  /** Called for each change made here, synchronously, with the whole text. */
  readonly onText: (text: string) => void;
  /** What becomes of pictures and other files that are pasted, dropped or picked. */
  readonly files: ArrivingFiles;
  /** The small picture of a file that the text refers to; null where there is none. */
  readonly thumbnail: Thumbnail;
  /** Hears of what `find` has found. */
  readonly onFound: (found: Found) => void;
  readonly linking: TitleLinking;
}

/** Text, selection and undo history of the documents shown lately, so that switching tabs does not lose what Ctrl+Z knows. */
const lately = new Map<string, unknown>();
const MAX_STATES = 20;
const MOST_SELECTED = 100;
const kept = { history: historyField };

/**
 * CodeMirror, in a shadow root: there its style sheets are adopted, which the content security policy allows. It takes
 * no part in Lit's rendering after the first: the text belongs to CodeMirror.
 */
@customElement('markdown-editor')
export class MarkdownEditor extends LitElement {
  static override styles = [
    baseStyles,
    css`
      .cm-editor {
        block-size: 100%;
      }
    `,
  ];

  private view: EditorView | undefined;
  private source: EditorSource | undefined;
  private frame: HTMLDivElement | undefined;
  private readonly finder = textFinder((found) => this.source?.onFound(found));

  override render(): TemplateResult {
    return html`<div></div>`;
  }

  override firstUpdated(): void {
    this.frame = this.renderRoot.querySelector('div') ?? undefined;
    if (this.source) this.mount(this.source);
  }

  override disconnectedCallback(): void {
    this.remember();
    this.view?.destroy();
    this.view = undefined;
    super.disconnectedCallback();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.frame && this.source) this.mount({ ...this.source, text: this.text });
  }

  /** Shows a document. */
  show(source: EditorSource): void {
    this.remember();
    this.source = source;
    if (this.frame) this.mount(source);
  }

  get text(): string {
    return this.view?.state.sliceDoc() ?? this.source?.text ?? '';
  }

  /** A text that came from elsewhere: shown with as little change as can be, so that the caret stays. */
  takeIncoming(text: string): void {
    if (!this.view) {
      if (this.source) this.source = { ...this.source, text };
      return;
    }
    const changes = textChanges(this.text, text);
    if (changes.length === 0) return;
    this.view.dispatch({
      changes: [...changes],
      annotations: [incoming.of(true), Transaction.addToHistory.of(false), Transaction.remote.of(true)],
    });
  }

  /** Replaces the text as an edit of the person, to be undone like any other. */
  replaceText(text: string): void {
    this.view?.dispatch({ changes: [...textChanges(this.text, text)], userEvent: 'input.replace', scrollIntoView: true });
  }

  /** Makes one small edit without going there, to be undone like any other. */
  change(change: { readonly from: number; readonly to: number; readonly insert: string }): void {
    this.view?.dispatch({ changes: change, userEvent: 'input.task' });
  }

  get caret(): number {
    return this.view?.state.selection.main.head ?? 0;
  }

  /** Sets the caret without taking the focus. */
  setCaret(offset: number): void {
    const view = this.view;
    if (view) view.dispatch({ selection: { anchor: Math.min(offset, view.state.doc.length) } });
  }

  /** Selects the word at `offset` and brings it into the middle of what is seen. Does not take the focus. */
  reveal(offset: number): void {
    const view = this.view;
    if (!view) return;
    const at = Math.min(offset, view.state.doc.length);
    const word = view.state.wordAt(at);
    view.dispatch({
      selection: word ? { anchor: word.from, head: word.to } : { anchor: at },
      effects: EditorView.scrollIntoView(at, { y: 'center' }),
    });
  }

  /** Formats the selection; the focus goes back into the text. */
  format(id: FormatId): void {
    const { view } = this;
    if (!view) return;
    runFormat(view, id);
    view.focus();
  }

  /** Takes picked files in at the caret. */
  takeFiles(files: readonly File[]): void {
    const { view, source } = this;
    if (view && source) void takeFiles(view, files, view.state.selection.main.head, source.files);
  }

  /** Selects a part of the text, and goes there. */
  select(from: number, to: number): void {
    const { view } = this;
    if (!view || to > view.state.doc.length) return;
    view.dispatch({ selection: { anchor: from, head: to }, scrollIntoView: true });
    view.focus();
  }

  /** The title of the link at the caret. */
  get titleAtCaret(): string | undefined {
    return this.view && titleAt(this.view.state, this.view.state.selection.main.head);
  }

  /** Looks for words from the caret on, and selects the first place; null ends it, with the selection as it is. */
  find(query: FindQuery | null): void {
    if (this.view) this.finder.find(this.view, query);
  }

  /** Goes to the next place (1) or the one before (-1). */
  findStep(by: number): void {
    if (this.view) this.finder.step(this.view, by);
  }

  /** Replaces the present place and goes to the next, or replaces them all in one step of Undo. */
  replaceFound(text: string, all: boolean): void {
    if (this.view) this.finder.replace(this.view, text, all);
  }

  /** Marks places of the text until one writes or presses Escape. */
  markWords(places: PlacesIn | null): void {
    if (this.view) markWords(this.view, places);
  }

  /** The selected text, where it is short and in one line: what a search begins with. */
  get selectedWords(): string {
    const { state } = this.view ?? {};
    if (!state) return '';
    const { from, to } = state.selection.main;
    return to - from > MOST_SELECTED || state.doc.lineAt(from).to < to ? '' : state.sliceDoc(from, to);
  }

  override focus(): void {
    this.view?.focus();
  }

  private mount(source: EditorSource): void {
    this.view?.destroy();
    const { linking, readOnly, onText, files, thumbnail } = source;
    const extensions = [
      ...[this.finder.extension, titleLinking(linking), arrivingFiles(files), fileReferences(thumbnail)],
      editorExtensions(source, readOnly, onText),
    ];
    const before = lately.get(source.key);
    this.view = new EditorView({
      state: before ? EditorState.fromJSON(before, { extensions }, kept) : EditorState.create({ doc: source.text, extensions }),
      parent: this.frame as HTMLElement,
      root: this.shadowRoot as ShadowRoot,
    });
    // The note may have changed elsewhere while it was not shown.
    this.takeIncoming(source.text);
  }

  private remember(): void {
    if (!this.view || !this.source) return;
    lately.delete(this.source.key);
    lately.set(this.source.key, this.view.state.toJSON(kept));
    const [oldest] = lately.keys();
    if (lately.size > MAX_STATES && oldest !== undefined) lately.delete(oldest);
  }
}
