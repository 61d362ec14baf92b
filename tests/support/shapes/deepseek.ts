import { events, type ServerShapes } from './shape.ts';

const chunk = (delta: string, finish = 'null'): string =>
  `{"id":"d","object":"chat.completion.chunk","created":1,"model":"deepseek-reasoner","system_fingerprint":"fp","choices":[{"index":0,"delta":${delta},"logprobs":null,"finish_reason":${finish}}]}`;

export const deepseek: ServerShapes = {
  server: 'DeepSeek',
  sources: [
    'https://github.com/continuedev/continue/issues/4293',
    'https://github.com/deepwn/addi/issues/13',
    'https://github.com/upstash/docs/issues/412',
  ],
  answers: [
    {
      what: 'thoughts in `reasoning_content`, the content null meanwhile, and comments that keep it open',
      body: `: keep-alive\n\n${events(chunk('{"role":"assistant","content":null,"reasoning_content":""}'), chunk('{"content":null,"reasoning_content":"Okay"}'), chunk('{"content":null,"reasoning_content":"."}'), chunk('{"content":"Hi","reasoning_content":null}'), '{"id":"d","object":"chat.completion.chunk","created":1,"model":"deepseek-reasoner","choices":[{"index":0,"delta":{"content":"","reasoning_content":null},"finish_reason":"stop"}],"usage":{"prompt_tokens":6,"completion_tokens":30,"completion_tokens_details":{"reasoning_tokens":20}}}')}`,
      text: 'Hi',
      reasoning: 'Okay.',
      finish: 'stop',
      tokens: 30,
      model: 'deepseek-reasoner',
    },
    {
      what: 'an answer that the load of the server ends',
      body: events(chunk('{"content":"Half"}'), chunk('{"content":""}', '"insufficient_system_resource"')),
      text: 'Half',
      failure: { type: 'AnswerFailed' },
    },
  ],
  refusals: [
    {
      what: 'no credit',
      status: 402,
      body: '{"error":{"message":"Insufficient Balance","type":"unknown_error","param":null,"code":"invalid_request_error"}}',
      failure: { type: 'NoCredit', message: 'Insufficient Balance' },
    },
    {
      what: 'an unknown model, with status 400',
      status: 400,
      body: '{"error":{"message":"Model Not Exist","type":"invalid_request_error","param":null,"code":"invalid_request_error"}}',
      failure: { type: 'ModelUnknown' },
    },
    {
      what: 'a wrong key',
      status: 401,
      body: '{"error":{"message":"Authentication Fails, Your api key: ****abcd is invalid","type":"authentication_error","param":null,"code":"invalid_request_error"}}',
      failure: { type: 'WrongKey' },
    },
  ],
  models: [
    {
      what: 'two models',
      body: '{"object":"list","data":[{"id":"deepseek-chat","object":"model","owned_by":"deepseek"},{"id":"deepseek-reasoner","object":"model","owned_by":"deepseek"}]}',
      names: ['deepseek-chat', 'deepseek-reasoner'],
      first: 'deepseek-chat',
    },
  ],
};
