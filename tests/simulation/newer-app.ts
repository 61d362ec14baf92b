/**
 * The app as a later version will be: notes have a field more and another under a new name, and there is a kind that today's
 * version does not know.
 */
import { defineEntity, type EntityDeclaration, type Ledger } from '#core/entity.ts';
import { set, string, text } from '#core/fields.ts';
import { ledger } from '#entities/index.ts';

const note = ledger.get('note') as EntityDeclaration;
const { tags: _, ...kept } = note.fields;

/** Where a note's tags are from that version on. */
export const LATER_TAGS = 'labels';

const laterNote: EntityDeclaration = {
  ...note,
  version: note.version + 1,
  fields: { ...kept, [LATER_TAGS]: set([]), mood: string('') },
  migrations: {
    ...note.migrations,
    [note.version + 1]: ({ tags, ...fields }) => ({ ...fields, mood: '', ...(tags === undefined ? {} : { [LATER_TAGS]: tags }) }),
  },
};

const flashcard = defineEntity({
  kind: 'flashcard',
  version: 1,
  scope: 'synced',
  nouns: { one: 'flashcard', many: 'flashcards' },
  fields: { title: string(''), text: text(''), tags: set([]) },
  migrations: {},
  title: ({ title }) => title,
  sample: () => ({ title: 'Calvin cycle', text: 'Where?', tags: [] }),
});

export const newerLedger: Ledger = new Map([...ledger, ['note', laterNote], ['flashcard', flashcard]]);
