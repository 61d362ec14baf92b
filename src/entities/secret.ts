import { defineEntity } from '#core/entity.ts';
import { string } from '#core/fields.ts';

/** The one secret of a device's model server has this id in every workspace. */
export const PROVIDER_SECRET_ID = '00000000-0000-7000-8000-000000000002';

/** An API key, encrypted. Never leaves this browser, and is in no history, log, search or export. */
export const secret = defineEntity({
  kind: 'secret',
  version: 1,
  scope: 'private',
  nouns: { one: 'key', many: 'keys' },
  fields: {
    /** The origin that the key is for: what a person may see of it. The box holds it, too, and only that one counts. */
    origin: string(''),
    /** `crypto/secret-box.ts`; empty where no key is set. */
    box: string('', { secret: true }),
  },
  migrations: {},
  title: ({ origin }) => `Key for ${origin || 'no address'}`,
  sample: () => ({ origin: 'https://models.example', box: '1.q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQ' }),
});
