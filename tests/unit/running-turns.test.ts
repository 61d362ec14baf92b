/** The turns of a chat with the answers that come in just now, and the prompt that nobody has answered. */
import { describe, expect, test } from 'vitest';
import type { RunningAnswer } from '#app/chat/chats.ts';
import type { ChatMessage } from '#features/chat/chat-message.ts';
import { readMessage } from '#features/chat/chat-message.ts';
import { unfinishedPrompt, withRunning } from '#ui/panels/chats/running-turns.ts';

const turn = (id: string, fields: Partial<ChatMessage>) => ({ message: { ...readMessage(id, {}), ...fields }, siblings: [id] });
const prompt = turn('p', { role: 'user', text: 'Why?' });
const answer = turn('a', { role: 'assistant', text: 'Because', follows: 'p', state: 'partial' });
const running = (patch: Partial<RunningAnswer>): RunningAnswer => ({
  promptId: 'p',
  chatId: 'c',
  model: 'small',
  startedAt: 5,
  answerId: null,
  text: '',
  reasoning: '',
  images: [],
  ...patch,
});

describe('an answer that runs', () => {
  test('is behind its prompt before it has a message, and in its message then', () => {
    const before = withRunning([prompt], [running({})]);
    expect(before.map(({ message, running: one }) => [message.role, one?.promptId])).toEqual([
      ['user', undefined],
      ['assistant', 'p'],
    ]);
    const after = withRunning([prompt, answer], [running({ answerId: 'a' })]);
    expect(after.map(({ message, running: one }) => [message.id, one?.answerId])).toEqual([
      ['p', undefined],
      ['a', 'a'],
    ]);
  });

  test('of another chat changes nothing', () => {
    expect(withRunning([prompt], [running({ promptId: 'other' })]).map(({ message }) => message.id)).toEqual(['p']);
  });
});

describe('a prompt is unanswered', () => {
  test('where it is the last, or its answer broke off', () => {
    expect(unfinishedPrompt([prompt])).toBe('p');
    expect(unfinishedPrompt([prompt, answer])).toBe('p');
  });

  test('not where it waits or failed, or its answer is whole', () => {
    expect(unfinishedPrompt([])).toBeUndefined();
    expect(unfinishedPrompt([turn('p', { role: 'user', state: 'waiting' })])).toBeUndefined();
    expect(unfinishedPrompt([prompt, turn('a', { role: 'assistant', follows: 'p', state: 'complete' })])).toBeUndefined();
    expect(unfinishedPrompt([prompt, turn('a', { ...answer.message, failure: { type: 'Stopped' } })])).toBeUndefined();
  });
});
