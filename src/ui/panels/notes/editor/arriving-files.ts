/** Pictures and files that were pasted, dropped or picked: each has its place in the text while it is being kept. */
import { isolateHistory } from '@codemirror/commands';
import { type ChangeSpec, type EditorState, type Extension, StateEffect, StateField } from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView, WidgetType } from '@codemirror/view';

export interface ArrivingFiles {
  /** Keeps a file, and gives how the text refers to it; null where it was not kept, and the person knows. */
  readonly keep: (file: File, signal: AbortSignal, onProgress: (share: number) => void) => Promise<string | null>;
  /** What was kept when its place in the editor was no longer there. */
  readonly onLate: (reference: string) => void;
  /** All that could be kept is; `alt` is where the first picture's words belong. Not called where nothing was. */
  readonly onKept: (alt: { readonly from: number; readonly to: number } | null) => void;
  /** Files came to a text that is only to be read. */
  readonly onRefused: () => void;
}

const begin = StateEffect.define<{ readonly at: number; readonly widget: ArrivingFile }>({
  map: ({ at, widget }, changes) => ({ at: changes.mapPos(at), widget }),
});
const end = StateEffect.define<ArrivingFile>();

/** What is shown in the place of a file until it is kept. Its element is its own: it is drawn once. */
class ArrivingFile extends WidgetType {
  private readonly name: string;
  private readonly abort: AbortController;
  private readonly bar = document.createElement('progress');

  constructor(name: string, abort: AbortController) {
    super();
    this.name = name;
    this.abort = abort;
  }

  override toDOM(): HTMLElement {
    const place = document.createElement('span');
    place.className = 'cm-arriving-file';
    const name = document.createElement('bdi');
    name.textContent = this.name;
    this.bar.setAttribute('aria-label', `Adding ${this.name}`);
    const cancel = document.createElement('button');
    cancel.type = 'button';
    cancel.textContent = 'Cancel';
    cancel.addEventListener('click', () => this.abort.abort());
    place.append('Adding ', name, ' ', this.bar, ' ', cancel);
    return place;
  }

  show(share: number): void {
    this.bar.value = share;
  }

  override ignoreEvent(): boolean {
    return true;
  }
}

const arriving = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(places, { changes, effects }) {
    let next = places.map(changes);
    for (const effect of effects) {
      if (effect.is(begin)) {
        const { at, widget } = effect.value;
        // What is typed meanwhile comes behind it.
        next = next.update({ add: [Decoration.widget({ widget, side: -1 }).range(at)], sort: true });
      } else if (effect.is(end)) {
        next = next.update({ filter: (_from, _to, { spec }) => spec.widget !== effect.value });
      }
    }
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

function placeOf(state: EditorState, widget: ArrivingFile): number | null {
  let found: number | null = null;
  state.field(arriving, false)?.between(0, state.doc.length, (from, _to, { spec }) => {
    if (spec.widget === widget) found = from;
  });
  return found;
}

/** Takes files in at `from`, one after the other. */
export async function takeFiles(
  view: EditorView,
  files: readonly File[],
  from: number,
  { keep, onLate, onKept, onRefused }: ArrivingFiles,
): Promise<void> {
  if (view.state.readOnly) return onRefused();
  const waiting = files.map((file) => {
    const abort = new AbortController();
    return { file, abort, widget: new ArrivingFile(file.name || 'picture', abort) };
  });
  view.dispatch({ effects: waiting.map(({ widget }) => begin.of({ at: from, widget })) });
  let kept = false;
  let alt: { from: number; to: number } | null = null;
  for (const [at, { file, abort, widget }] of waiting.entries()) {
    const reference = abort.signal.aborted ? null : await keep(file, abort.signal, (share) => widget.show(share));
    const place = view.dom.isConnected ? placeOf(view.state, widget) : null;
    if (place === null) {
      if (reference !== null) onLate(reference);
      continue;
    }
    if (reference === null) {
      view.dispatch({ effects: end.of(widget) });
      continue;
    }
    const changes = separated(view.state, place, reference);
    const { main } = view.state.selection;
    const after = place + changes.insert.length;
    const later = waiting.slice(at + 1).filter((next) => placeOf(view.state, next.widget) === place);
    view.dispatch({
      // Those that wait in the same place come behind it.
      effects: [end.of(widget), ...later.flatMap((next) => [end.of(next.widget), begin.of({ at: after, widget: next.widget })])],
      changes,
      // The caret that was there goes on behind it.
      ...(main.empty && main.head === place && { selection: { anchor: after } }),
      userEvent: 'input.paste',
      // Undo takes it out alone.
      annotations: isolateHistory.of('full'),
    });
    kept = true;
    const words = /^\n?!\[(.*)\]\([^)]*\)$/.exec(changes.insert);
    if (words && !alt) {
      const begins = place + changes.insert.indexOf('[') + 1;
      alt = { from: begins, to: begins + (words[1] ?? '').length };
    }
  }
  if (kept) onKept(alt);
}

/** Behind a line of text, and behind another reference, a reference begins a line of its own. */
function separated(state: EditorState, at: number, reference: string): ChangeSpec & { readonly insert: string } {
  const line = state.doc.lineAt(at);
  const before = line.text.slice(0, at - line.from);
  const isApart = before.endsWith(')') || (before.trim() !== '' && at === line.to);
  return { from: at, insert: isApart ? `\n${reference}` : reference };
}

const isText = ({ type, name }: File): boolean =>
  type.startsWith('text/') ||
  /^application\/(json|xml|x-yaml|yaml)$/.test(type) ||
  /\.(md|markdown|txt|csv|ya?ml|tex)$/i.test(name);

const theme = EditorView.theme({
  '.cm-arriving-file': {
    display: 'inline-flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: 'var(--space-2)',
    maxInlineSize: '100%',
    padding: 'var(--space-1) var(--space-3)',
    border: '1px solid var(--line)',
    borderRadius: 'var(--radius-m)',
    backgroundColor: 'var(--surface-raised)',
    color: 'var(--ink-2)',
    fontFamily: 'var(--font-ui)',
    fontSize: 'var(--text-m)',
    lineHeight: 'var(--target)',
    overflowWrap: 'anywhere',
  },
  '.cm-arriving-file progress': { inlineSize: '6rem', accentColor: 'var(--accent-ink)' },
  '.cm-arriving-file button': {
    minBlockSize: 'var(--target)',
    padding: '0 var(--space-2)',
    border: '1px solid var(--line)',
    borderRadius: 'var(--radius-s)',
    background: 'none',
    color: 'var(--ink)',
    font: 'inherit',
    cursor: 'pointer',
  },
});

/** Takes what is pasted and dropped and is no text. Text files are read into the text by the editor itself. */
export function arrivingFiles(how: ArrivingFiles): Extension {
  const accept = (view: EditorView, event: Event, data: DataTransfer | null, at: number): boolean => {
    const files = [...(data?.files ?? [])];
    // A table from an office program comes as text and as a picture of it: the text is taken.
    if (files.length === 0 || files.every(isText) || data?.types.includes('text/plain')) return false;
    event.preventDefault();
    void takeFiles(view, files, at, how);
    return true;
  };
  return [
    arriving,
    theme,
    EditorView.domEventHandlers({
      dragover(event) {
        if (event.dataTransfer?.types.includes('Files')) event.preventDefault();
      },
      drop: (event, view) => accept(view, event, event.dataTransfer, view.posAtCoords(event, false)),
      paste: (event, view) => accept(view, event, event.clipboardData, view.state.selection.main.head),
    }),
  ];
}
