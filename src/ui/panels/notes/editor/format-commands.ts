/** The commands of the formats, and their keys. */
import { redo, undo } from '@codemirror/commands';
import type { StateCommand } from '@codemirror/state';
import type { EditorView, KeyBinding } from '@codemirror/view';
import { type FormatId, formats } from './formats.ts';
import { indentLines, outdentLines } from './indent-lines.ts';
import { formatBold, formatItalic, formatLink } from './inline-formats.ts';
import {
  formatBullets,
  formatCodeOrBlock,
  formatHeading,
  formatNumbers,
  formatQuote,
  formatTasks,
  tickTasks,
} from './line-formats.ts';

/** The title is the note's first heading: those in its text come under it. */
const HEADING_LEVEL = 2;

const commands: { readonly [id in FormatId]: StateCommand } = {
  heading: formatHeading(HEADING_LEVEL),
  bold: formatBold,
  italic: formatItalic,
  code: formatCodeOrBlock,
  link: formatLink,
  bullets: formatBullets,
  numbers: formatNumbers,
  tasks: formatTasks,
  quote: formatQuote,
  indent: indentLines,
  outdent: outdentLines,
  undo,
  redo,
};

/** Formats the selection. While an input method is at it nothing happens: its letters are not the text's yet. */
export function runFormat(view: EditorView, id: FormatId): boolean {
  return !view.compositionStarted && commands[id](view);
}

/** Without a selection Ctrl+K goes on to the command palette. */
const runKey =
  (id: FormatId) =>
  (view: EditorView): boolean =>
    !(id === 'link' && view.state.selection.main.empty) && runFormat(view, id);

const codeMirrorKey = (keys: string): string =>
  keys.replaceAll('+', '-').replace(/-([A-Z])$/, (_, letter) => `-${letter.toLowerCase()}`);

/** Tab is not bound: it leaves the editor, as everywhere else. */
export const formatKeys: readonly KeyBinding[] = [
  ...formats.map(({ id, keys }) => ({ key: codeMirrorKey(keys), run: runKey(id) })),
  { key: 'Mod-Enter', run: tickTasks },
];
