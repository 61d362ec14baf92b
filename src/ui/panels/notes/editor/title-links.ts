/** Links to other notes in the text: `[[` offers their titles, Ctrl+click and Ctrl+Shift+Enter open one. */
import {
  autocompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
  completionKeymap,
} from '@codemirror/autocomplete';
import { type EditorState, type Extension, Prec } from '@codemirror/state';
import { Decoration, EditorView, keymap, MatchDecorator, ViewPlugin } from '@codemirror/view';
import { findTitleLinks, linkableTitle } from '#features/markdown/title-links.ts';

export interface TitleLinking {
  /** The titles that fit what has been typed, the best first. */
  readonly titles: (text: string) => Promise<readonly string[]>;
  /** Opens the note of a title, or a new one that is called so; undefined where there is no link. */
  readonly follow: (title: string | undefined) => Promise<void>;
}

/** The title of the link at a place of the text. */
export function titleAt(state: EditorState, at: number): string | undefined {
  const line = state.doc.lineAt(at);
  return findTitleLinks(line.text).find(({ from, to }) => line.from + from <= at && at <= line.from + to)?.title;
}

/** Puts a title between the brackets, and the caret behind them; brackets that are there already are used. */
const put =
  (title: string) =>
  (view: EditorView, _: Completion, from: number, to: number): void => {
    const end = view.state.sliceDoc(to, to + 2) === ']]' ? to + 2 : to;
    const insert = `${title}]]`;
    view.dispatch({
      changes: { from, to: end, insert },
      selection: { anchor: from + insert.length },
      userEvent: 'input.complete',
    });
  };

const completing =
  ({ titles }: TitleLinking) =>
  async (context: CompletionContext): Promise<CompletionResult | null> => {
    const before = context.matchBefore(/\[\[[^[\]|\n]{0,100}$/);
    if (!before) return null;
    const found = await titles(before.text.slice(2));
    if (context.aborted) return null;
    const labels = [...new Set(found.map(linkableTitle))].filter((title) => title !== '');
    return { from: before.from + 2, filter: false, options: labels.map((label) => ({ label, apply: put(label) })) };
  };

const link = Decoration.mark({ class: 'cm-title-link' });
const matcher = new MatchDecorator({
  regexp: /\[\[[^[\]\n]{1,400}\]\]/g,
  decorate: (add, from, to, [text]) => {
    if (findTitleLinks(text).length > 0) add(from, to, link);
  },
});

const marks = ViewPlugin.define(
  (view) => ({
    decorations: matcher.createDeco(view),
    update(update) {
      this.decorations = matcher.updateDeco(update, this.decorations);
    },
  }),
  { decorations: ({ decorations }) => decorations },
);

const theme = EditorView.theme({
  '.cm-title-link': { color: 'var(--accent-ink)' },
  '.cm-tooltip.cm-tooltip-autocomplete': {
    border: '1px solid var(--line)',
    borderRadius: 'var(--radius-m)',
    backgroundColor: 'var(--surface-raised)',
    color: 'var(--ink)',
    boxShadow: 'var(--shadow-2)',
    overflow: 'hidden',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': {
    fontFamily: 'var(--font-ui)',
    maxBlockSize: '16rem',
    maxInlineSize: 'min(24rem, 90vw)',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': {
    padding: 'var(--space-1) var(--space-3)',
    minBlockSize: 'var(--target)',
    lineHeight: 'var(--target)',
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    unicodeBidi: 'plaintext',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    backgroundColor: 'var(--surface-selected)',
    color: 'var(--ink)',
  },
});

export function titleLinking(linking: TitleLinking): Extension {
  return [
    autocompletion({ override: [completing(linking)], icons: false, defaultKeymap: false, interactionDelay: 0 }),
    Prec.highest(keymap.of(completionKeymap.filter(({ key }) => key !== 'Ctrl-Space' && key !== 'Alt-`'))),
    marks,
    theme,
    EditorView.domEventHandlers({
      mousedown(event, view) {
        if (event.button !== 0 || !(event.ctrlKey || event.metaKey)) return false;
        const at = view.posAtCoords({ x: event.clientX, y: event.clientY });
        const title = at === null ? undefined : titleAt(view.state, at);
        if (title === undefined) return false;
        event.preventDefault();
        void linking.follow(title);
        return true;
      },
    }),
    keymap.of([
      {
        key: 'Mod-Shift-Enter',
        run(view) {
          const title = titleAt(view.state, view.state.selection.main.head);
          if (title !== undefined) void linking.follow(title);
          return title !== undefined;
        },
      },
    ]),
  ];
}
