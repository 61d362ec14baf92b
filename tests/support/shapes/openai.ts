import { events, type ServerShapes } from './shape.ts';

const chunk = (delta: string, finish = 'null'): string =>
  `{"id":"chatcmpl-B9","object":"chat.completion.chunk","created":1741569952,"model":"gpt-4.1-2025-04-14","service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":0,"delta":${delta},"logprobs":null,"finish_reason":${finish}}],"usage":null,"obfuscation":"x"}`;
const usage =
  '{"id":"chatcmpl-B9","object":"chat.completion.chunk","created":1741569952,"model":"gpt-4.1-2025-04-14","choices":[],"usage":{"prompt_tokens":19,"completion_tokens":10,"total_tokens":29,"completion_tokens_details":{"reasoning_tokens":0}}}';

export const openai: ServerShapes = {
  server: 'OpenAI',
  sources: [
    'https://docs.rs/openai-interface/0.11.0/src/openai_interface/chat/create/response.rs.html',
    'https://v03.api.js.langchain.com/interfaces/_langchain_openai.OpenAIClient.Chat.Completions.ChatCompletionChunk.Choice.Delta-1.html',
    'https://github.com/nomic-ai/gpt4all/issues/3150',
    'https://github.com/dan1471/FREE-openai-api-keys/issues/48',
    'https://github.com/run-llama/llama_index/issues/1332',
  ],
  answers: [
    {
      what: 'a stream with its usage',
      body: events(
        chunk('{"role":"assistant","content":"","refusal":null}'),
        chunk('{"content":"Hel"}'),
        chunk('{"content":"lo"}'),
        chunk('{}', '"stop"'),
        usage,
      ),
      text: 'Hello',
      finish: 'stop',
      tokens: 10,
      model: 'gpt-4.1-2025-04-14',
    },
    {
      what: 'a refusal, which has a member of its own',
      body: events(
        chunk('{"role":"assistant","content":null,"refusal":""}'),
        chunk('{"refusal":"I cannot "}'),
        chunk('{"refusal":"help with that."}'),
        chunk('{}', '"stop"'),
      ),
      text: 'I cannot help with that.',
      finish: 'refusal',
      model: 'gpt-4.1-2025-04-14',
    },
    {
      what: 'an answer that its limit has cut off, not streamed',
      contentType: 'application/json',
      body: '{"id":"chatcmpl-B9","object":"chat.completion","created":1,"model":"gpt-4.1-2025-04-14","choices":[{"index":0,"message":{"role":"assistant","content":"It goes on and","refusal":null,"annotations":[]},"logprobs":null,"finish_reason":"length"}],"usage":{"prompt_tokens":9,"completion_tokens":4,"total_tokens":13}}',
      text: 'It goes on and',
      finish: 'length',
      tokens: 4,
      model: 'gpt-4.1-2025-04-14',
    },
  ],
  refusals: [
    {
      what: 'a wrong key',
      status: 401,
      body: '{"error":{"message":"Incorrect API key provided: sk-x. You can find your API key at https://platform.openai.com/account/api-keys.","type":"invalid_request_error","param":null,"code":"invalid_api_key"}}',
      failure: { type: 'WrongKey', hasKey: true },
    },
    {
      what: 'a quota that is used up, with the status of too many requests',
      status: 429,
      body: '{"error":{"message":"You exceeded your current quota, please check your plan and billing details.","type":"insufficient_quota","param":null,"code":"insufficient_quota"}}',
      failure: { type: 'NoCredit' },
    },
    {
      what: 'a model for another use',
      status: 404,
      body: '{"error":{"message":"This is not a chat model and thus not supported in the v1/chat/completions endpoint. Did you mean to use v1/completions?","type":"invalid_request_error","param":"model","code":null}}',
      failure: { type: 'ModelUnknown' },
    },
    {
      what: 'a wrong path',
      status: 404,
      body: '{"error":{"message":"Invalid URL (POST /chat/completions)","type":"invalid_request_error","param":null,"code":null}}',
      failure: { type: 'NotCompatible', detail: 'HTTP 404: Invalid URL (POST /chat/completions)' },
    },
  ],
  models: [
    {
      what: 'models of every use in no order',
      body: '{"object":"list","data":[{"id":"text-embedding-3-large","object":"model","created":1,"owned_by":"system"},{"id":"dall-e-3","object":"model"},{"id":"whisper-1","object":"model"},{"id":"tts-1-hd","object":"model"},{"id":"omni-moderation-latest","object":"model"},{"id":"gpt-4o-realtime-preview","object":"model"},{"id":"davinci-002","object":"model"},{"id":"gpt-image-1","object":"model"},{"id":"gpt-4.1","object":"model"},{"id":"chatgpt-4o-latest","object":"model"}]}',
      names: [
        'text-embedding-3-large',
        'dall-e-3',
        'whisper-1',
        'tts-1-hd',
        'omni-moderation-latest',
        'gpt-4o-realtime-preview',
        'davinci-002',
        'gpt-image-1',
        'gpt-4.1',
        'chatgpt-4o-latest',
      ],
      first: 'gpt-4.1',
    },
  ],
};
