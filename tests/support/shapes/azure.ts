import { events, type ServerShapes } from './shape.ts';

export const azure: ServerShapes = {
  server: 'Azure OpenAI',
  sources: [
    'https://github.com/AbanteAI/archive-old-cli-mentat/issues/429',
    'https://github.com/microsoft/autogen/issues/6465',
    'https://github.com/langchain-ai/langchain/issues/18977',
    'https://github.com/stanford-crfm/helm/pull/3327',
  ],
  answers: [
    {
      what: 'a first chunk without choices, and one of the filter without a delta',
      body: events(
        '{"id":"","choices":[],"created":0,"model":"","object":"","system_fingerprint":null,"prompt_filter_results":[{"prompt_index":0,"content_filter_results":{"hate":{"filtered":false,"severity":"safe"}}}]}',
        '{"id":"chatcmpl-1","object":"chat.completion.chunk","model":"gpt-4o-2024-08-06","choices":[{"index":0,"delta":{"content":"A leaf."},"finish_reason":null,"content_filter_results":{}}],"usage":null}',
        '{"id":"","object":"","created":0,"model":"","choices":[{"index":0,"finish_reason":null,"content_filter_results":{"hate":{"filtered":false}},"content_filter_offsets":{"check_offset":44,"start_offset":44,"end_offset":198}}],"usage":null}',
        '{"id":"chatcmpl-1","object":"chat.completion.chunk","model":"gpt-4o-2024-08-06","choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":null}',
      ),
      text: 'A leaf.',
      finish: 'stop',
      model: 'gpt-4o-2024-08-06',
    },
    {
      what: 'an answer that the content filter ends',
      body: events(
        '{"id":"chatcmpl-1","object":"chat.completion.chunk","model":"gpt-4o","choices":[{"index":0,"delta":{"content":"It be"},"finish_reason":null}]}',
        '{"id":"chatcmpl-1","object":"chat.completion.chunk","model":"gpt-4o","choices":[{"index":0,"delta":{},"finish_reason":"content_filter","content_filter_results":{"violence":{"filtered":true,"severity":"medium"}}}]}',
      ),
      text: 'It be',
      finish: 'content_filter',
      model: 'gpt-4o',
    },
  ],
  refusals: [
    {
      what: 'a prompt that is filtered',
      status: 400,
      body: '{"error":{"message":"The response was filtered due to the prompt triggering Azure OpenAI\'s content management policy. Please modify your prompt and retry.","type":null,"param":"prompt","code":"content_filter","status":400,"innererror":{"code":"ResponsibleAIPolicyViolation"}}}',
      failure: { type: 'PromptRefused', status: 400 },
    },
    {
      what: 'a deployment that is not there',
      status: 404,
      body: '{"error":{"code":"DeploymentNotFound","message":"The API deployment for this resource does not exist. If you created the deployment within the last 5 minutes, please wait a moment and try again."}}',
      failure: { type: 'ModelUnknown' },
    },
    {
      what: 'a wrong path',
      status: 404,
      body: '{"error":{"code":"404","message":"Resource not found"}}',
      failure: { type: 'NotCompatible', detail: 'HTTP 404: Resource not found' },
    },
    {
      what: 'a wrong key',
      status: 401,
      body: '{"error":{"code":"401","message":"Access denied due to invalid subscription key or wrong API endpoint."}}',
      failure: { type: 'WrongKey' },
    },
  ],
  models: [
    {
      what: 'models with what they can do',
      body: '{"data":[{"status":"succeeded","capabilities":{"fine_tune":false,"inference":true,"completion":false,"chat_completion":false,"embeddings":true},"id":"ada-2","object":"model"},{"capabilities":{"chat_completion":true,"embeddings":false},"id":"gpt-4o-2024-08-06","object":"model"}],"object":"list"}',
      names: ['ada-2', 'gpt-4o-2024-08-06'],
      first: 'gpt-4o-2024-08-06',
    },
  ],
};
