import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { deleteMarkupBackward, insertNewlineContinueMarkup, markdownLanguage } from '@codemirror/lang-markdown';
import { selectNextOccurrence, selectSelectionMatches } from '@codemirror/search';
import { EditorState, type Extension } from '@codemirror/state';
import { EditorView, highlightActiveLine, keymap, placeholder } from '@codemirror/view';
import { editorLook } from './codemirror-theme.ts';
import { formatKeys } from './format-commands.ts';
import { incoming } from './incoming.ts';
import { lineDirections } from './line-directions.ts';
import { searchedWords } from './searched-words.ts';

export interface EditorWords {
  readonly label: string;
  readonly placeholder: string;
}

/** Called with what was pasted or dropped and no text can take: pictures, and files that are none of text. */
export type OnRefused = () => void;

const isText = ({ type, name }: File): boolean =>
  type.startsWith('text/') ||
  /^application\/(json|xml|x-yaml|yaml)$/.test(type) ||
  /\.(md|markdown|txt|csv|ya?ml|tex)$/i.test(name);

/** Text files are read into the text by the editor itself. */
function refuseFiles(onRefused: OnRefused): Extension {
  const refuse = (event: Event, data: DataTransfer | null): boolean => {
    const files = [...(data?.files ?? [])];
    // A table from an office program comes as text and as a picture of it: the text is taken.
    if (files.length === 0 || files.every(isText) || data?.types.includes('text/plain')) return false;
    event.preventDefault();
    onRefused();
    return true;
  };
  return EditorView.domEventHandlers({
    dragover(event) {
      if (event.dataTransfer?.types.includes('Files')) event.preventDefault();
    },
    drop: (event) => refuse(event, event.dataTransfer),
    paste: (event) => refuse(event, event.clipboardData),
  });
}

/**
 * A Markdown editor that keeps the text exactly: only `\n` ends a line, so that a `\r` from elsewhere survives an edit
 * next to it. `onText` is called for each change made here, before anything else happens.
 */
export function editorExtensions(
  words: EditorWords,
  readOnly: boolean,
  onText: (text: string) => void,
  onRefused: OnRefused = () => {},
): Extension {
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
    searchedWords,
    EditorView.lineWrapping,
    lineDirections,
    EditorView.contentAttributes.of({ dir: 'auto' }),
    refuseFiles(onRefused),
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
