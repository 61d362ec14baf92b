import { panelKeys } from '#ui/panels/own-commands.ts';
import type { LocalKeys } from '#ui/panels/panel.ts';

/** Those of the panels and of the shell. */
export const localKeys: readonly LocalKeys[] = [
  ...panelKeys,
  {
    place: 'On a tab',
    rows: [
      { label: 'Move it', keys: 'Alt+Shift+←/→' },
      { label: 'Close it', keys: 'Delete' },
    ],
  },
];
