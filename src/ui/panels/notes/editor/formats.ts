/** What can be done to the text of a note, once: for the toolbar, the palette, the sheet of shortcuts and the editor's keys. */
import type { IconName } from '#ui/parts/icon.ts';

export type FormatId =
  | 'heading'
  | 'bold'
  | 'italic'
  | 'bullets'
  | 'numbers'
  | 'tasks'
  | 'quote'
  | 'code'
  | 'link'
  | 'indent'
  | 'outdent'
  | 'undo'
  | 'redo';

export interface Format {
  readonly id: FormatId;
  readonly label: string;
  readonly icon: IconName;
  /** As in the sheet of shortcuts. */
  readonly keys: string;
  /** Other words that it is found by. */
  readonly words: string;
  /** Begins a group of the toolbar. */
  readonly apart?: true;
}

export const formats: readonly Format[] = [
  { id: 'heading', label: 'Heading', icon: 'heading', keys: 'Mod+Shift+1', words: 'title section' },
  { id: 'bold', label: 'Bold', icon: 'bold', keys: 'Mod+B', words: 'strong', apart: true },
  { id: 'italic', label: 'Italic', icon: 'italic', keys: 'Mod+I', words: 'emphasis' },
  { id: 'code', label: 'Code', icon: 'code', keys: 'Mod+E', words: 'monospace block' },
  { id: 'link', label: 'Link', icon: 'link', keys: 'Mod+K', words: 'address url' },
  { id: 'bullets', label: 'List', icon: 'list', keys: 'Mod+Shift+8', words: 'bullets items', apart: true },
  { id: 'numbers', label: 'Numbered list', icon: 'list-ordered', keys: 'Mod+Shift+7', words: 'ordered items' },
  { id: 'tasks', label: 'Task list', icon: 'list-todo', keys: 'Mod+Shift+9', words: 'todo check box' },
  { id: 'quote', label: 'Quote', icon: 'text-quote', keys: 'Mod+Shift+.', words: 'block' },
  { id: 'outdent', label: 'Less indent', icon: 'list-indent-decrease', keys: 'Mod+[', words: 'outdent level', apart: true },
  { id: 'indent', label: 'More indent', icon: 'list-indent-increase', keys: 'Mod+]', words: 'level nest' },
  { id: 'undo', label: 'Undo', icon: 'undo-2', keys: 'Mod+Z', words: 'back', apart: true },
  { id: 'redo', label: 'Redo', icon: 'redo-2', keys: 'Mod+Shift+Z', words: 'again' },
];
