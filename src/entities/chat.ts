import { BINNED_AT, defineEntity } from '#core/entity.ts';
import { flag, set, string, text, time } from '#core/fields.ts';

/** A session with a language model. Its messages are children. */
export const chat = defineEntity({
  kind: 'chat',
  version: 3,
  scope: 'synced',
  nouns: { one: 'chat', many: 'chats' },
  document: {
    titleField: 'title',
    starField: 'starred',
    pinField: 'pinned',
    usedField: 'lastMessageAt',
    facets: [{ field: 'tags', nouns: { one: 'tag', many: 'tags' } }],
    hasHistory: false,
    icon: 'messages-square',
  },
  fields: {
    title: string('', { searchable: true }),
    model: string(''),
    systemPrompt: text(''),
    starred: flag(false, { noEdit: true }),
    pinned: flag(false, { noEdit: true }),
    tags: set([], { searchable: true, noEdit: true }),
    /** Ids of the notes and files that the session may draw on. */
    knowledge: set([]),
    /** When the last message was sent: a chat is in the list where it was last used. */
    lastMessageAt: time(null, { bookkeeping: true }),
    [BINNED_AT]: time(null),
  },
  migrations: { 2: (fields) => fields, 3: (fields) => fields },
  markdown({ title, model, systemPrompt }) {
    const head = [`# ${title || 'Untitled chat'}`, model && `Model: ${model}`, quote(systemPrompt.trim())];
    return `${head.filter((part) => part !== '').join('\n\n')}\n`;
  },
  sample: () => ({
    title: 'Revision plan',
    model: 'llama-3.3',
    systemPrompt: 'Answer in short steps.',
    starred: false,
    pinned: false,
    tags: ['planning'],
    knowledge: ['0198c0de-0000-7000-8000-00000000a001'],
    lastMessageAt: 1_760_000_000_000,
    [BINNED_AT]: null,
  }),
});

const quote = (text: string): string =>
  text === ''
    ? ''
    : text
        .split('\n')
        .map((line) => `> ${line}`.trimEnd())
        .join('\n');
