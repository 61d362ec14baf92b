import { events, type ServerShapes } from './shape.ts';

const chunk = (delta: string, rest = '"finish_reason":null'): string =>
  `{"id":"gen-1","provider":"Azure","model":"deepseek/deepseek-r1","object":"chat.completion.chunk","created":1,"choices":[{"index":0,"delta":${delta},${rest},"native_finish_reason":null,"logprobs":null}]}`;

export const openrouter: ServerShapes = {
  server: 'OpenRouter',
  sources: [
    'https://github.com/huggingface/responses.js/pull/19',
    'https://github.com/open-webui/computer/issues/293',
    'https://github.com/diegosouzapw/OmniRoute/issues/3044',
    'https://github.com/damianvtran/local-operator/pull/223',
    'https://github.com/razzant/claudexor/issues/144',
  ],
  answers: [
    {
      what: 'comments first, thoughts in `reasoning` and again in `reasoning_details`',
      body: `: OPENROUTER PROCESSING\n\n: OPENROUTER PROCESSING\n\n${events(chunk('{"role":"assistant","content":"","reasoning":"So I need","reasoning_details":[{"type":"reasoning.text","text":"So I need","index":0,"format":"unknown"}]}'), chunk('{"role":"assistant","content":"Done","reasoning":null,"reasoning_details":[]}'), chunk('{"role":"assistant","content":""}', '"finish_reason":"stop"'), '{"id":"gen-1","model":"deepseek/deepseek-r1","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}],"usage":{"prompt_tokens":3,"completion_tokens":8,"total_tokens":11,"cost":0.0001}}')}`,
      text: 'Done',
      reasoning: 'So I need',
      finish: 'stop',
      tokens: 8,
      model: 'deepseek/deepseek-r1',
    },
    {
      what: 'thoughts in `reasoning_details` alone: text, summary, and what is encrypted',
      body: events(
        chunk('{"content":"","reasoning_details":[{"type":"reasoning.summary","summary":"In short. ","index":0}]}'),
        chunk(
          '{"content":"","reasoning_details":[{"type":"reasoning.text","text":"At length.","index":1},{"type":"reasoning.encrypted","data":"aGVsbG8=","index":2}]}',
        ),
        chunk('{"content":"Done"}', '"finish_reason":"stop"'),
      ),
      text: 'Done',
      reasoning: 'In short. At length.',
      finish: 'stop',
      model: 'deepseek/deepseek-r1',
    },
    {
      what: 'an error in the middle, beside an empty choice',
      body: events(
        chunk('{"content":"Half"}'),
        '{"id":"gen-1","object":"chat.completion.chunk","created":1,"model":"x","provider":"y","error":{"code":429,"message":"Rate limit exceeded","metadata":{"error_type":"rate_limit"}},"choices":[{"index":0,"delta":{"content":""},"finish_reason":"error"}]}',
      ),
      text: 'Half',
      failure: { type: 'AnswerFailed', message: 'Rate limit exceeded' },
    },
    {
      what: 'an error with status 200, in place of an answer',
      contentType: 'application/json',
      body: '{"error":{"message":"Provider returned error","code":429,"metadata":{"raw":"z-ai/glm is temporarily rate-limited upstream. Please retry shortly.","provider_name":"BaseTen"}},"user_id":"u"}',
      text: '',
      failure: {
        type: 'TooManyRequests',
        message: 'Provider returned error: z-ai/glm is temporarily rate-limited upstream. Please retry shortly.',
      },
    },
    {
      what: 'a part of an answer with the error in its choice, not streamed',
      contentType: 'application/json',
      body: '{"id":"gen-1","model":"x","object":"chat.completion","choices":[{"index":0,"finish_reason":"error","error":{"code":502,"message":"Upstream disconnected"},"message":{"role":"assistant","content":"Half"}}]}',
      text: 'Half',
      failure: { type: 'AnswerFailed', message: 'Upstream disconnected' },
    },
  ],
  refusals: [
    {
      what: 'a moderated prompt',
      status: 403,
      body: '{"error":{"message":"Your input was flagged by moderation","code":403,"metadata":{"reasons":["violence"],"flagged_input":"…","provider_name":"OpenAI"}}}',
      failure: { type: 'PromptRefused', status: 403, message: 'Your input was flagged by moderation' },
    },
    {
      what: "the words of the provider in the gateway's",
      status: 400,
      body: '{"error":{"message":"Provider returned error","code":400,"metadata":{"raw":"{\\"error\\":{\\"type\\":\\"invalid_request_error\\",\\"message\\":\\"At most 1 image per prompt.\\"}}","provider_name":"Crucible","is_byok":false}},"user_id":"u"}',
      failure: { type: 'PromptRefused', message: 'Provider returned error: At most 1 image per prompt.' },
    },
    {
      what: 'no credit',
      status: 402,
      body: '{"error":{"message":"Insufficient credits. Add more using https://openrouter.ai/settings/credits","code":402}}',
      failure: { type: 'NoCredit' },
    },
    {
      what: 'a model that is none',
      status: 400,
      body: '{"error":{"message":"foo/bar is not a valid model ID","code":400},"user_id":"u"}',
      failure: { type: 'ModelUnknown' },
    },
  ],
  models: [
    {
      what: 'models with what they put out',
      body: '{"data":[{"id":"google/gemini-image","name":"Image","architecture":{"modality":"text->image","input_modalities":["text"],"output_modalities":["image"]}},{"id":"openrouter/auto","name":"Auto Router","architecture":{"output_modalities":["text"]}}]}',
      names: ['google/gemini-image', 'openrouter/auto'],
      first: 'openrouter/auto',
    },
  ],
};
