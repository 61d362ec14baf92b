import { events, type ServerShapes } from './shape.ts';

export const anthropic: ServerShapes = {
  server: "Anthropic's compatible endpoint",
  sources: [
    'https://github.com/anthropics/anthropic-sdk-typescript/issues/711',
    'https://github.com/ITSpecialist111/ai_automation_suggester/issues/153',
    'https://github.com/Aider-AI/aider/issues/950',
  ],
  answers: [
    {
      what: 'a stream with a ping',
      body: `event: ping\ndata: {"type":"ping"}\n\n${events('{"id":"msg_1","choices":[{"index":0,"delta":{"role":"assistant","content":"Hello"}}],"created":1,"model":"claude-sonnet-4-5","object":"chat.completion.chunk"}', '{"id":"msg_1","choices":[{"index":0,"delta":{},"finish_reason":"length"}],"created":1,"model":"claude-sonnet-4-5","object":"chat.completion.chunk"}')}`,
      text: 'Hello',
      finish: 'length',
      model: 'claude-sonnet-4-5',
    },
    {
      what: 'an error in place of the answer',
      body: 'data: {"error":{"code":"api_error","message":"Internal server error","param":null,"type":"invalid_request_error"}}\n\n',
      text: '',
      failure: { type: 'AnswerFailed', message: 'Internal server error' },
    },
    {
      what: 'a refusal as the reason of the end',
      contentType: 'application/json',
      body: '{"id":"msg_1","choices":[{"index":0,"message":{"role":"assistant","content":"","refusal":null},"finish_reason":"refusal"}],"model":"claude-sonnet-4-5","object":"chat.completion","usage":{"completion_tokens":0,"prompt_tokens":10,"total_tokens":10}}',
      text: '',
      finish: 'refusal',
      tokens: 0,
      model: 'claude-sonnet-4-5',
    },
  ],
  refusals: [
    {
      what: 'a wrong key',
      status: 401,
      body: '{"type":"error","error":{"type":"authentication_error","message":"invalid x-api-key"},"request_id":"req_1"}',
      failure: { type: 'WrongKey', message: 'invalid x-api-key' },
    },
    {
      what: 'no credit, with status 400',
      status: 400,
      body: '{"type":"error","error":{"type":"invalid_request_error","message":"Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits."}}',
      failure: { type: 'NoCredit' },
    },
    {
      what: 'too much load',
      status: 529,
      body: '{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}',
      failure: { type: 'ProviderFailed', message: 'Overloaded' },
    },
  ],
  models: [
    {
      what: 'models by their newest',
      body: '{"data":[{"type":"model","id":"claude-sonnet-4-5-20250929","display_name":"Claude Sonnet 4.5","created_at":"2025-09-29T00:00:00Z"},{"type":"model","id":"claude-3-haiku-20240307","display_name":"Claude Haiku 3"}],"has_more":false,"first_id":"a","last_id":"b"}',
      names: ['claude-sonnet-4-5-20250929', 'claude-3-haiku-20240307'],
      first: 'claude-sonnet-4-5-20250929',
    },
  ],
};
