import { events, type ServerShapes } from './shape.ts';

const chunk = (delta: string, finish = 'null'): string =>
  `{"choices":[{"finish_reason":${finish},"index":0,"delta":${delta}}],"created":1,"id":"chatcmpl-x","model":"gemma-3-27b-it","system_fingerprint":"b7950-449ec2ab0","object":"chat.completion.chunk"}`;

export const llamaCpp: ServerShapes = {
  server: 'llama.cpp',
  sources: [
    'https://github.com/ggml-org/llama.cpp/issues/19851',
    'https://github.com/janhq/jan/issues/6254',
    'https://github.com/nextai-translator/raycast-openai-translator/issues/34',
  ],
  answers: [
    {
      what: 'thoughts in `reasoning_content`, tokens in `timings`',
      body: events(
        chunk('{"role":"assistant","content":null}'),
        chunk('{"reasoning_content":"Hm."}'),
        chunk('{"content":"Yes."}'),
        '{"choices":[{"finish_reason":"length","index":0,"delta":{}}],"model":"gemma-3-27b-it","object":"chat.completion.chunk","timings":{"prompt_n":5,"predicted_n":12,"predicted_per_second":50.1}}',
      ),
      text: 'Yes.',
      reasoning: 'Hm.',
      finish: 'length',
      tokens: 12,
      model: 'gemma-3-27b-it',
    },
    {
      what: 'an error in a field of its own, in the middle',
      body: `data: ${chunk('{"content":"Half "}')}\n\nerror: {"code":500,"message":"context shift is disabled","type":"server_error"}\n\n`,
      text: 'Half ',
      failure: { type: 'AnswerFailed', message: 'context shift is disabled' },
    },
  ],
  refusals: [
    {
      what: 'a template whose roles must alternate',
      status: 500,
      body: '{"error":{"code":500,"message":"\\n------------\\nWhile executing CallExpression at line 19, column 27 in source:\\nError: Jinja Exception: Conversation roles must alternate user/assistant/user/assistant/...","type":"server_error"}}',
      failure: { type: 'ProviderFailed', status: 500 },
    },
    {
      what: 'a prompt that does not fit',
      status: 400,
      body: '{"error":{"code":400,"message":"the request exceeds the available context size. try increasing the context size or enable context shift","type":"exceed_context_size_error","n_prompt_tokens":9000,"n_ctx":4096}}',
      failure: {
        type: 'PromptRefused',
        message: 'the request exceeds the available context size. try increasing the context size or enable context shift',
      },
    },
    {
      what: 'a model that is still loading',
      status: 503,
      body: '{"error":{"code":503,"message":"Loading model","type":"unavailable_error"}}',
      failure: { type: 'ProviderFailed', message: 'Loading model' },
    },
    {
      what: 'a wrong key',
      status: 401,
      body: '{"error":{"code":401,"message":"Invalid API Key","type":"authentication_error"}}',
      failure: { type: 'WrongKey' },
    },
  ],
  models: [
    {
      what: 'a list twice, with sizes',
      body: '{"models":[{"name":"gemma.gguf","model":"gemma.gguf","type":"model"}],"object":"list","data":[{"id":"gemma.gguf","object":"model","created":1,"owned_by":"llamacpp","meta":{"n_params":27009002240,"size":17280000000}}]}',
      names: ['gemma.gguf'],
      first: 'gemma.gguf',
    },
  ],
};
