/** Keys that count in one place only, where they are handled; the shortcut sheet shows them, and a test compares those of the editor. */
export const localKeys: readonly {
  readonly place: string;
  readonly rows: readonly { readonly label: string; readonly keys: string }[];
}[] = [
  {
    place: 'In the text of a note',
    rows: [
      { label: 'Bold', keys: 'Mod+B' },
      { label: 'Italic', keys: 'Mod+I' },
      { label: 'Code', keys: 'Mod+E' },
      { label: 'Make the selection a link', keys: 'Mod+K' },
      { label: 'Tick a task', keys: 'Mod+Enter' },
      { label: 'Find in the note', keys: 'Mod+F' },
    ],
  },
  {
    place: 'On a tab',
    rows: [
      { label: 'Move it', keys: 'Alt+Shift+←/→' },
      { label: 'Close it', keys: 'Delete' },
    ],
  },
  {
    place: 'In a message',
    rows: [
      { label: 'Send', keys: 'Enter' },
      { label: 'New line', keys: 'Shift+Enter' },
    ],
  },
];
