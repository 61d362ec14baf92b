/** Bold, italic, code and links: marks around words, by what the text means (its syntax tree), not by what it looks like. */
import {
  type ChangeSet,
  type ChangeSpec,
  EditorSelection,
  type EditorState,
  type SelectionRange,
  type StateCommand,
} from '@codemirror/state';
import { dispatchFormat } from './dispatch-format.ts';
import { LINE_START } from './line-parts.ts';
import { nodesAround, treeTo } from './syntax.ts';

interface Mark {
  /** What is put around words. */
  readonly text: string;
  /** The node of the syntax tree. */
  readonly node: 'StrongEmphasis' | 'Emphasis' | 'InlineCode';
}

interface Stretch {
  readonly from: number;
  readonly to: number;
}

const isBlank = (sign: string): boolean => /\s/.test(sign);

/** The stretches of a range that a mark can enclose: one a line, without blanks at its ends and without the line's own marks. */
function stretchesOf(state: EditorState, { from, to }: Stretch): readonly Stretch[] {
  const stretches: Stretch[] = [];
  for (let at = from; at <= to; ) {
    const line = state.doc.lineAt(at);
    const start = line.from + (LINE_START.exec(line.text)?.[0].length ?? 0);
    let [first, last] = [Math.max(from, start), Math.min(to, line.to)];
    while (first < last && isBlank(state.sliceDoc(first, first + 1))) first++;
    while (last > first && isBlank(state.sliceDoc(last - 1, last))) last--;
    if (first < last) stretches.push({ from: first, to: last });
    at = line.to + 1;
  }
  return stretches;
}

interface Found extends Stretch {
  /** What is between the marks. */
  readonly inner: Stretch;
}

/** The marked places of one kind that touch a stretch. */
function foundIn(state: EditorState, { node }: Mark, { from, to }: Stretch): readonly Found[] {
  const found: Found[] = [];
  treeTo(state, to).iterate({
    from,
    to,
    enter: ({ name, node: it }) => {
      const { firstChild, lastChild } = it;
      if (name !== node || !firstChild || !lastChild) return;
      found.push({ from: it.from, to: it.to, inner: { from: firstChild.to, to: lastChild.from } });
    },
  });
  return found;
}

/**
 * What the syntax tree does not see, such as emphasis beside full-width punctuation: the marks are right around the stretch, or at
 * its ends.
 */
function foundAround(state: EditorState, { text, node }: Mark, { from, to }: Stretch): Found | undefined {
  if (node === 'InlineCode') return undefined;
  const [, open = '', words = '', close = ''] = /^(\**)([^*]*)(\**)$/s.exec(state.sliceDoc(from, to)) ?? [];
  const before = open.length + (/\**$/.exec(state.sliceDoc(Math.max(0, from - 4), from))?.[0].length ?? 0);
  const after = close.length + (/^\**/.exec(state.sliceDoc(to, to + 4))?.[0].length ?? 0);
  if (words === '' || before !== after || (before !== text.length && before !== 3)) return undefined;
  const inner = { from: from + open.length, to: to - close.length };
  return { from: inner.from - text.length, to: inner.to + text.length, inner };
}

const isMarksOnly = (text: string): boolean => /^[*_~`\s]*$/.test(text);

/** The found place that a stretch is in, wholly. */
function enclosing(state: EditorState, mark: Mark, stretch: Stretch): Found | undefined {
  return (
    foundIn(state, mark, stretch).findLast(({ from, to }) => from <= stretch.from && stretch.to <= to) ??
    foundAround(state, mark, stretch)
  );
}

/** Takes the mark from a stretch inside a marked place; what is marked beside it stays so. */
function unmark(state: EditorState, { text }: Mark, { from, to, inner }: Found, stretch: Stretch): readonly ChangeSpec[] {
  const start = Math.max(stretch.from, inner.from);
  const end = Math.min(stretch.to, inner.to);
  const left = state.sliceDoc(inner.from, start);
  const right = state.sliceDoc(end, inner.to);
  const closing = inner.from + left.trimEnd().length;
  const opening = end + (right.length - right.trimStart().length);
  return [
    isMarksOnly(left) ? { from, to: inner.from } : { from: closing, insert: text },
    isMarksOnly(right) ? { from: inner.to, to } : { from: opening, insert: text },
  ];
}

/** Code that holds a backtick has longer marks, and a blank where it begins or ends with one. */
function marksFor(state: EditorState, { text, node }: Mark, { from, to }: Stretch): readonly [string, string] {
  if (node !== 'InlineCode') return [text, text];
  const inside = state.sliceDoc(from, to);
  const longest = Math.max(0, ...[...inside.matchAll(/`+/g)].map(([run]) => run.length));
  if (longest === 0) return [text, text];
  const fence = '`'.repeat(longest === 1 ? 2 : longest + 1);
  return [`${fence} `, ` ${fence}`];
}

