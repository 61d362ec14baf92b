import { events, type ServerShapes } from './shape.ts';

export const xai: ServerShapes = {
  server: 'xAI',
  sources: [
    'https://github.com/continuedev/continue/issues/10778',
    'https://github.com/nocmt/LLMSearchPlus/issues/2',
    'https://github.com/openai/codex/issues/1352',
  ],
  answers: [
    {
      what: 'thoughts in `reasoning_content`, and the usage in each chunk',
      body: events(
        '{"id":"x","object":"chat.completion.chunk","created":1,"model":"grok-3-mini","choices":[{"index":0,"delta":{"reasoning_content":"Think","role":"assistant"}}],"usage":{"completion_tokens":1}}',
        '{"id":"x","object":"chat.completion.chunk","created":1,"model":"grok-3-mini","choices":[{"index":0,"delta":{"content":"Yes"}}],"usage":{"completion_tokens":2}}',
        '{"id":"x","object":"chat.completion.chunk","created":1,"model":"grok-3-mini","choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":{"completion_tokens":2}}',
      ),
      text: 'Yes',
      reasoning: 'Think',
      finish: 'stop',
      tokens: 2,
      model: 'grok-3-mini',
    },
  ],
  refusals: [
    {
      what: 'a wrong key, with status 400',
      status: 400,
      body: '{"code":"Client specified an invalid argument","error":"Incorrect API key provided: na***ys. You can obtain an API key from https://console.x.ai."}',
      failure: {
        type: 'WrongKey',
        message: 'Incorrect API key provided: na***ys. You can obtain an API key from https://console.x.ai.',
      },
    },
    {
      what: 'a prompt in a form that it does not take',
      status: 400,
      body: '{"code":"Client specified an invalid argument","error":"The model expects a single `text` element per message."}',
      failure: { type: 'PromptRefused', message: 'The model expects a single `text` element per message.' },
    },
  ],
  models: [
    {
      what: 'an image model first',
      body: '{"data":[{"id":"grok-2-image-1212","created":1,"object":"model","owned_by":"xai"},{"id":"grok-3-mini","created":1,"object":"model","owned_by":"xai"}],"object":"list"}',
      names: ['grok-2-image-1212', 'grok-3-mini'],
      first: 'grok-3-mini',
    },
  ],
};
