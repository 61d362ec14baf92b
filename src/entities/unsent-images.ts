import { defineEntity } from '#core/entity.ts';
import { json } from '#core/fields.ts';

/** The pictures and files of a prompt that has not been sent. Apart from the desk that names it, which is written with each letter. */
export const unsentImages = defineEntity({
  kind: 'unsent-images',
  version: 1,
  scope: 'device',
  nouns: { one: 'files not sent yet', many: 'unsent files' },
  comesAlong: true,
  counts: 'part',
  fields: {
    /** As the `attachments` of a message. */
    images: json([]),
  },
  migrations: {},
  title: () => 'Unsent files',
  sample: () => ({
    images: [{ name: 'leaf.png', reference: `files/${'0a'.repeat(32)}.png`, type: 'image/png', size: 812, picture: true }],
  }),
});
