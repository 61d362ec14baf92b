import { events, type ServerShapes } from './shape.ts';

const chunk = (delta: string, finish = 'null'): string =>
  `{"object":"chat.completion.chunk","id":"","created":1,"model":"microsoft/Phi-3-mini-4k-instruct","system_fingerprint":"3.0.1","choices":[{"index":0,"delta":${delta},"logprobs":null,"finish_reason":${finish}}],"usage":null}`;

export const tgi: ServerShapes = {
  server: 'text-generation-inference',
  sources: [
    'https://github.com/huggingface/huggingface_hub/pull/2558',
    'https://github.com/huggingface/huggingface_hub/issues/2514',
  ],
  answers: [
    {
      what: 'an end by a token',
      body: events(
        chunk('{"role":"assistant","content":"Hello"}'),
        chunk('{"role":"assistant","content":""}', '"eos_token"'),
      ).replaceAll('data: ', 'data:'),
      text: 'Hello',
      finish: 'stop',
      model: 'microsoft/Phi-3-mini-4k-instruct',
    },
    {
      what: 'a refusal as an event, with status 200',
      body: 'data: {"error":"Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4096. Given: 6 `inputs` tokens and 4091 `max_new_tokens`","error_type":"validation"}\n\n',
      text: '',
      failure: { type: 'AnswerFailed' },
    },
  ],
  refusals: [
    {
      what: 'a prompt that does not fit',
      status: 422,
      body: '{"error":"Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4096.","error_type":"validation"}',
      failure: { type: 'PromptRefused', status: 422 },
    },
    {
      what: 'too much load',
      status: 429,
      body: '{"error":"Model is overloaded","error_type":"overloaded"}',
      failure: { type: 'TooManyRequests', message: 'Model is overloaded' },
    },
  ],
  models: [
    {
      what: 'one model',
      body: '{"object":"list","data":[{"id":"microsoft/Phi-3-mini-4k-instruct","object":"model","created":0,"owned_by":"microsoft/Phi-3-mini-4k-instruct"}]}',
      names: ['microsoft/Phi-3-mini-4k-instruct'],
      first: 'microsoft/Phi-3-mini-4k-instruct',
    },
  ],
};
