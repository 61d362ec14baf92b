import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { deleteMarkupBackward, insertNewlineContinueMarkup, markdownLanguage } from '@codemirror/lang-markdown';
import { search, searchKeymap } from '@codemirror/search';
import { Annotation, EditorState, type Extension } from '@codemirror/state';
import { EditorView, highlightActiveLine, keymap, placeholder } from '@codemirror/view';
import { editorLook } from './codemirror-theme.ts';
import { formatKeys } from './markdown-keys.ts';

/** Marks a change that came from another tab or device: it is shown, not saved again, and not undone by Ctrl+Z. */
export const incoming = Annotation.define<true>();

export interface EditorWords {
  readonly label: string;
  readonly placeholder: string;
}

/**
 * A Markdown editor that keeps the text exactly: only `\n` ends a line, so that a `\r` from elsewhere survives an edit
 * next to it. `onText` hears of each change made here, before anything else happens.
 */
export function editorExtensions(words: EditorWords, readOnly: boolean, onText: (text: string) => void): Extension {
  return [
    EditorState.lineSeparator.of('\n'),
    // What is pasted from another system brings its own line ends.
    EditorView.clipboardInputFilter.of((text) => text.replace(/\r\n?/g, '\n')),
    EditorState.readOnly.of(readOnly),
    EditorView.editable.of(!readOnly),
    history(),
    markdownLanguage,
    editorLook,
    highlightActiveLine(),
    search({ top: true }),
    EditorView.lineWrapping,
    placeholder(words.placeholder),
    EditorView.contentAttributes.of({
      'aria-label': words.label,
      'aria-readonly': String(readOnly),
      spellcheck: 'true',
      autocorrect: 'on',
      autocapitalize: 'sentences',
      // A read-only text must still be reached and selected by keyboard.
      ...(readOnly && { tabindex: '0' }),
    }),
    keymap.of([
      ...formatKeys,
      { key: 'Enter', run: insertNewlineContinueMarkup },
      { key: 'Backspace', run: deleteMarkupBackward },
      ...searchKeymap,
      ...historyKeymap,
      ...defaultKeymap,
    ]),
    EditorView.updateListener.of((update) => {
      if (!update.docChanged) return;
      if (update.transactions.every((transaction) => !transaction.docChanged || transaction.annotation(incoming))) return;
      onText(update.state.sliceDoc());
    }),
  ];
}
