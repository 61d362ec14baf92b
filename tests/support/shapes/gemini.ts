import { events, type ServerShapes } from './shape.ts';

const chunk = (delta: string, finish = ''): string =>
  `{"choices":[{"delta":${delta},"index":0${finish}}],"created":1,"id":"x","model":"gemini-2.5-flash","object":"chat.completion.chunk"}`;

export const gemini: ServerShapes = {
  server: "Gemini's compatible endpoint",
  sources: [
    'https://github.com/continuedev/continue/issues/10290',
    'https://github.com/cequence-io/openai-scala-client/issues/109',
    'https://github.com/GewoonJaap/gemini-cli-openai/issues/92',
  ],
  answers: [
    {
      what: 'thoughts in the text, between `<thought>`',
      body: events(
        chunk('{"content":"<thought>**Sum**\\n","extra_content":{"google":{"thought":true}},"role":"assistant"}'),
        chunk('{"content":"I add.","extra_content":{"google":{"thought":true}}}'),
        chunk('{"content":"</thought>Four."}'),
        chunk('{"content":""}', ',"finish_reason":"stop"'),
      ),
      text: 'Four.',
      reasoning: '**Sum**\nI add.',
      finish: 'stop',
      model: 'gemini-2.5-flash',
    },
    {
      what: 'an answer that the filter takes away',
      body: events(chunk('{"role":"assistant"}', ',"finish_reason":"content_filter: PROHIBITED_CONTENT"')),
      text: '',
      finish: 'content_filter',
      model: 'gemini-2.5-flash',
    },
  ],
  refusals: [
    {
      what: 'a wrong key, in a list and with status 400',
      status: 400,
      body: '[{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"API_KEY_INVALID","domain":"googleapis.com"}]}}]',
      failure: { type: 'WrongKey', message: 'API key not valid. Please pass a valid API key.' },
    },
    {
      what: 'the same handed on by a gateway as a text',
      status: 400,
      body: '{"error":{"message":"{\\n  \\"error\\": {\\n    \\"code\\": 400,\\n    \\"message\\": \\"API key not valid. Please pass a valid API key.\\",\\n    \\"status\\": \\"INVALID_ARGUMENT\\"\\n  }\\n}\\n","code":400,"status":"Bad Request"}}',
      failure: { type: 'WrongKey', message: 'API key not valid. Please pass a valid API key.' },
    },
    {
      what: 'an unknown model',
      status: 404,
      body: '[{"error":{"code":404,"message":"models/gemini-9 is not found for API version v1main, or is not supported for generateContent.","status":"NOT_FOUND"}}]',
      failure: { type: 'ModelUnknown' },
    },
  ],
  models: [
    {
      what: 'names with a folder',
      body: '{"object":"list","data":[{"id":"models/embedding-001","object":"model","owned_by":"google"},{"id":"models/imagen-4.0-generate-001","object":"model"},{"id":"models/veo-3.0-generate-001","object":"model"},{"id":"models/gemini-2.5-flash-preview-tts","object":"model"},{"id":"models/gemini-2.5-flash","object":"model"}]}',
      names: [
        'models/embedding-001',
        'models/imagen-4.0-generate-001',
        'models/veo-3.0-generate-001',
        'models/gemini-2.5-flash-preview-tts',
        'models/gemini-2.5-flash',
      ],
      first: 'models/gemini-2.5-flash',
    },
  ],
};
