import { events, type ServerShapes } from './shape.ts';

const chunk = (delta: string, rest = ''): string =>
  `{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"deepseek-ai/DeepSeek-R1-Distill-Qwen-7B","choices":[{"index":0,"delta":${delta},"logprobs":null,"finish_reason":null${rest}}]}`;

export const vllm: ServerShapes = {
  server: 'vLLM',
  sources: [
    'https://github.com/vllm-project/vllm/issues/3485',
    'https://github.com/QwenLM/Qwen-Agent/issues/110',
    'https://github.com/gpustack/gpustack/issues/429',
  ],
  answers: [
    {
      what: 'a thought whose beginning is in the chat template: only its end is marked',
      body: events(
        chunk('{"role":"assistant","content":""}'),
        chunk('{"content":"Okay, two "}'),
        chunk('{"content":"plus two.\\n</th"}'),
        chunk('{"content":"ink>\\n\\nFour"}'),
        chunk('{"content":"."}'),
        '{"id":"chatcmpl-1","model":"deepseek-ai/DeepSeek-R1-Distill-Qwen-7B","choices":[{"index":0,"delta":{"content":""},"finish_reason":"stop","stop_reason":null}]}',
      ),
      text: 'Four.',
      reasoning: 'Okay, two plus two.',
      finish: 'stop',
      model: 'deepseek-ai/DeepSeek-R1-Distill-Qwen-7B',
    },
    {
      what: 'an error in the middle',
      body: events(
        chunk('{"content":"Half"}'),
        '{"error":{"message":"EngineCore encountered an issue.","type":"InternalServerError","param":null,"code":500}}',
      ),
      text: 'Half',
      failure: { type: 'AnswerFailed', message: 'EngineCore encountered an issue.' },
    },
  ],
  refusals: [
    {
      what: 'an unknown model, in the older form',
      status: 404,
      body: '{"object":"error","message":"The model `Qwen1.5-14B` does not exist.","type":"NotFoundError","param":null,"code":404}',
      failure: { type: 'ModelUnknown' },
    },
    {
      what: 'a prompt that is too long, in the newer form',
      status: 400,
      body: '{"error":{"message":"This model\'s maximum context length is 2000 tokens. However, you requested 2210 tokens in the messages.","type":"BadRequestError","param":null,"code":400}}',
      failure: { type: 'PromptRefused', status: 400 },
    },
  ],
  models: [
    {
      what: 'one model',
      body: '{"object":"list","data":[{"id":"Qwen/Qwen3-8B","object":"model","created":1,"owned_by":"vllm","root":"Qwen/Qwen3-8B","parent":null,"max_model_len":40960,"permission":[]}]}',
      names: ['Qwen/Qwen3-8B'],
      first: 'Qwen/Qwen3-8B',
    },
  ],
};
