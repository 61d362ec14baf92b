import { BINNED_AT, defineEntity } from '#core/entity.ts';
import { oneOf, set, string, text, time } from '#core/fields.ts';

/** A question and its answer. */
export const flashcard = defineEntity({
  kind: 'flashcard',
  version: 1,
  scope: 'synced',
  nouns: { one: 'flashcard', many: 'flashcards' },
  document: {
    titleField: 'front',
    textField: 'back',
    facets: [{ field: 'tags', nouns: { one: 'tag', many: 'tags' } }],
    hasHistory: true,
    icon: 'lightbulb',
  },
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
