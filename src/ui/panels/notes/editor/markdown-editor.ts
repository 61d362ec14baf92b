import { historyField } from '@codemirror/commands';
import { EditorState, Transaction } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { baseStyles } from '#ui/styles/base.ts';
import { textChanges } from '#ui/text/text-changes.ts';
import { type EditorWords, editorExtensions, incoming } from './codemirror-setup.ts';

export interface EditorSource extends EditorWords {
  /** Names the document: its undo history is found again by this when it is shown a second time. */
  readonly key: string;
  readonly text: string;
  readonly readOnly: boolean;
  /** Called for each change made here, synchronously, with the whole text. */
  readonly onText: (text: string) => void;
  /** Called when a picture or another file was pasted or dropped, which a text cannot hold. */
  readonly onRefused: () => void;
}

/** Text, selection and undo history of the documents shown lately, so that switching tabs does not lose what Ctrl+Z knows. */
const lately = new Map<string, unknown>();
const MAX_STATES = 20;
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

  override focus(): void {
    this.view?.focus();
  }

  private mount(source: EditorSource): void {
    this.view?.destroy();
    const extensions = editorExtensions(source, source.readOnly, source.onText, source.onRefused);
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
