import { EditorSelection, type EditorState, type StateCommand, type Transaction } from '@codemirror/state';
import type { KeyBinding } from '@codemirror/view';

/** Puts a mark on both sides of each selection, or takes it away where it already is. */
function toggleMark(mark: string): StateCommand {
  return ({ state, dispatch }) => {
    if (state.readOnly) return false;
    const changes = state.changeByRange((range) => {
      const { from, to } = range;
      const before = state.sliceDoc(Math.max(0, from - mark.length), from);
      const after = state.sliceDoc(to, to + mark.length);
      if (before === mark && after === mark) {
        return {
          changes: [
            { from: from - mark.length, to: from },
            { from: to, to: to + mark.length },
          ],
          range: EditorSelection.range(range.anchor - mark.length, range.head - mark.length),
        };
      }
      return {
        changes: [
          { from, insert: mark },
          { from: to, insert: mark },
        ],
        range: EditorSelection.range(range.anchor + mark.length, range.head + mark.length),
      };
    });
    dispatch(state.update(changes, { userEvent: 'input.format', scrollIntoView: true }));
    return true;
  };
}

/** Makes the selection the text of a link, and selects the place for its address. */
const insertLink: StateCommand = ({ state, dispatch }) => {
  if (state.readOnly) return false;
  const changes = state.changeByRange(({ from, to }) => {
    const text = state.sliceDoc(from, to);
    const address = from + text.length + 3;
    return { changes: { from, to, insert: `[${text}](https://)` }, range: EditorSelection.range(address, address + 8) };
  });
  dispatch(state.update(changes, { userEvent: 'input.format', scrollIntoView: true }));
  return true;
};

const TASK = /^(\s*[-*+]\s+)\[([ xX])\]/;
const ITEM = /^(\s*[-*+]\s+)/;

/** Ticks or opens the tasks of the selected lines; a list item without a box gets one. */
const toggleTask: StateCommand = ({ state, dispatch }) => {
  if (state.readOnly) return false;
  const changes = selectedLines(state).flatMap(({ from, text }) => {
    const task = TASK.exec(text);
    if (task?.[1] !== undefined) {
      const at = from + task[1].length + 1;
      return [{ from: at, to: at + 1, insert: task[2] === ' ' ? 'x' : ' ' }];
    }
    const item = ITEM.exec(text);
    return item?.[1] === undefined ? [] : [{ from: from + item[1].length, insert: '[ ] ' }];
  });
  if (changes.length === 0) return false;
  dispatch(state.update({ changes, userEvent: 'input.format' }) as Transaction);
  return true;
};

function selectedLines(state: EditorState): readonly { readonly from: number; readonly text: string }[] {
  const lines = new Map<number, { readonly from: number; readonly text: string }>();
  for (const { from, to } of state.selection.ranges) {
    for (let at = from; at <= to; ) {
      const line = state.doc.lineAt(at);
      lines.set(line.from, line);
      at = line.to + 1;
    }
  }
  return [...lines.values()];
}

export const formatBold = toggleMark('**');
export const formatItalic = toggleMark('*');
export const formatCode = toggleMark('`');
export { insertLink, toggleTask };

/** Without a selection the key goes on to the command palette. */
const linkSelection: StateCommand = (target) => !target.state.selection.main.empty && insertLink(target);

/** Tab is not bound: it leaves the editor, as everywhere else. Ctrl+] and Ctrl+[ indent. */
export const formatKeys: readonly KeyBinding[] = [
  { key: 'Mod-b', run: formatBold },
  { key: 'Mod-i', run: formatItalic },
  { key: 'Mod-e', run: formatCode },
  { key: 'Mod-k', run: linkSelection },
  { key: 'Mod-Enter', run: toggleTask },
];
