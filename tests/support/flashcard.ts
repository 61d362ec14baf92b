/** A kind of document that the app does not have: what is shared by all kinds must serve it without a word of its own. */
import { BINNED_AT, defineEntity } from '#core/entity.ts';
import { oneOf, set, string, text, time } from '#core/fields.ts';
import { definePanel } from '#ui/panels/panel.ts';

export const flashcard = defineEntity({
  kind: 'flashcard',
  version: 1,
  scope: 'synced',
  nouns: { one: 'flashcard', many: 'flashcards' },
  document: { titleField: 'front', hasHistory: true, icon: 'lightbulb' },
  fields: {
    front: string('', { searchable: true }),
    back: text('', { searchable: true }),
    level: oneOf(['new', 'known'], 'new'),
    tags: set([], { searchable: true }),
    [BINNED_AT]: time(null),
  },
  migrations: {},
  markdown: ({ front, back }) => `# ${front}\n\n${back}\n`,
  sample: () => ({ front: 'Calvin cycle', back: 'In the stroma', level: 'known', tags: ['exam'], [BINNED_AT]: null }),
});

export const flashcardsPanel = definePanel({
  id: 'flashcards',
  label: 'Flashcards',
  icon: 'square',
  place: 'main',
  order: 15,
  element: 'flashcards-view',
  load: async () => {},
  documents: 'flashcard',
});
