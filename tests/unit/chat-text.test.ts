import { describe, expect, test } from 'vitest';
import { chat } from '#entities/chat.ts';
import { documentMarkdown } from '#entities/document-file.ts';
import { statsText } from '#entities/message-content.ts';
import { messageAsMarkdown } from '#entities/message-markdown.ts';
import { readMessage } from '#features/chat/chat-message.ts';
import { titleFromPrompt } from '#features/chat/chat-title.ts';
import { completionBody } from '#features/chat/completion-request.ts';
import { parseEndpoint } from '#features/chat/endpoint.ts';
import { measureAnswer } from '#features/chat/stats.ts';

describe('an endpoint as typed', () => {
  test.each([
    ['', 'http://localhost:11434/v1'],
    [' http://localhost:11434/v1/ ', 'http://localhost:11434/v1'],
    ['localhost:8080', 'http://localhost:8080'],
    ['api.example.com/v1', 'https://api.example.com/v1'],
    ['https://api.example.com/v1/chat/completions', 'https://api.example.com/v1'],
    ['https://api.example.com/v1/models/', 'https://api.example.com/v1'],
  ])('%j is %s', (typed, base) => {
    expect(parseEndpoint(typed)).toMatchObject({ ok: true, value: { base } });
  });

  test.each([
    ['http://192.168.1.9:11434', { type: 'InsecureEndpoint', origin: 'http://192.168.1.9:11434' }],
    ['ftp://example.com', { type: 'BadEndpoint', endpoint: 'ftp://example.com' }],
    ['https://name:word@example.com', { type: 'BadEndpoint', endpoint: 'https://name:word@example.com' }],
    ['two words', { type: 'BadEndpoint', endpoint: 'two words' }],
  ])('%j is refused', (typed, error) => {
    expect(parseEndpoint(typed)).toEqual({ ok: false, error });
  });
});

describe('a title', () => {
  test.each([
    ['What is light?', 'What is light?'],
    ['\n\n## Plan\nmore', 'Plan'],
    ['```py\nprint(1)\n```', 'print(1)'],
    ['**Explain** the `map` of _this_', 'Explain the map of this'],
    ['[Here](https://example.com) ![a leaf](files/x.png)', 'Here a leaf'],
    ['- [ ] buy', 'buy'],
    ['-5 degrees, #1 and 2 * 3 * 4', '-5 degrees, #1 and 2 * 3 * 4'],
    ['---\nAfter a rule', 'After a rule'],
    ['\u200b\u2060', ''],
    ['   ', ''],
    [`${'word '.repeat(20)}`, 'word word word word word word word word word word word word…'],
  ])('%j becomes %j', (prompt, title) => {
    expect(titleFromPrompt(prompt)).toBe(title);
  });

  test('is never cut inside a letter', () => {
    expect(titleFromPrompt(`${'a'.repeat(59)}🌱🌱`)).toBe(`${'a'.repeat(59)}…`);
  });
});

test('a request leaves out what is empty, joins prompts without an answer, and sends images only with prompts', () => {
  const image = { type: 'picture', name: 'a.png', data: 'data:image/png;base64,AAAA' } as const;
  const body = completionBody({
    model: 'm',
    systemPrompt: 'Be brief.',
    messages: [
      { role: 'user', text: 'Look', attachments: [image] },
      { role: 'assistant', text: '', attachments: [] },
      { role: 'user', text: '', attachments: [image] },
    ],
  });
  const part = { type: 'image_url', image_url: { url: image.data } };
  expect(body).toMatchObject({
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: [{ type: 'text', text: 'Look' }, part, part] },
    ],
  });
});

test('speed is reckoned from the first piece on', () => {
  expect(measureAnswer({ tokens: 100, durationMs: 4000, streamMs: 2000, unseen: 0 })).toEqual({
    tokens: 100,
    durationMs: 4000,
    tokensPerSecond: 50,
  });
  expect(measureAnswer({ tokens: null, durationMs: 4000, streamMs: 2000, unseen: 2 })).toEqual({
    tokens: null,
    durationMs: 4000,
    tokensPerSecond: null,
    unseen: 2,
  });
  expect(statsText({ tokens: 1, durationMs: 1234, tokensPerSecond: 0.8 })).toBe('1 token · 1.2 s · 0.8 tokens/s');
  expect(statsText({ tokens: null, durationMs: 1234, tokensPerSecond: null })).toBe('1.2 s');
});

test('a message of any origin reads as a whole one', () => {
  const read = readMessage('m', {
    role: 'robot',
    text: 7,
    state: 'odd',
    attachments: [{ data: 'https://x' }, 3],
    images: ['javascript:1'],
    stats: 'x',
  });
  expect(read).toEqual({
    id: 'm',
    follows: null,
    createdAt: 0,
    role: 'user',
    text: '',
    reasoning: '',
    stats: null,
    attachments: [],
    images: [],
    state: 'complete',
    waitingDevice: '',
    model: '',
    finish: null,
    failure: null,
  });
});

test('a chat as Markdown', () => {
  const prompt = readMessage('1', { role: 'user', text: 'Why?' });
  const answer = readMessage('2', {
    role: 'assistant',
    text: 'Because.\n',
    reasoning: 'Hm.',
    model: 'm',
    state: 'partial',
    stats: { tokens: 2, durationMs: 1000, tokensPerSecond: 2 },
  });
  expect(
    documentMarkdown(chat, { title: 'T', model: 'm', systemPrompt: 'Be\nbrief.' }, [prompt, answer].map(messageAsMarkdown)),
  ).toBe(
    [
      '# T',
      'Model: m',
      '> Be\n> brief.',
      '## You',
      'Why?',
      '## Answer (m)',
      '<details>\n<summary>Thought process</summary>\n\nHm.\n\n</details>',
      'Because.',
      '*This answer was interrupted.*',
      '<small>2 tokens · 1.0 s · 2 tokens/s</small>\n',
    ].join('\n\n'),
  );
});

test('a chat as Markdown says where an answer was cut off', () => {
  const cut = readMessage('1', { role: 'assistant', text: 'It goes on and', finish: 'length' });
  expect(messageAsMarkdown(cut)).toContain('*This answer was cut off by its limit of tokens.*');
  expect(messageAsMarkdown(readMessage('1', { role: 'assistant', text: 'Whole.', finish: 'stop' }))).toBe('## Answer\n\nWhole.');
});
