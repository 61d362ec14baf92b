import { defineEntity } from '#core/entity.ts';
import { map, set } from '#core/fields.ts';

/** What lies unfinished in the chats of one device. The entity's id is the device's id. */
export const chatDesk = defineEntity({
  kind: 'chat-desk',
  version: 2,
  scope: 'device',
  nouns: { one: 'list of unsent prompts', many: 'unsent prompts' },
  comesAlong: true,
  counts: 'part',
  fields: {
    /**
     * The unsent text of **Message** by chat id; that of a chat which does not exist yet under `new`. By the id of a prompt: its text
     * as it is being edited.
     */
    drafts: map({}),
    /** By chat id: the id of the `unsent-images` that belong to the text. */
    images: map({}),
    /** By chat id: the ids of the messages that were chosen among their versions. */
    branches: map({}),
    /** Ids of prompts that this device has yet to ask. An index: the message's own state decides. */
    waiting: set([]),
  },
  migrations: { 2: (fields) => fields },
  title: () => 'Unsent prompts',
  sample: () => ({
    drafts: { '0198c0de-0000-7000-8000-00000000b001': 'What about the dark' },
    images: { new: '0198c0de-0000-7000-8000-00000000e001' },
    branches: { '0198c0de-0000-7000-8000-00000000b001': ['0198c0de-0000-7000-8000-00000000c001'] },
    waiting: ['0198c0de-0000-7000-8000-00000000c001'],
  }),
});
