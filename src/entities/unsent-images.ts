import { defineEntity } from '#core/entity.ts';
import { json } from '#core/fields.ts';

/** The images of a prompt that has not been sent. Apart from the desk that names it, which is written with each letter. */
export const unsentImages = defineEntity({
  kind: 'unsent-images',
  version: 1,
  scope: 'device',
  nouns: { one: 'images not sent yet', many: 'unsent images' },
  comesAlong: true,
  counts: 'part',
  fields: {
    /** `{ name, data }[]` with data URLs, as in a message. */
    images: json([]),
  },
  migrations: {},
  title: () => 'Unsent images',
  sample: () => ({ images: [{ name: 'leaf.png', data: 'data:image/png;base64,iVBORw0KGgo=' }] }),
});
