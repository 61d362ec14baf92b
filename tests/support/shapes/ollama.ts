import { events, type ServerShapes } from './shape.ts';

const chunk = (delta: string, finish = 'null'): string =>
  `{"id":"chatcmpl-391","object":"chat.completion.chunk","created":1,"model":"qwen3:4b","system_fingerprint":"fp_ollama","choices":[{"index":0,"delta":${delta},"finish_reason":${finish}}]}`;

export const ollama: ServerShapes = {
  server: 'Ollama',
  sources: [
    'https://github.com/decolua/9router/pull/3601',
    'https://github.com/ollama/ollama/issues/3027',
    'https://github.com/ollama/ollama/issues/3760',
  ],
  answers: [
    {
      what: 'thoughts in `reasoning`',
      body: events(
        chunk('{"role":"assistant","content":"","reasoning":"Two and "}'),
        chunk('{"role":"assistant","content":"","reasoning":"two."}'),
        chunk('{"role":"assistant","content":"Four."}'),
        chunk('{"role":"assistant","content":""}', '"stop"'),
        '{"id":"chatcmpl-391","object":"chat.completion.chunk","created":1,"model":"qwen3:4b","choices":[],"usage":{"prompt_tokens":5,"completion_tokens":7,"total_tokens":12}}',
      ),
      text: 'Four.',
      reasoning: 'Two and two.',
      finish: 'stop',
      tokens: 7,
      model: 'qwen3:4b',
    },
    {
      what: 'thoughts in the text, by a model that Ollama does not know to think',
      body: events(
        chunk('{"role":"assistant","content":"<think>"}'),
        chunk('{"content":"\\nThe user asks **2+2**.\\n"}'),
        chunk('{"content":"</think>"}'),
        chunk('{"content":"\\n\\nFour."}'),
        chunk('{"content":""}', '"stop"'),
      ),
      text: 'Four.',
      reasoning: 'The user asks **2+2**.',
      finish: 'stop',
      model: 'qwen3:4b',
    },
  ],
  refusals: [
    {
      what: 'a model that is not installed',
      status: 404,
      body: '{"error":{"message":"model \\"llama9\\" not found, try pulling it first","type":"api_error","param":null,"code":null}}',
      failure: { type: 'ModelUnknown' },
    },
    {
      what: 'a model for embedding',
      status: 400,
      body: '{"error":{"message":"\\"all-minilm:latest\\" does not support chat","type":"api_error","param":null,"code":null}}',
      failure: { type: 'ModelUnknown' },
    },
    {
      what: 'a wrong path',
      status: 404,
      body: '404 page not found',
      failure: { type: 'NotCompatible', detail: 'HTTP 404: 404 page not found' },
    },
  ],
  models: [
    {
      what: 'a model for embedding first',
      body: '{"object":"list","data":[{"id":"all-minilm:latest","object":"model","created":1,"owned_by":"library"},{"id":"llama3.2:latest","object":"model","created":1,"owned_by":"library"}]}',
      names: ['all-minilm:latest', 'llama3.2:latest'],
      first: 'llama3.2:latest',
    },
    { what: 'nothing installed', body: '{"object":"list","data":null}', names: [], first: undefined },
  ],
};
