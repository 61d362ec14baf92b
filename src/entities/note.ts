import { BINNED_AT, defineEntity } from '#core/entity.ts';
import { flag, set, string, text, time } from '#core/fields.ts';

/** A study note in Markdown. */
export const note = defineEntity({
  kind: 'note',
  version: 2,
  scope: 'synced',
  nouns: { one: 'note', many: 'notes' },
  document: {
    titleField: 'title',
    starField: 'starred',
    pinField: 'pinned',
    textField: 'text',
    facets: [
      { field: 'tags', nouns: { one: 'tag', many: 'tags' } },
      { field: 'notebook', nouns: { one: 'notebook', many: 'notebooks' } },
    ],
    linkedByTitle: true,
    hasHistory: true,
    icon: 'file-text',
  },
  fields: {
    title: string('', { searchable: true }),
    text: text('', { searchable: true }),
    tags: set([], { searchable: true, noEdit: true }),
    starred: flag(false, { noEdit: true }),
    pinned: flag(false, { noEdit: true }),
    notebook: string('', { searchable: true, noEdit: true }),
    [BINNED_AT]: time(null),
  },
  migrations: { 2: (fields) => fields },
  /** Its title is the first heading, unless the text starts with the same one. */
  markdown({ title, text }) {
    const heading = `# ${title.trim()}`;
    return title.trim() === '' || text.trimStart().startsWith(heading) ? text : `${heading}\n\n${text}`;
  },
  sample: () => ({
    title: 'Photosynthesis',
    text: '# Light reactions\n\nWater in, oxygen out. 🌱\n',
    tags: ['biology', 'exam'],
    starred: true,
    pinned: true,
    notebook: 'Plants',
    [BINNED_AT]: null,
  }),
});
