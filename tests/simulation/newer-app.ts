/** The app as a later version will be: a field more on notes, and a kind that today's version has never heard of. */
import { defineEntity, type EntityDeclaration, type Ledger } from '#core/entity.ts';
import { set, string, text } from '#core/fields.ts';
import { ledger } from '#entities/index.ts';

const note = ledger.get('note') as EntityDeclaration;

const laterNote: EntityDeclaration = {
  ...note,
  version: note.version + 1,
  fields: { ...note.fields, mood: string('') },
  migrations: { ...note.migrations, [note.version + 1]: (fields) => ({ ...fields, mood: '' }) },
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
