/** Headings, lists, tasks, quotes and blocks of code: what is at the beginning of lines. */
import type { ChangeSpec, EditorState, Line, StateCommand } from '@codemirror/state';
import { dispatchFormat } from './dispatch-format.ts';
import { formatCode } from './inline-formats.ts';
import { isNumber, type LineParts, readLine } from './line-parts.ts';
import { nodesAround } from './syntax.ts';

/** The lines that the selections touch, each once. */
export function selectedLines({ selection, doc }: EditorState): readonly Line[] {
  const lines = new Map<number, Line>();
  for (const { from, to, empty } of selection.ranges) {
    for (let at = from; at <= to; ) {
      const line = doc.lineAt(at);
      // A selection that ends before the first letter of a line does not mean that line.
      if (empty || line.from < to || line.from === from) lines.set(line.from, line);
      at = line.to + 1;
    }
  }
  return [...lines.values()];
}

/** Blank lines between others are left alone; a blank line alone is meant. */
function meantLines(state: EditorState): readonly Line[] {
  const lines = selectedLines(state);
  const written = lines.filter(({ text }) => readLine(text).words.trim() !== '' || readLine(text).marker !== '');
  return written.length > 0 ? written : lines.slice(0, 1);
}

/** Replaces what is before the words of a line, as little of it as differs. */
function rewrite({ from, text }: Line, next: string): readonly ChangeSpec[] {
  const old = text.slice(0, text.length - readLine(text).words.length);
  let same = 0;
  while (same < old.length && same < next.length && old[same] === next[same]) same++;
  if (old === next) return [];
  return [{ from: from + same, to: from + old.length, insert: next.slice(same) }];
}

interface LineFormat {
  readonly isOn: (parts: LineParts) => boolean;
  /** What comes before the words of a line. */
  readonly on: (parts: LineParts) => string;
}

/** Formats the selected lines, or takes the format away where all of them have it. */
const toggleLines =
  ({ isOn, on }: LineFormat): StateCommand =>
  ({ state, dispatch }) => {
    if (state.readOnly) return false;
    const lines = meantLines(state);
    const isAll = lines.every(({ text }) => isOn(readLine(text)));
    const changes = lines.flatMap((line) => {
      const parts = readLine(line.text);
      return rewrite(line, isAll ? parts.quote + parts.indent : on(parts));
    });
    return dispatchFormat(state, dispatch, withCaret(state, changes));
  };

/** A caret at the beginning of a line stays in front of its words, behind what is put there. */
function withCaret(state: EditorState, specs: readonly ChangeSpec[]) {
  const changes = state.changes([...specs]);
  return { changes, selection: state.selection.map(changes, 1) };
}

/** A heading of a level. Another level replaces it. */
export const formatHeading = (level: number): StateCommand =>
  toggleLines({
    isOn: ({ heading }) => heading.trim().length === level,
    on: ({ quote }) => `${quote}${'#'.repeat(level)} `,
  });

export const formatBullets: StateCommand = toggleLines({
  isOn: ({ marker, box }) => marker !== '' && !isNumber(marker) && box === '',
  on: ({ quote, indent }) => `${quote}${indent}- `,
});

export const formatTasks: StateCommand = toggleLines({
  isOn: ({ box }) => box !== '',
  on: ({ quote, indent, marker, box }) => `${quote}${indent}${isNumber(marker) ? marker : '- '}${box || '[ ] '}`,
});

export const formatNumbers: StateCommand = (target) => {
  const { doc } = target.state;
  const first = meantLines(target.state)[0]?.number ?? 1;
  const above = first > 1 ? doc.line(first - 1).text : '';
  const counts = new Map<string, number>();
  const command = toggleLines({
    isOn: ({ marker, box }) => isNumber(marker) && box === '',
    on({ quote, indent }) {
      const level = quote + indent;
      // The first of a level goes on with the list above; what is deeper begins again under each item.
      const before = counts.get(level) ?? numberAbove(above, level);
      for (const other of counts.keys()) if (other.length > level.length) counts.delete(other);
      counts.set(level, before + 1);
      return `${level}${before + 1}. `;
    },
  });
  return command(target);
};

