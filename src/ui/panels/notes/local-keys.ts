import type { LocalKeys } from '#ui/panels/panel.ts';

/** A test compares them with those of the editor (`markdown-keys.ts`). */
export const localKeys: LocalKeys = {
  place: 'In the text of a note',
  rows: [
    { label: 'Bold', keys: 'Mod+B' },
    { label: 'Italic', keys: 'Mod+I' },
    { label: 'Code', keys: 'Mod+E' },
    { label: 'Make the selection a link', keys: 'Mod+K' },
    { label: 'Tick a task', keys: 'Mod+Enter' },
    { label: 'Find in the note', keys: 'Mod+F' },
  ],
};
