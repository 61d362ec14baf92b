import { defineEntity } from '#core/entity.ts';
import { set } from '#core/fields.ts';

/** The one entity of an account that says which hints it has seen has this id on every device. */
export const HINTS_ID = '00000000-0000-7000-8000-000000000003';

/** First-run hints that a person has put away: a hint that is gone stays gone, on every device. */
export const hints = defineEntity({
  kind: 'hints',
  version: 1,
  scope: 'synced',
  nouns: { one: 'list of hints seen', many: 'hints' },
  counts: 'none',
  wordless: true,
  fields: { dismissed: set([]) },
  migrations: {},
  title: () => 'Hints',
  sample: () => ({ dismissed: ['palette', 'tabs'] }),
});
