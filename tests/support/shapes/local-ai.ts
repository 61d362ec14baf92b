import { events, type ServerShapes } from './shape.ts';

export const localAi: ServerShapes = {
  server: 'LocalAI',
  sources: [
    'https://github.com/mudler/LocalAI/issues/2692',
    'https://github.com/mudler/LocalAI/issues/68',
    'https://github.com/mudler/LocalAI/issues/1133',
  ],
  answers: [
    {
      what: 'an empty event in the middle',
      body: `data: {"created":1,"object":"chat.completion.chunk","id":"l","model":"gpt-4","choices":[{"index":0,"finish_reason":"","delta":{"role":"assistant","content":"A"}}]}\n\ndata:\n\n${events('{"created":1,"object":"chat.completion.chunk","id":"l","model":"gpt-4","choices":[{"index":0,"finish_reason":"","delta":{"content":"B"}}]}', '{"created":1,"object":"chat.completion.chunk","id":"l","model":"gpt-4","choices":[{"index":0,"finish_reason":"stop","delta":{"content":""}}],"usage":{"prompt_tokens":0,"completion_tokens":2,"total_tokens":2}}')}`,
      text: 'AB',
      finish: 'stop',
      tokens: 2,
      model: 'gpt-4',
    },
  ],
  refusals: [
    {
      what: 'a model that does not load',
      status: 500,
      body: '{"error":{"code":500,"message":"could not load model: rpc error: code = Unavailable desc = error reading from server: EOF","type":""}}',
      failure: {
        type: 'ProviderFailed',
        status: 500,
        message: 'could not load model: rpc error: code = Unavailable desc = error reading from server: EOF',
      },
    },
  ],
  models: [
    {
      what: 'models of every use under the names of OpenAI',
      body: '{"object":"list","data":[{"id":"stablediffusion","object":"model"},{"id":"text-embedding-ada-002","object":"model"},{"id":"whisper-1","object":"model"},{"id":"tts-1","object":"model"},{"id":"jina-reranker-v1-base-en","object":"model"},{"id":"gpt-4","object":"model"}]}',
      names: ['stablediffusion', 'text-embedding-ada-002', 'whisper-1', 'tts-1', 'jina-reranker-v1-base-en', 'gpt-4'],
      first: 'gpt-4',
    },
  ],
};
