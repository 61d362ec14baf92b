/** The words of the search that led to a note, marked in its text until one writes or presses Escape. */
import { type Extension, StateEffect, StateField } from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView, keymap } from '@codemirror/view';
import type { PlacesIn } from '#ui/text/find-places.ts';
import { incoming } from './incoming.ts';

const setMarks = StateEffect.define<PlacesIn | null>();
const mark = Decoration.mark({ class: 'cm-searched' });

const marks = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(shown, transaction) {
    for (const effect of transaction.effects) {
      if (!effect.is(setMarks)) continue;
      const places = effect.value?.(transaction.newDoc.toString()) ?? [];
      return Decoration.set(places.map(([from, to]) => mark.range(from, to)));
    }
    if (!transaction.docChanged || shown === Decoration.none) return shown;
    return transaction.annotation(incoming) ? shown.map(transaction.changes) : Decoration.none;
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** Marks places of the text; null takes the marks away. Gives whether there were any. */
export function markWords(view: EditorView, places: PlacesIn | null): boolean {
  if (places === null && view.state.field(marks).size === 0) return false;
  view.dispatch({ effects: setMarks.of(places) });
  return true;
}

export const searchedWords: Extension = [
  marks,
  keymap.of([{ key: 'Escape', run: (view) => markWords(view, null) }]),
  EditorView.theme({ '.cm-searched': { backgroundColor: 'var(--mark)', borderRadius: '2px' } }),
];
