import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { deleteMarkupBackward, insertNewlineContinueMarkup, markdownLanguage } from '@codemirror/lang-markdown';
import { selectNextOccurrence, selectSelectionMatches } from '@codemirror/search';
import { EditorState, type Extension } from '@codemirror/state';
import { EditorView, highlightActiveLine, keymap, placeholder } from '@codemirror/view';
import { clearOfMessages } from './clear-of-messages.ts';
import { editorLook } from './codemirror-theme.ts';
import { formatKeys } from './format-commands.ts';
import { incoming } from './incoming.ts';
import { lineDirections } from './line-directions.ts';
import { searchedWords } from './searched-words.ts';

export interface EditorWords {
  readonly label: string;
  readonly placeholder: string;
}

/**
 * A Markdown editor that keeps the text exactly: only `\n` ends a line, so that a `\r` from elsewhere survives an edit
 * next to it. `onText` is called for each change made here, before anything else happens.
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
    clearOfMessages,
    highlightActiveLine(),
    searchedWords,
    EditorView.lineWrapping,
    lineDirections,
    EditorView.contentAttributes.of({ dir: 'auto' }),
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
      // What is found is found by the app's own panel; these two of CodeMirror's need none.
      { key: 'Mod-Shift-l', run: selectSelectionMatches },
      { key: 'Mod-d', run: selectNextOccurrence, preventDefault: true },
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
