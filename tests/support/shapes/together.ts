import { events, type ServerShapes } from './shape.ts';

const chunk = (delta: string, finish = 'null'): string =>
  `{"id":"t","object":"chat.completion.chunk","created":1,"choices":[{"index":0,"text":"","logprobs":null,"finish_reason":${finish},"delta":${delta}}],"model":"deepseek-ai/DeepSeek-R1","usage":null}`;

export const together: ServerShapes = {
  server: 'Together',
  sources: ['https://github.com/HeyPuter/puter/issues/3168', 'https://github.com/truefoundry/models/pull/919'],
  answers: [
    {
      what: 'thoughts in the text, the mark cut in two, and `eos` at the end',
      body: events(
        chunk('{"role":"assistant","content":"<th"}'),
        chunk('{"content":"ink>\\nSum it.\\n</thi"}'),
        chunk('{"content":"nk>\\n\\nFour."}'),
        '{"id":"t","object":"chat.completion.chunk","choices":[{"index":0,"text":"","finish_reason":"eos","delta":{"content":""}}],"model":"deepseek-ai/DeepSeek-R1","usage":{"prompt_tokens":4,"completion_tokens":11,"total_tokens":15}}',
      ),
      text: 'Four.',
      reasoning: 'Sum it.',
      finish: 'stop',
      tokens: 11,
      model: 'deepseek-ai/DeepSeek-R1',
    },
  ],
  refusals: [
    {
      what: 'a model that needs an endpoint of its own',
      status: 400,
      body: '{"id":"o","error":{"message":"Unable to access non-serverless model mistralai/Mixtral-8x7B-Instruct-v0.1. Please visit https://api.together.ai/models to create and start a new dedicated endpoint for the model.","type":"invalid_request_error","param":null,"code":"model_not_available"}}',
      failure: { type: 'ModelUnknown' },
    },
  ],
  models: [
    {
      what: 'a bare list with types',
      body: '[{"id":"BAAI/bge-base-en-v1.5","object":"model","type":"embedding"},{"id":"black-forest-labs/FLUX.1-schnell","object":"model","type":"image"},{"id":"Salesforce/Llama-Rank-V1","object":"model","type":"rerank"},{"id":"meta-llama/Llama-3.3-70B-Instruct-Turbo","object":"model","type":"chat","context_length":131072}]',
      names: [
        'BAAI/bge-base-en-v1.5',
        'black-forest-labs/FLUX.1-schnell',
        'Salesforce/Llama-Rank-V1',
        'meta-llama/Llama-3.3-70B-Instruct-Turbo',
      ],
      first: 'meta-llama/Llama-3.3-70B-Instruct-Turbo',
    },
  ],
};
