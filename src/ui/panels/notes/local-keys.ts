import type { LocalKeys } from '#ui/panels/panel.ts';
import { formats } from './editor/formats.ts';

/** A test compares them with those of the editor (`editor/format-commands.ts`). */
export const localKeys: LocalKeys = {
  place: 'In the text of a note',
  rows: [
    ...formats.map(({ id, label, keys }) => ({ label: id === 'link' ? 'Make the selection a link' : label, keys })),
    { label: 'Tick a task', keys: 'Mod+Enter' },
    { label: 'Find in the note', keys: 'Mod+F' },
    { label: 'Find and replace', keys: 'Mod+H' },
    { label: 'Next and previous hit', keys: 'F3' },
    { label: 'Open the link at the caret', keys: 'Mod+Shift+Enter' },
  ],
};
