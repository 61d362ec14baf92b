import { defineEntity } from '#core/entity.ts';
import { number, set, string } from '#core/fields.ts';

/** One act in which a person deleted much at once, having confirmed how much: other devices need not ask. Written before it. */
export const bulkDeletion = defineEntity({
  kind: 'bulk-deletion',
  version: 1,
  scope: 'synced',
  nouns: { one: 'note of a bulk deletion', many: 'bulk deletions' },
  appendOnly: true,
  news: true,
  fields: {
    /** The same in every part of one act. */
    act: string(''),
    entityKind: string(''),
    ids: set([]),
    at: number(0),
  },
  migrations: {},
  title: () => 'Bulk deletion',
  sample: () => ({
    act: '0198c0de-0000-7000-8000-00000000b001',
    entityKind: 'note',
    ids: ['0198c0de-0000-7000-8000-00000000a001', '0198c0de-0000-7000-8000-00000000a002'],
    at: 1_760_000_000_000,
  }),
});
