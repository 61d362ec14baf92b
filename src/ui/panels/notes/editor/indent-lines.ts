/** More and less indent: for items of lists by as much as Markdown needs for one level, with all that is inside of them. */
import { indentLess, indentMore } from '@codemirror/commands';
import type { ChangeSpec, EditorState, Line, StateCommand } from '@codemirror/state';
import { dispatchFormat } from './dispatch-format.ts';
import { selectedLines } from './line-formats.ts';
import { columnsOf, readLine } from './line-parts.ts';

/** Where the words of a line begin, and where its marker. */
function levelOf(text: string): {
  readonly at: number;
  readonly words: number;
  readonly isItem: boolean;
  readonly quote: string;
} {
  const { quote, indent, marker } = readLine(text);
  const at = columnsOf(indent);
  return { at, words: at + (marker.trimEnd() === '' ? 0 : marker.trimEnd().length + 1), isItem: marker !== '', quote };
}

/** The lines, and those that belong to the items among them: deeper ones, and blank ones before such. */
function withInside(state: EditorState, lines: readonly Line[]): readonly Line[] {
  const all = new Map(lines.map((line) => [line.number, line]));
  for (const line of lines) {
    const item = levelOf(line.text);
    if (!item.isItem) continue;
    let blanks: Line[] = [];
    for (let next = line.number + 1; next <= state.doc.lines; next++) {
      const inside = state.doc.line(next);
      const parts = readLine(inside.text);
      if (parts.words.trim() === '' && parts.marker === '') blanks.push(inside);
      else if (columnsOf(parts.indent) > item.at && parts.quote === item.quote) {
        for (const one of [...blanks, inside]) all.set(one.number, one);
        blanks = [];
      } else break;
    }
  }
  return [...all.values()].sort((a, b) => a.number - b.number);
}

/** The nearest item above a line that `fits`, as long as the list goes on. */
function itemAbove(
  state: EditorState,
  { number, text }: Line,
  fits: (at: number) => boolean,
): ReturnType<typeof levelOf> | undefined {
  const { quote } = readLine(text);
  for (let above = number - 1; above >= 1; above--) {
    const line = state.doc.line(above).text;
    const level = levelOf(line);
    if (level.isItem && level.quote === quote && fits(level.at)) return level;
    // Words at the left end of a paragraph end the list.
    if (!level.isItem && line.trim() !== '' && level.at === 0) return undefined;
  }
  return undefined;
}

function shift(lines: readonly Line[], columns: number): readonly ChangeSpec[] {
  return lines.flatMap(({ from, text }): readonly ChangeSpec[] => {
    const { quote, indent, words, marker } = readLine(text);
    if (words.trim() === '' && marker === '') return [];
    const next = ' '.repeat(Math.max(0, columnsOf(indent) + columns));
    return [{ from: from + quote.length, to: from + quote.length + indent.length, insert: next }];
  });
}

function moveItems(state: EditorState, columnsFor: (first: Line) => number): readonly ChangeSpec[] | null {
  const lines = selectedLines(state).filter(({ text }) => text.trim() !== '');
  const [first] = lines;
  if (!first || !levelOf(first.text).isItem) return null;
  const columns = columnsFor(first);
  return columns === 0 ? [] : shift(withInside(state, lines), columns);
}

/** Puts items under the one above them; other lines are indented by two blanks. */
export const indentLines: StateCommand = ({ state, dispatch }) => {
  if (state.readOnly) return false;
  const changes = moveItems(state, (first) => {
    const { at } = levelOf(first.text);
    const sibling = itemAbove(state, first, (other) => other <= at);
    // The first item of a list, or one that is deeper than the item above already: there is nothing to put it under.
    return sibling && sibling.at === at ? sibling.words - at : 0;
  });
  if (changes === null) return indentMore({ state, dispatch });
  return dispatchFormat(state, dispatch, { changes: [...changes] });
};

/** Takes items out of the one that they are under. */
export const outdentLines: StateCommand = ({ state, dispatch }) => {
  if (state.readOnly) return false;
  const changes = moveItems(state, (first) => {
    const { at } = levelOf(first.text);
    return (itemAbove(state, first, (other) => other < at)?.at ?? 0) - at;
  });
  if (changes === null) return indentLess({ state, dispatch });
  return dispatchFormat(state, dispatch, { changes: [...changes] });
};
