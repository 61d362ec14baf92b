import { defineEntity } from '#core/entity.ts';
import { flag, number } from '#core/fields.ts';

/**
 * One restore that a person meant, by its id. Written before the changes that it makes: a device that meets it keeps a copy of how things are before it
 * takes them in (`store/draft/coming-restores.ts`), and says whose restore it was.
 */
export const bulkRestore = defineEntity({
  kind: 'bulk-restore',
  version: 1,
  scope: 'synced',
  nouns: { one: 'note of a restore', many: 'notes of restores' },
  appendOnly: true,
  news: true,
  fields: {
    /** When the backup was made that it is from, and when it was begun. Wall times in ms. */
    madeAt: number(0),
    at: number(0),
    /** How many entities it has changed; 0 until it has ended. */
    changed: number(0),
    /** It was taken back. */
    undone: flag(false),
  },
  migrations: {},
  title: () => 'Restore',
  sample: () => ({ madeAt: 1_760_000_000_000, at: 1_760_000_100_000, changed: 1204, undone: false }),
});
