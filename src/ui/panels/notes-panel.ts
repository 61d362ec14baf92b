import { definePanel } from './panel.ts';

export const panel = definePanel({
  id: 'notes',
  label: 'Notes',
  icon: 'notebook',
  slot: 'main',
  order: 20,
  element: 'notes-view',
  load: () => import('./notes/notes-view.ts'),
  documents: 'note',
  newWords: 'write',
  keys: [
    { command: 'new-note', keys: 'App+N' },
    { command: 'toggle-preview', keys: 'App+P' },
  ],
  loadShared: () => import('./notes/take-shared.ts'),
  isHome: true,
  action: { label: 'New note', icon: 'plus', path: '/notes/new', command: 'new-note' },
});
