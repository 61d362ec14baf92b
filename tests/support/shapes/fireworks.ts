import { events, type ServerShapes } from './shape.ts';

export const fireworks: ServerShapes = {
  server: 'Fireworks',
  sources: ['https://github.com/tensorzero/tensorzero/pull/2781', 'https://github.com/earendil-works/pi/issues/3984'],
  answers: [
    {
      what: 'its usage beside the last choice',
      body: events(
        '{"id":"f","object":"chat.completion.chunk","created":1,"model":"accounts/fireworks/models/deepseek-v3","choices":[{"index":0,"delta":{"role":"assistant"},"finish_reason":null}],"usage":null}',
        '{"id":"f","object":"chat.completion.chunk","created":1,"model":"accounts/fireworks/models/deepseek-v3","choices":[{"index":0,"delta":{"content":"Spark."},"finish_reason":null}],"usage":null}',
        '{"id":"f","object":"chat.completion.chunk","created":1,"model":"accounts/fireworks/models/deepseek-v3","choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":6,"total_tokens":9,"completion_tokens":3}}',
      ),
      text: 'Spark.',
      finish: 'stop',
      tokens: 3,
      model: 'accounts/fireworks/models/deepseek-v3',
    },
  ],
  refusals: [
    {
      what: 'a model that is not deployed',
      status: 404,
      body: '{"error":{"object":"error","type":"invalid_request_error","code":"NOT_FOUND","message":"Model not found, inaccessible, and/or not deployed"}}',
      failure: { type: 'ModelUnknown' },
    },
    { what: 'a wrong key', status: 403, body: '{"error":"The API key you provided is invalid."}', failure: { type: 'WrongKey' } },
  ],
  models: [
    {
      what: 'models with what they can do',
      body: '{"object":"list","data":[{"id":"accounts/fireworks/models/flux-1-dev-fp8","object":"model","supports_chat":false},{"id":"accounts/fireworks/models/deepseek-v3","object":"model","supports_chat":true}]}',
      names: ['accounts/fireworks/models/flux-1-dev-fp8', 'accounts/fireworks/models/deepseek-v3'],
      first: 'accounts/fireworks/models/deepseek-v3',
    },
  ],
};
