import { events, type ServerShapes } from './shape.ts';

export const openWebui: ServerShapes = {
  server: 'Open WebUI',
  sources: [
    'https://github.com/XInTheDark/raycast-g4f/issues/179',
    'https://github.com/gpustack/gpustack/issues/5036',
    'https://github.com/open-webui/open-webui/issues/4348',
  ],
  answers: [
    {
      what: 'events of its own before the answer',
      body: events(
        '{"sources":[{"source":{"name":"note"},"document":["a"],"metadata":[{}]}]}',
        '{"id":"w","object":"chat.completion.chunk","model":"llama3.2","choices":[{"index":0,"delta":{"content":"Open"},"finish_reason":null}]}',
        '{"id":"w","object":"chat.completion.chunk","model":"llama3.2","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}',
      ),
      text: 'Open',
      finish: 'stop',
      model: 'llama3.2',
    },
    {
      what: 'a page of its own in place of an answer: the address lacks /api',
      contentType: 'text/html; charset=utf-8',
      body: '<!doctype html>\n<html lang="en"><head><title>Open WebUI</title><script>start()</script></head><body><div id="app"></div></body></html>',
      text: '',
      failure: { type: 'NotCompatible', detail: 'Open WebUI' },
    },
  ],
  refusals: [
    {
      what: 'no key',
      status: 401,
      body: '{"detail":"Not authenticated"}',
      failure: { type: 'WrongKey', message: 'Not authenticated' },
    },
    {
      what: 'no key, with status 403 and nested',
      status: 403,
      body: '{"detail":{"error":"Not authenticated"}}',
      failure: { type: 'WrongKey', message: 'Not authenticated' },
    },
    { what: 'an unknown model', status: 400, body: '{"detail":"Model not found"}', failure: { type: 'ModelUnknown' } },
  ],
  models: [
    {
      what: 'names beside ids',
      body: '{"data":[{"id":"llama3.2:latest","name":"llama3.2:latest","object":"model","owned_by":"ollama","ollama":{"size":2019393189}},{"id":"arena-model","name":"Arena Model","object":"model"}]}',
      names: ['llama3.2:latest', 'arena-model'],
      first: 'llama3.2:latest',
    },
  ],
};