function numberAbove(text: string, start: string): number {
  const { quote, indent, marker } = readLine(text);
  return quote + indent === start && isNumber(marker) ? Number.parseInt(marker, 10) : 0;
}

/** Quotes the selected lines with what is blank between them, one level more; takes one level away where all are quoted. */
export const formatQuote: StateCommand = ({ state, dispatch }) => {
  if (state.readOnly) return false;
  const lines = selectedLines(state);
  const isOn = lines.every(({ text }) => readLine(text).quote !== '');
  const changes = lines.map(({ from, text }): ChangeSpec => {
    if (!isOn) return { from, insert: text === '' && lines.length > 1 ? '>' : '> ' };
    return { from, to: from + (/^[ \t]{0,3}>[ \t]?/.exec(text)?.[0].length ?? 0) };
  });
  return dispatchFormat(state, dispatch, withCaret(state, changes));
};

const FENCE = /^[ \t]{0,3}(`{3,}|~{3,})/;

/** The first and last lines of the block of code that a stretch is in, or that it is; `close` is missing where the text ends in it. */
function blockAround(
  state: EditorState,
  from: number,
  to: number,
): { readonly open: Line; readonly close: Line | undefined } | undefined {
  for (const node of nodesAround(state, from, to)) {
    if (node.name !== 'FencedCode' || node.from > from || node.to < to) continue;
    const [open, close] = [state.doc.lineAt(node.from), state.doc.lineAt(node.to)];
    if (close.number > open.number + 1) return { open, close: FENCE.test(close.text) ? close : undefined };
  }
  return undefined;
}

/** Code inside a line, or a block of code where the selection has several lines. */
export const formatCodeOrBlock: StateCommand = ({ state, dispatch }) => {
  if (state.readOnly) return false;
  const lines = selectedLines(state);
  const [first, last] = [lines[0], lines.at(-1)];
  if (!first || !last) return false;
  const block = blockAround(state, first.from, last.to);
  if (block) {
    const { open, close } = block;
    const changes = [{ from: open.from, to: open.to + 1 }, ...(close ? [{ from: close.from - 1, to: close.to }] : [])];
    return dispatchFormat(state, dispatch, withCaret(state, changes));
  }
  if (first === last) return formatCode({ state, dispatch });
  const longest = Math.max(2, ...lines.map(({ text }) => /`{3,}/.exec(text)?.[0].length ?? 0));
  const fence = '`'.repeat(longest + 1);
  const changes = state.changes([
    { from: first.from, insert: `${fence}\n` },
    { from: last.to, insert: `\n${fence}` },
  ]);
  const { main } = state.selection;
  const map = (at: number): number => {
    const inside = Math.min(Math.max(at, first.from), last.to);
    return changes.mapPos(inside, inside === last.to ? -1 : 1);
  };
  return dispatchFormat(state, dispatch, { changes, selection: { anchor: map(main.anchor), head: map(main.head) } });
};

/** Ticks or opens the tasks of the selected lines; a list item without a box gets one. */
export const tickTasks: StateCommand = ({ state, dispatch }) => {
  if (state.readOnly) return false;
  const changes = selectedLines(state).flatMap(({ from, text }): readonly ChangeSpec[] => {
    const { quote, indent, marker, box } = readLine(text);
    if (marker === '') return [];
    const at = from + quote.length + indent.length + marker.length;
    return box === '' ? [{ from: at, insert: '[ ] ' }] : [{ from: at + 1, to: at + 2, insert: box[1] === ' ' ? 'x' : ' ' }];
  });
  return changes.length > 0 && dispatchFormat(state, dispatch, { changes: [...changes] });
};