/** Puts the mark around a stretch: one with what of it is marked already, and with what it follows or is followed by. */
function markUp(state: EditorState, mark: Mark, stretch: Stretch): readonly ChangeSpec[] {
  const inside = foundIn(state, mark, stretch).filter((one) => one.to > stretch.from && one.from < stretch.to);
  const [open, close] = marksFor(state, mark, stretch);
  const first = inside[0];
  const last = inside.at(-1);
  const joinsStart = first !== undefined && first.from < stretch.from;
  const joinsEnd = last !== undefined && last.to > stretch.to;
  const gone = inside.flatMap(({ from, to, inner }) => [
    ...(from < stretch.from ? [] : [{ from, to: inner.from }]),
    ...(to > stretch.to ? [] : [{ from: inner.to, to }]),
  ]);
  // A neighbour of the same kind grows instead.
  const before = joinsStart || mark.node === 'InlineCode' ? undefined : neighbour(state, mark, stretch.from, -1);
  const after = joinsEnd || mark.node === 'InlineCode' ? undefined : neighbour(state, mark, stretch.to, 1);
  return [
    ...gone,
    ...(joinsStart ? [] : [before ? { from: before.inner.to, to: before.to } : { from: stretch.from, insert: open }]),
    ...(joinsEnd ? [] : [after ? { from: after.from, to: after.inner.from } : { from: stretch.to, insert: close }]),
  ];
}

function neighbour(state: EditorState, mark: Mark, at: number, side: -1 | 1): Found | undefined {
  const line = state.doc.lineAt(at);
  const beside = side < 0 ? state.sliceDoc(line.from, at) : state.sliceDoc(at, line.to);
  const blanks = (side < 0 ? /[ \t]*$/ : /^[ \t]*/).exec(beside)?.[0].length ?? 0;
  if (blanks === 0) return undefined;
  const edge = at + side * blanks;
  return foundIn(state, mark, { from: edge, to: edge }).find(({ from, to }) => (side < 0 ? to === edge : from === edge));
}

/** Without a selection: the word at the caret; `null` where the caret is between the marks of nothing. */
function stretchAt(state: EditorState, { head }: SelectionRange, { text }: Mark): Stretch | undefined | null {
  const around =
    state.sliceDoc(Math.max(0, head - text.length), head) === text && state.sliceDoc(head, head + text.length) === text;
  const sign = text.charAt(0);
  const isAlone = state.sliceDoc(head - text.length - 1, head - text.length) !== sign || head === text.length;
  if (around && isAlone) return null;
  const word = state.wordAt(head);
  return word && word.from < word.to ? { from: word.from, to: word.to } : undefined;
}

/** At a caret in no word: takes away the marks around it, of nothing (`isBetween`) or of words, or puts a pair there to write in. */
function toggleAtCaret(state: EditorState, mark: Mark, head: number, isBetween: boolean) {
  const { length } = mark.text;
  if (isBetween) return { changes: { from: head - length, to: head + length }, range: EditorSelection.cursor(head - length) };
  const found = enclosing(state, mark, { from: head, to: head });
  if (!found) return { changes: { from: head, insert: mark.text + mark.text }, range: EditorSelection.cursor(head + length) };
  const changes = withoutMarks(state, found);
  return { changes, range: EditorSelection.cursor(changes.mapPos(head)) };
}

