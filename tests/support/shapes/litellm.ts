import { events, type ServerShapes } from './shape.ts';

export const litellm: ServerShapes = {
  server: 'LiteLLM',
  sources: [
    'https://github.com/BerriAI/litellm/issues/24680',
    'https://github.com/BerriAI/litellm/pull/16231',
    'https://github.com/BerriAI/litellm/issues/1460',
    'https://github.com/BerriAI/litellm/issues/8631',
  ],
  answers: [
    {
      what: 'thoughts twice: as text and as blocks',
      body: events(
        '{"id":"c","created":1,"model":"claude-sonnet-4-5","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"role":"assistant","content":"","reasoning_content":"Let me see.","thinking_blocks":[{"type":"thinking","thinking":"Let me see.","signature":null}]}}]}',
        '{"id":"c","created":1,"model":"claude-sonnet-4-5","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"","thinking_blocks":[{"type":"thinking","thinking":"","signature":"EqQB"}],"provider_specific_fields":{}}}]}',
        '{"id":"c","created":1,"model":"claude-sonnet-4-5","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"Here."}}]}',
        '{"id":"c","created":1,"model":"claude-sonnet-4-5","object":"chat.completion.chunk","choices":[{"finish_reason":"stop","index":0,"delta":{}}],"usage":{"completion_tokens":21,"prompt_tokens":3,"total_tokens":24}}',
      ),
      text: 'Here.',
      reasoning: 'Let me see.',
      finish: 'stop',
      tokens: 21,
      model: 'claude-sonnet-4-5',
    },
  ],
  refusals: [
    {
      what: 'a wrong key',
      status: 401,
      body: '{"error":{"message":"Authentication Error, Invalid proxy server token passed. Received API Key = sk-...m31Q. Unable to find token in cache or `LiteLLM_VerificationTokenTable`","type":"token_not_found_in_db","param":"key","code":"401"}}',
      failure: { type: 'WrongKey' },
    },
    {
      what: "a content policy, in the gateway's own words",
      status: 400,
      body: '{"error":{"message":"litellm.BadRequestError: litellm.ContentPolicyViolationError: AzureException - The response was filtered due to the prompt triggering the content management policy.","type":null,"param":null,"code":"400","provider_specific_fields":{"innererror":{"code":"ResponsibleAIPolicyViolation"}}}}',
      failure: { type: 'PromptRefused', status: 400 },
    },
  ],
  models: [
    {
      what: 'names with their maker',
      body: '{"data":[{"id":"openai/text-embedding-3-small","object":"model","created":1,"owned_by":"openai"},{"id":"anthropic/claude-sonnet-4-5","object":"model","created":1,"owned_by":"openai"}],"object":"list"}',
      names: ['openai/text-embedding-3-small', 'anthropic/claude-sonnet-4-5'],
      first: 'anthropic/claude-sonnet-4-5',
    },
  ],
};
