import { events, type ServerShapes } from './shape.ts';

export const groq: ServerShapes = {
  server: 'Groq',
  sources: [
    'https://www.developersdigest.tech/errors/api/groq-api',
    'https://www.skills.sh/jeremylongshore/tons-of-skills-marketplace/groq-common-errors',
    'https://github.com/spring-projects/spring-ai/pull/997',
    'https://github.com/continuedev/continue/issues/10832',
  ],
  answers: [
    {
      what: 'its usage in a member of its own',
      body: events(
        '{"id":"chatcmpl-g","object":"chat.completion.chunk","created":1,"model":"openai/gpt-oss-120b","system_fingerprint":"fp","choices":[{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}],"x_groq":{"id":"req_1"}}',
        '{"id":"chatcmpl-g","object":"chat.completion.chunk","created":1,"model":"openai/gpt-oss-120b","choices":[{"index":0,"delta":{"reasoning":"Hm.","channel":"analysis"},"finish_reason":null}]}',
        '{"id":"chatcmpl-g","object":"chat.completion.chunk","created":1,"model":"openai/gpt-oss-120b","choices":[{"index":0,"delta":{"content":"Fast."},"finish_reason":null}]}',
        '{"id":"chatcmpl-g","object":"chat.completion.chunk","created":1,"model":"openai/gpt-oss-120b","choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"x_groq":{"id":"req_1","usage":{"queue_time":0.1,"prompt_tokens":18,"completion_tokens":77,"total_tokens":95}}}',
      ),
      text: 'Fast.',
      reasoning: 'Hm.',
      finish: 'stop',
      tokens: 77,
      model: 'openai/gpt-oss-120b',
    },
    {
      what: 'an error as an event of its own',
      body: 'event: error\ndata: {"error":{"message":"Failed to generate","type":"server_error","code":"internal","status_code":500}}\n\n',
      text: '',
      failure: { type: 'AnswerFailed', message: 'Failed to generate' },
    },
  ],
  refusals: [
    {
      what: 'a wrong key',
      status: 401,
      body: '{"error":{"message":"Invalid API Key","type":"invalid_request_error","code":"invalid_api_key"}}',
      failure: { type: 'WrongKey' },
    },
    {
      what: 'too many requests',
      status: 429,
      body: '{"error":{"message":"Rate limit reached for model `llama-3.3-70b-versatile` in organization `org` on tokens per minute (TPM): Limit 6000. Please try again in 7.66s.","type":"tokens","code":"rate_limit_exceeded"}}',
      failure: { type: 'TooManyRequests' },
    },
    {
      what: 'an unknown model',
      status: 404,
      body: '{"error":{"message":"The model `llama3.1-405b` does not exist or you do not have access to it.","type":"invalid_request_error","code":"model_not_found"}}',
      failure: { type: 'ModelUnknown' },
    },
  ],
  models: [
    {
      what: 'speech first',
      body: '{"object":"list","data":[{"id":"whisper-large-v3","object":"model","active":true,"context_window":448},{"id":"playai-tts","object":"model"},{"id":"meta-llama/llama-guard-4-12b","object":"model"},{"id":"llama-3.3-70b-versatile","object":"model","active":true}]}',
      names: ['whisper-large-v3', 'playai-tts', 'meta-llama/llama-guard-4-12b', 'llama-3.3-70b-versatile'],
      first: 'llama-3.3-70b-versatile',
    },
  ],
};
