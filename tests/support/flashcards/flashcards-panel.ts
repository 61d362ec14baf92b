import { definePanel } from '#ui/panels/panel.ts';

export const panel = definePanel({
  id: 'flashcards',
  label: 'Flashcards',
  icon: 'square',
  slot: 'main',
  order: 15,
  element: 'flashcards-view',
  load: () => import('./flashcards-view.ts'),
  documents: 'flashcard',
});
