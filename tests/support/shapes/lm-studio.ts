import { events, type ServerShapes } from './shape.ts';

export const lmStudio: ServerShapes = {
  server: 'LM Studio',
  sources: [
    'https://github.com/lmstudio-ai/lmstudio-bug-tracker/issues/618',
    'https://github.com/lmstudio-ai/lmstudio-bug-tracker/issues/1998',
    'https://github.com/SillyTavern/SillyTavern/issues/2849',
  ],
  answers: [
    {
      what: 'a stream without a space behind `data:`, in carriage returns',
      body: events(
        '{"id":"chatcmpl-l","object":"chat.completion.chunk","created":1,"model":"qwen3.6-35b-a3b","choices":[{"index":0,"delta":{"role":"assistant","content":"Yes"},"logprobs":null,"finish_reason":null}]}',
        '{"id":"chatcmpl-l","object":"chat.completion.chunk","created":1,"model":"qwen3.6-35b-a3b","choices":[{"index":0,"delta":{},"logprobs":null,"finish_reason":"stop"}]}',
      )
        .replaceAll('data: ', 'data:')
        .replaceAll('\n', '\r\n'),
      text: 'Yes',
      finish: 'stop',
      model: 'qwen3.6-35b-a3b',
    },
    {
      what: 'an error as an event of its own',
      body: 'event: error\ndata: {"error":{"message":"Cannot truncate prompt with n_keep (5000) >= n_ctx (4096)"}}\n\n',
      text: '',
      failure: { type: 'AnswerFailed', message: 'Cannot truncate prompt with n_keep (5000) >= n_ctx (4096)' },
    },
    {
      what: 'a wrong path, with status 200',
      contentType: 'application/json; charset=utf-8',
      body: '{"error":"Unexpected endpoint or method. (POST /chat/completions)"}',
      text: '',
      failure: { type: 'NotCompatible', detail: 'Unexpected endpoint or method. (POST /chat/completions)' },
    },
  ],
  refusals: [
    {
      what: 'no model loaded',
      status: 404,
      body: '{"error":{"message":"No models loaded. Please load a model in the developer page or use the \'lms load\' command.","type":"invalid_request_error","param":"model","code":null}}',
      failure: { type: 'ModelUnknown' },
    },
  ],
  models: [
    {
      what: 'an embedding model after the chat model',
      body: '{"data":[{"id":"text-embedding-nomic-embed-text-v1.5","object":"model","owned_by":"organization_owner"},{"id":"qwen3.6-35b-a3b-mtp","object":"model","owned_by":"organization_owner"}],"object":"list"}',
      names: ['text-embedding-nomic-embed-text-v1.5', 'qwen3.6-35b-a3b-mtp'],
      first: 'qwen3.6-35b-a3b-mtp',
    },
  ],
};
