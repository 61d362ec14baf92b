/** Finding and replacing in the editor: CodeMirror's search, without its panel. The panel is the app's, outside of the editor. */
import {
  closeSearchPanel,
  findNext,
  findPrevious,
  openSearchPanel,
  replaceAll,
  replaceNext,
  SearchQuery,
  search,
  searchPanelOpen,
  setSearchQuery,
} from '@codemirror/search';
import type { EditorState, Extension } from '@codemirror/state';
import { EditorView, ViewPlugin } from '@codemirror/view';
import { cutsNoReference, LONGEST_REFERENCE } from '#core/blobs.ts';
import { keepInSight, scrollerOf } from '#ui/controllers/scroller.ts';
import type { FindQuery } from '#ui/text/find-places.ts';

/** Where the present place is among all, from 0; -1 where the selection is at none. */
export interface Found {
  readonly at: number;
  readonly total: number;
  /** There may be more. */
  readonly more: boolean;
}

/** More are not counted: nobody goes through them one by one. */
const MOST_COUNTED = 1000;
/** Counting waits for a pause of the typing. */
const PAUSE_MS = 100;

/** Digits and letters in the address of a picture are no words, and replacing them would lose it. */
function isWords(_match: string, state: EditorState, from: number, to: number): boolean {
  const start = Math.max(0, from - LONGEST_REFERENCE);
  return cutsNoReference(state.sliceDoc(start, to + LONGEST_REFERENCE), from - start, to - start);
}

function count(state: EditorState, query: SearchQuery): Found {
  const { from, to } = state.selection.main;
  let [at, total] = [-1, 0];
  if (query.valid) {
    const cursor = query.getCursor(state);
    for (let next = cursor.next(); !next.done; next = cursor.next()) {
      if (total === MOST_COUNTED) return { at, total, more: true };
      if (next.value.from === from && next.value.to === to) at = total;
      total++;
    }
  }
  return { at, total, more: false };
}

/** Keeps the selection in sight, once CodeMirror has drawn it. */
function settle(view: EditorView): void {
  requestAnimationFrame(() => {
    const scroller = view.dom.isConnected ? scrollerOf(view.dom) : null;
    if (scroller) keepInSight(scroller, () => (view.dom.isConnected ? placeOf(view) : null));
  });
}

/** Where the caret is in the window; of a line that is not drawn, where the line is expected. */
function placeOf(view: EditorView): Pick<DOMRect, 'top' | 'bottom'> {
  const { head } = view.state.selection.main;
  const line = view.lineBlockAt(head);
  return view.coordsAtPos(head) ?? { top: view.documentTop + line.top, bottom: view.documentTop + line.bottom };
}

export interface TextFinder {
  readonly extension: Extension;
  /** Looks for words from the caret on; null ends it. */
  find(view: EditorView, query: FindQuery | null): void;
  step(view: EditorView, by: number): void;
  replace(view: EditorView, text: string, all: boolean): void;
}

/** `onFound` is called with how many places there are, and at which the selection is. */
export function textFinder(onFound: (found: Found) => void): TextFinder {
  let query = new SearchQuery({ search: '' });

  const set = (view: EditorView, next: Pick<SearchQuery, 'search' | 'caseSensitive' | 'wholeWord' | 'replace'>): void => {
    query = new SearchQuery({ ...next, literal: true, test: isWords });
    view.dispatch({ effects: setSearchQuery.of(query) });
  };

  const tell = (view: EditorView): void => onFound(count(view.state, query));

  const counting = ViewPlugin.define((view) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    return {
      update({ docChanged, selectionSet, state }) {
        if (!searchPanelOpen(state) || !(docChanged || selectionSet)) return;
        clearTimeout(timer);
        timer = setTimeout(() => tell(view), PAUSE_MS);
      },
      destroy: () => clearTimeout(timer),
    };
  });

  /** The first place from the selection's beginning on, else the first of all. */
  const selectFirst = (view: EditorView): void => {
    const { state } = view;
    const after = query.getCursor(state, state.selection.main.from).next();
    const place = after.done ? query.getCursor(state).next() : after;
    if (place.done) return;
    const { from, to } = place.value;
    view.dispatch({
      selection: { anchor: from, head: to },
      effects: EditorView.scrollIntoView(from, { y: 'center' }),
      userEvent: 'select.search',
    });
    settle(view);
  };

  return {
    extension: [search({ createPanel: () => ({ dom: document.createElement('div') }), literal: true }), counting],
    find(view, wanted) {
      if (wanted === null) {
        closeSearchPanel(view);
        return;
      }
      if (!searchPanelOpen(view.state)) openSearchPanel(view);
      const { words, matchCase, wholeWord } = wanted;
      const isBlank = words.trim() === '';
      set(view, { search: isBlank ? '' : words, caseSensitive: matchCase, wholeWord, replace: query.replace });
      if (query.valid) selectFirst(view);
      tell(view);
    },
    step(view, by) {
      if (by > 0) findNext(view);
      else findPrevious(view);
      settle(view);
      tell(view);
    },
    replace(view, text, all) {
      const { search: words, caseSensitive, wholeWord } = query;
      set(view, { search: words, caseSensitive, wholeWord, replace: text });
      if (all) replaceAll(view);
      else replaceNext(view);
      tell(view);
    },
  };
}
