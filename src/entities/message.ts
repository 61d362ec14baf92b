import { defineEntity } from '#core/entity.ts';
import { json, number, oneOf, reference, string, text } from '#core/fields.ts';
import { cutText } from '#core/text.ts';
import { messageAsMarkdown } from './message-markdown.ts';

/** One message of a chat. `createdAt` orders it; `follows` names the message it answers, so that branches are possible. */
export const message = defineEntity({
  kind: 'message',
  version: 3,
  scope: 'synced',
  nouns: { one: 'message', many: 'messages' },
  parent: { field: 'chatId', kind: 'chat' },
  orderField: 'createdAt',
  fields: {
    chatId: reference(null),
    follows: reference(null, { bookkeeping: true }),
    role: oneOf(['system', 'user', 'assistant'], 'user'),
    text: text('', { searchable: true }),
    /** The model's thought process, where it gives one. */
    reasoning: text(''),
    /** `{ tokens, durationMs, tokensPerSecond }`, or null. */
    stats: json(null, { bookkeeping: true }),
    /**
     * Pictures and files of a prompt, `{ name, reference, type, size, picture }[]`; earlier versions wrote `{ name, data }` with a data URL, and
     * pass over what has none.
     */
    attachments: json([]),
    /** Pictures that the model made and that are not in its text: references, or addresses elsewhere. Earlier versions wrote data URLs. */
    images: json([]),
    state: oneOf(['complete', 'partial', 'waiting', 'failed'], 'complete', { bookkeeping: true }),
    /** The device that asks a waiting prompt once its network is back. */
    waitingDevice: string('', { bookkeeping: true, namesDevice: true }),
    /** Why the prompt has no answer, or the answer no end: a `ChatError`, or null. */
    failure: json(null, { bookkeeping: true }),
    model: string('', { bookkeeping: true }),
    /** Why an answer ended: `stop`, `length`, `content_filter`, `refusal`, …; empty where it is not known. */
    finish: string('', { bookkeeping: true }),
    createdAt: number(0, { bookkeeping: true }),
  },
  migrations: { 2: (fields) => fields, 3: (fields) => fields },
  title: ({ text }) => cutText(text, 60),
  markdown: messageAsMarkdown,
  sample: () => ({
    chatId: '0198c0de-0000-7000-8000-00000000b001',
    follows: null,
    role: 'assistant',
    text: 'Start with the **Calvin cycle**.',
    reasoning: 'The exam is on Friday.',
    stats: { tokens: 120, durationMs: 2400, tokensPerSecond: 50 },
    attachments: [],
    images: [],
    state: 'complete',
    waitingDevice: '',
    failure: null,
    model: 'llama-3.3',
    finish: 'stop',
    createdAt: 1_760_000_000_000,
  }),
});
