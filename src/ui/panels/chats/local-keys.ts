import type { LocalKeys } from '#ui/panels/panel.ts';

export const localKeys: LocalKeys = {
  place: 'In a message',
  rows: [
    { label: 'Send', keys: 'Enter' },
    { label: 'New line', keys: 'Shift+Enter' },
  ],
};