const withoutMarks = (state: EditorState, { from, to, inner }: Found): ChangeSet =>
  state.changes([
    { from, to: inner.from },
    { from: inner.to, to },
  ]);

/** Puts a mark around each selection, or takes it away where all of it has it. Without a selection it is for the word at the caret. */
const toggleMark =
  (mark: Mark): StateCommand =>
  ({ state, dispatch }) => {
    if (state.readOnly) return false;
    const stretches = state.selection.ranges.flatMap((range) => {
      if (!range.empty) return stretchesOf(state, range);
      const at = stretchAt(state, range, mark);
      return at ? [at] : [];
    });
    const isOn = stretches.length > 0 && stretches.every((stretch) => enclosing(state, mark, stretch) !== undefined);
    const changesIn = (range: Stretch): readonly ChangeSpec[] =>
      stretchesOf(state, range).flatMap((stretch) => {
        const found = enclosing(state, mark, stretch);
        if (isOn) return found ? unmark(state, mark, found, stretch) : [];
        return found ? [] : markUp(state, mark, stretch);
      });
    const spec = state.changeByRange((range) => {
      if (range.empty) {
        const at = stretchAt(state, range, mark);
        if (!at) return toggleAtCaret(state, mark, range.head, at === null);
        const changes = state.changes([...changesIn(at)]);
        // At the word's end the caret stays inside of its marks.
        return { changes, range: EditorSelection.cursor(changes.mapPos(range.head, range.head === at.to ? -1 : 1)) };
      }
      const changes = state.changes([...changesIn(range)]);
      const [from, to] = [changes.mapPos(range.from, 1), changes.mapPos(range.to, -1)];
      return { changes, range: range.anchor <= range.head ? EditorSelection.range(from, to) : EditorSelection.range(to, from) };
    });
    return dispatchFormat(state, dispatch, spec);
  };

export const formatBold: StateCommand = toggleMark({ text: '**', node: 'StrongEmphasis' });
export const formatItalic: StateCommand = toggleMark({ text: '*', node: 'Emphasis' });
export const formatCode: StateCommand = toggleMark({ text: '`', node: 'InlineCode' });

/** An address that is selected by itself. */
const ADDRESS = /^(?:https?:\/\/|mailto:|www\.)\S+$/i;
const NEW_ADDRESS = 'https://';

/** Makes the selection the text of a link, and selects the place for its address; takes the link away where the caret is in one. */
export const formatLink: StateCommand = ({ state, dispatch }) => {
  if (state.readOnly) return false;
  const spec = state.changeByRange((range) => {
    const link = linkAt(state, range);
    if (link) {
      const changes = withoutMarks(state, link);
      const from = changes.mapPos(link.inner.from);
      return { changes, range: EditorSelection.range(from, from + link.inner.to - link.inner.from) };
    }
    const text = state.sliceDoc(range.from, range.to);
    if (ADDRESS.test(text)) {
      return {
        changes: { from: range.from, to: range.to, insert: `[](${text})` },
        range: EditorSelection.cursor(range.from + 1),
      };
    }
    const address = range.from + text.length + 3;
    return {
      changes: { from: range.from, to: range.to, insert: `[${text}](${NEW_ADDRESS})` },
      range: EditorSelection.range(address, address + NEW_ADDRESS.length),
    };
  });
  return dispatchFormat(state, dispatch, spec);
};

function linkAt(state: EditorState, { from, to }: Stretch): Found | undefined {
  for (const node of nodesAround(state, from, to)) {
    if (node.name !== 'Link' || node.to < to) continue;
    const marks = node.getChildren('LinkMark');
    const [open, close] = marks;
    // A link of another kind, such as one by a reference, is left to the person.
    if (open && close && node.getChild('URL')) return { from: node.from, to: node.to, inner: { from: open.to, to: close.from } };
  }
  return undefined;
}
