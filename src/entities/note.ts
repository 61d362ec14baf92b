import { BINNED_AT, defineEntity } from '#core/entity.ts';
import { flag, set, string, text, time } from '#core/fields.ts';

/** A study note in Markdown. */
export const note = defineEntity({
  kind: 'note',
  version: 1,
  scope: 'synced',
  fields: {
    title: string('', { searchable: true }),
    text: text('', { searchable: true }),
    tags: set([], { searchable: true }),
    starred: flag(false),
    notebook: string('', { searchable: true }),
    [BINNED_AT]: time(null),
  },
  migrations: {},
  title: (fields) => String(fields.title || 'Untitled note'),
  sample: () => ({
    title: 'Photosynthesis',
    text: '# Light reactions\n\nWater in, oxygen out. 🌱\n',
    tags: ['biology', 'exam'],
    starred: true,
    notebook: 'Plants',
    [BINNED_AT]: null,
  }),
});
