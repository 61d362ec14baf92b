import { events, type ServerShapes } from './shape.ts';

const chunk = (delta: string, finish = 'null'): string =>
  `{"id":"m1","object":"chat.completion.chunk","created":1,"model":"magistral-medium-2509","choices":[{"index":0,"delta":${delta},"finish_reason":${finish}}]}`;

export const mistral: ServerShapes = {
  server: 'Mistral',
  sources: [
    'https://github.com/spring-projects/spring-ai/issues/5019',
    'https://docs.rs/crate/mistral-openapi-client/latest/source/docs/ThinkChunk.md',
    'https://github.com/mistralai/platform-docs-public/issues/7',
    'https://github.com/editor-code-assistant/eca/issues/231',
    'https://github.com/partITech/php-mistral/issues/76',
  ],
  answers: [
    {
      what: 'thoughts as parts of the content',
      body: events(
        chunk('{"role":"assistant","content":[{"type":"thinking","thinking":[{"type":"text","text":"First, "}]}]}'),
        chunk('{"content":[{"type":"thinking","thinking":[{"type":"text","text":"the sum."}],"closed":true}]}'),
        chunk('{"content":[{"type":"text","text":"Four"}]}'),
        chunk('{"content":"."}', '"stop"'),
      ),
      text: 'Four.',
      reasoning: 'First, the sum.',
      finish: 'stop',
      model: 'magistral-medium-2509',
    },
    {
      what: 'thoughts as a part, not streamed, cut off by the room of the model',
      contentType: 'application/json',
      body: '{"id":"m1","object":"chat.completion","model":"magistral-medium-2509","choices":[{"index":0,"finish_reason":"model_length","message":{"role":"assistant","content":[{"type":"thinking","thinking":[{"type":"text","text":"Reasoning traces..."}]},{"type":"text","text":"The answer"}],"tool_calls":null}}],"usage":{"prompt_tokens":1,"completion_tokens":9,"total_tokens":10}}',
      text: 'The answer',
      reasoning: 'Reasoning traces...',
      finish: 'length',
      tokens: 9,
      model: 'magistral-medium-2509',
    },
  ],
  refusals: [
    {
      what: 'a list of what its schema refuses, in `message`',
      status: 422,
      body: '{"object":"error","message":{"detail":[{"type":"extra_forbidden","loc":["body","max_completion_tokens"],"msg":"Extra inputs are not permitted","input":32000}]},"type":"invalid_request_error","param":null,"code":null}',
      failure: { type: 'PromptRefused', message: 'body.max_completion_tokens: Extra inputs are not permitted' },
    },
    {
      what: 'the same as a text of JSON',
      status: 422,
      body: '{"object":"error","message":"{\\"detail\\":[{\\"type\\":\\"extra_forbidden\\",\\"loc\\":[\\"body\\",\\"n\\"],\\"msg\\":\\"Extra inputs are not permitted\\",\\"input\\":0.0}]}","type":"internal_error_proxy","param":null,"code":"1000"}',
      failure: { type: 'PromptRefused', message: 'body.n: Extra inputs are not permitted' },
    },
    {
      what: 'a wrong key',
      status: 401,
      body: '{"detail":"Unauthorized"}',
      failure: { type: 'WrongKey', message: 'Unauthorized' },
    },
    {
      what: 'a wrong path',
      status: 404,
      body: '{"detail":"Not Found"}',
      failure: { type: 'NotCompatible', detail: 'HTTP 404: Not Found' },
    },
  ],
  models: [
    {
      what: 'models with what they can do',
      body: '{"object":"list","data":[{"id":"mistral-embed","object":"model","capabilities":{"completion_chat":false,"completion_fim":false}},{"id":"mistral-ocr-latest","object":"model","capabilities":{"completion_chat":false}},{"id":"mistral-small-latest","object":"model","capabilities":{"completion_chat":true}}]}',
      names: ['mistral-embed', 'mistral-ocr-latest', 'mistral-small-latest'],
      first: 'mistral-small-latest',
    },
  ],
};
