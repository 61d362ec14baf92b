/** What is sent: prompt and answer in turn, in the form that the server takes. */
import { describe, expect, test } from 'vitest';
import { completionBody, type PromptMessage } from '#features/chat/completion-request.ts';
import { parseModels } from '#features/chat/model-list.ts';
import { formToKeep, nextForm, readForm } from '#features/chat/request-form.ts';

const HAS_BOTH = { hasSystem: true, hasPictures: true };

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
    expect(nextForm([], status, words, HAS_BOTH)).toEqual(form);
  });

  test('nothing is left out twice', () => {
    expect(nextForm(['usage'], 400, 'stream_options', HAS_BOTH)).toBeNull();
    expect(nextForm(['usage'], 400, 'Bad Request', HAS_BOTH)).toBeNull();
  });

  test('it is kept for one address', () => {
    const kept = formToKeep('https://a/v1', 'm', ['usage']);
    expect(readForm(kept, 'https://a/v1', 'm')).toEqual(['usage']);
    expect(readForm(kept, 'https://b/v1', 'm')).toEqual([]);
    expect(readForm(null, 'https://a/v1', 'm')).toEqual([]);
    expect(readForm({ base: 'https://a/v1', without: ['odd', 7] }, 'https://a/v1', 'm')).toEqual([]);
  });

  test.each([
    [500, 'image input is not supported - hint: if this is unexpected, you may need to provide the mmproj'],
    [500, 'image input is not supported by this server'],
    [500, "The server was not compiled for multimodal or the model projector can't be loaded."],
    [
      500,
      'Failed to parse messages: Unsupported content part type: "image_url"; messages = [{"image_url":{"url":"data:image/png;base64,iVBOR"}}]',
    ],
    [400, 'Invalid content type. image_url is only supported by certain models.'],
    [400, 'this model does not support image input (ref: b8bd630e)'],
    [404, 'No endpoints found that support image input'],
    [
      422,
      'Failed to deserialize the JSON body into the target type: messages[0]: unknown variant `image_url`, expected `text` at line 1',
    ],
    [400, 'google/gemma-2b is not a multimodal model None'],
    [400, 'At most 0 image(s) may be provided in one prompt.'],
    [400, "'messages.0.content' : value must be a string"],
    [400, 'body.messages.0.content: Input should be a valid string'],
  ])('a model that does not see is asked without pictures: %s %s', (status, words) => {
    expect(nextForm([], status, words, HAS_BOTH)).toEqual(['pictures']);
    expect(nextForm([], status, words, { hasSystem: false, hasPictures: false })).not.toEqual(['pictures']);
  });

  test.each([
    'At most 1 image(s) may be provided in one prompt.',
    'Invalid image data: could not decode base64',
    'The image is too large: at most 5 MB are supported',
    'You uploaded an unsupported image. Please make sure your image is valid.',
    'Unsupported image format. Only png and jpeg are supported',
    'Failed to download image, it is not reachable',
  ])('what is wrong with one picture says nothing of the model: %s', (words) => {
    expect(nextForm(['usage'], 400, words, HAS_BOTH)).toBeNull();
  });

  test('which models do not see is kept for one address, beside what its server refuses', () => {
    const kept = formToKeep('https://a/v1', 'blind', ['usage', 'pictures'], formToKeep('https://a/v1', 'other', ['pictures']));
    expect(readForm(kept, 'https://a/v1', 'blind')).toEqual(['usage', 'pictures']);
    expect(readForm(kept, 'https://a/v1', 'other')).toEqual(['usage', 'pictures']);
    expect(readForm(kept, 'https://a/v1', 'sees')).toEqual(['usage']);
    expect(readForm(kept, 'https://b/v1', 'blind')).toEqual([]);
    const again = formToKeep('https://a/v1', 'blind', ['usage'], kept);
    expect(readForm(again, 'https://a/v1', 'blind')).toEqual(['usage']);
    expect(readForm(again, 'https://a/v1', 'other')).toEqual(['usage', 'pictures']);
  });
});

test.each([
  ['OpenRouter', { architecture: { input_modalities: ['text'], output_modalities: ['text'] } }, false],
  ['OpenRouter, of one that sees', { architecture: { input_modalities: ['text', 'image'] } }, true],
  ['Mistral', { capabilities: { completion_chat: true, vision: false } }, false],
  ['llama.cpp', { capabilities: ['completion'] }, false],
  ['llama.cpp, of one that sees', { capabilities: ['completion', 'multimodal'] }, true],
  ['LM Studio', { type: 'vlm' }, true],
  ['OpenAI, which says nothing', { object: 'model' }, null],
])('whether a model takes pictures, in the list of %s', (_, members, sees) => {
  expect(parseModels({ data: [{ id: 'm', ...members }] })?.[0]?.sees).toBe(sees);
});

describe('files of a prompt', () => {
  const prompt = (attachments: PromptMessage['attachments'], form: Parameters<typeof completionBody>[1] = []) =>
    (
      completionBody({ model: 'm', systemPrompt: '', messages: [{ role: 'user', text: 'Look', attachments }] }, form) as {
        messages: { content: unknown }[];
      }
    ).messages[0]?.content;
  const picture = { type: 'picture', name: 'leaf.png', data: 'data:image/png;base64,AAAA' } as const;

  test('the text of a text file comes before the prompt, and says where it is cut', () => {
    expect(prompt([{ type: 'text', name: 'a "b".txt', text: 'one\n', isCut: false }])).toBe(
      '<file name="a  b .txt">\none\n</file>\n\nLook',
    );
    expect(prompt([{ type: 'text', name: 'long.txt', text: 'one', isCut: true }])).toContain('only its first 100 kB');
  });

  test('any other file is named', () => {
    expect(prompt([{ type: 'other', name: 'talk.pdf', about: 'Not included.' }])).toBe(
      '<file name="talk.pdf">Not included.</file>\n\nLook',
    );
  });

  test('a picture is sent to a model that sees, and named to one that does not', () => {
    expect(prompt([picture])).toEqual([
      { type: 'text', text: 'Look' },
      { type: 'image_url', image_url: { url: picture.data } },
    ]);
    expect(prompt([picture], ['pictures'])).toBe(
      '<file name="leaf.png">A picture that cannot be shown to this model.</file>\n\nLook',
    );
  });

  test('an answer goes back without the references of its pictures', () => {
    const reference = `files/${'0a'.repeat(32)}.png`;
    expect(
      sent([
        user('Draw'),
        answer(`Here:\n\n![Generated image](${reference})\n\nand [b](https://b/${reference})`),
        user('More'),
      ])[1],
    ).toBe(`assistant: Here:\n\n[Generated image]\n\nand [b](https://b/${reference})`);
  });
});
