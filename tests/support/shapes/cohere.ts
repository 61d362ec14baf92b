import { events, type ServerShapes } from './shape.ts';

export const cohere: ServerShapes = {
  server: "Cohere's compatible endpoint",
  sources: [
    'https://github.com/mozilla-ai/any-llm/pull/1301',
    'https://github.com/cohere-ai/cohere-toolkit/issues/857',
    'https://github.com/cohere-ai/cohere-developer-experience/pull/189',
    'https://github.com/kwaroran/Risuai/issues/504',
  ],
  answers: [
    {
      what: 'the reasons of Cohere, in capitals',
      body: events(
        '{"id":"c","object":"chat.completion.chunk","created":1,"model":"command-a-03-2025","choices":[{"index":0,"finish_reason":null,"delta":{"role":"assistant","content":"It goes"}}]}',
        '{"id":"c","object":"chat.completion.chunk","created":1,"model":"command-a-03-2025","choices":[{"index":0,"finish_reason":"MAX_TOKENS","delta":{}}]}',
      ),
      text: 'It goes',
      finish: 'length',
      model: 'command-a-03-2025',
    },
  ],
  refusals: [
    {
      what: 'a wrong key',
      status: 401,
      body: '{"message":"invalid api token"}',
      failure: { type: 'WrongKey', message: 'invalid api token' },
    },
    {
      what: 'an empty prompt',
      status: 400,
      body: '{"message":"invalid request: message must be at least 1 token long or tool results must be specified."}',
      failure: { type: 'PromptRefused', status: 400 },
    },
  ],
  models: [
    {
      what: 'names with what they are for',
      body: '{"models":[{"name":"embed-v4.0","endpoints":["embed"]},{"name":"rerank-v3.5","endpoints":["rerank"]},{"name":"command-a-03-2025","endpoints":["generate","chat","summarize"]}]}',
      names: ['embed-v4.0', 'rerank-v3.5', 'command-a-03-2025'],
      first: 'command-a-03-2025',
    },
  ],
};
