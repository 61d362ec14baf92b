/** What is sent: prompt and answer in turn, in the form that the server takes. */
import { describe, expect, test } from 'vitest';
import { completionBody, type PromptMessage } from '#features/chat/completion-request.ts';
import { formToKeep, nextForm, readForm } from '#features/chat/request-form.ts';

const user = (text: string, failure?: PromptMessage['failure']): PromptMessage => ({
  role: 'user',
  text,
  attachments: [],
  ...(failure && { failure }),
});
const answer = (text: string): PromptMessage => ({ role: 'assistant', text, attachments: [] });
const sent = (messages: readonly PromptMessage[], systemPrompt = '', form: Parameters<typeof completionBody>[1] = []) =>
  (
    completionBody({ model: 'm', systemPrompt, messages }, form) as { messages: { role: string; content: string }[] }
  ).messages.map(({ role, content }) => `${role}: ${content}`);

describe('the turns', () => {
  test('a prompt without an answer goes along with the next', () => {
    expect(sent([user('One?'), user('Two?')])).toEqual(['user: One?\n\nTwo?']);
    expect(sent([user('One?'), answer(''), user('Two?'), answer('2'), user('Three?')])).toEqual([
      'user: One?\n\nTwo?',
      'assistant: 2',
      'user: Three?',
    ]);
  });

  test('one that the server refused is left out, but for the one that is asked', () => {
    const refused = { type: 'PromptRefused', status: 400, message: 'flagged' } as const;
    expect(sent([user('Bad?', refused), user('Good?')])).toEqual(['user: Good?']);
    expect(sent([user('Bad?', refused)])).toEqual(['user: Bad?']);
  });

  test('two answers in a row are one, and none comes first', () => {
    expect(sent([answer('0'), user('One?'), answer('1a'), answer('1b'), user('Two?')])).toEqual([
      'user: One?',
      'assistant: 1a\n\n1b',
      'user: Two?',
    ]);
  });
});

describe('the form', () => {
  test('all of it, at first', () => {
    expect(completionBody({ model: 'm', systemPrompt: '', messages: [user('Hi')] })).toMatchObject({
      stream: true,
      stream_options: { include_usage: true },
    });
  });

  test('without the usage, without a stream', () => {
    expect(completionBody({ model: 'm', systemPrompt: '', messages: [user('Hi')] }, ['usage'])).toEqual({
      model: 'm',
      messages: [{ role: 'user', content: 'Hi' }],
      stream: true,
    });
    expect(completionBody({ model: 'm', systemPrompt: '', messages: [user('Hi')] }, ['stream'])).toEqual({
      model: 'm',
      messages: [{ role: 'user', content: 'Hi' }],
      stream: false,
    });
  });

  test('instructions go along with the first prompt where there is no system message', () => {
    expect(sent([user('Hi')], 'Be brief.')).toEqual(['system: Be brief.', 'user: Hi']);
    expect(sent([user('Hi')], 'Be brief.', ['system'])).toEqual(['user: Be brief.\n\nHi']);
  });

  test.each([
    ['named', 422, 'body.stream_options: Extra inputs are not permitted', ['usage']],
    ['named, whatever the status', 500, 'unknown field include_usage', ['usage']],
    ['not named', 400, 'Bad Request', ['usage']],
    ['the stream', 400, "Unsupported value: 'stream' does not support true with this model.", ['stream']],
    ['the system message', 500, 'Jinja Exception: System role not supported', ['system']],
    ['the system message, by its turns', 400, 'Conversation roles must alternate user/assistant', ['system']],
    ['nothing', 500, 'out of memory', null],
  ])('a refusal of what is left out: %s', (_, status, words, form) => {
    expect(nextForm([], status, words, true)).toEqual(form);
  });

  test('nothing is left out twice', () => {
    expect(nextForm(['usage'], 400, 'stream_options', true)).toBeNull();
    expect(nextForm(['usage'], 400, 'Bad Request', true)).toBeNull();
  });

  test('it is kept for one address', () => {
    const kept = formToKeep('https://a/v1', ['usage']);
    expect(readForm(kept, 'https://a/v1')).toEqual(['usage']);
    expect(readForm(kept, 'https://b/v1')).toEqual([]);
    expect(readForm(null, 'https://a/v1')).toEqual([]);
    expect(readForm({ base: 'https://a/v1', without: ['odd', 7] }, 'https://a/v1')).toEqual([]);
  });
});
