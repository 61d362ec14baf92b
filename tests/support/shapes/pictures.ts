/** How model servers and gateways were seen to answer with pictures. The bytes are cut down to a picture of one pixel. */
import { events } from './shape.ts';

/** One pixel, as PNG and as GIF. */
export const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
export const GIF_PIXEL = 'R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7';
export const PIXEL_URL = `data:image/png;base64,${PIXEL}`;

export interface PictureShape {
  readonly what: string;
  readonly source: string;
  readonly body: string;
  readonly text?: string;
  /** `data:` URLs, or addresses. */
  readonly pictures: readonly string[];
}

const delta = (members: string, finish = 'null'): string =>
  `{"choices":[{"index":0,"delta":{${members}},"finish_reason":${finish}}]}`;
const stop = delta('', '"stop"');
const whole = (members: string): string =>
  `{"choices":[{"index":0,"message":{"role":"assistant",${members}},"finish_reason":"stop"}],"usage":{"completion_tokens":3}}`;

export const pictureShapes: readonly PictureShape[] = [
  {
    what: 'OpenRouter, Gemini by LiteLLM since 1.77: `images` with `image_url` records, streamed',
    source: 'https://openrouter.ai/docs/features/multimodal/image-generation',
    body: events(
      delta('"content":"Here: "'),
      delta(`"images":[{"type":"image_url","index":0,"image_url":{"url":"${PIXEL_URL}"}}]`),
      stop,
    ),
    text: 'Here: ',
    pictures: [PIXEL_URL],
  },
  {
    what: 'LiteLLM 1.76: one `image` record in the message',
    source: 'https://github.com/BerriAI/litellm/pull/13983',
    body: whole(`"content":"Here it is.","image":{"url":"${PIXEL_URL}","detail":"auto"}`),
    text: 'Here it is.',
    pictures: [PIXEL_URL],
  },
  {
    what: 'a router: `images` with `b64_json`',
    source: 'https://github.com/MiXaiLL76/auto_ai_router/pull/66',
    body: whole(`"content":null,"images":[{"b64_json":"${PIXEL}"}]`),
    pictures: [PIXEL_URL],
  },
  {
    what: 'the form of the images API for a chat',
    source: 'https://github.com/chenyme/grok2api/pull/200',
    body: `{"created":1,"model":"grok-imagine-1.0","data":[{"b64_json":"${PIXEL}"},{"url":"https://img.example/2.png"}],"usage":{"total_tokens":1}}`,
    pictures: [PIXEL_URL, 'https://img.example/2.png'],
  },
  {
    what: 'Gemini: `inlineData` among parts of text',
    source: 'https://github.com/google/adk-python/issues/206',
    body: whole(`"content":[{"text":"One "},{"inlineData":{"mimeType":"image/gif","data":"${GIF_PIXEL}"}},{"text":"two"}]`),
    text: 'One two',
    pictures: [`data:image/gif;base64,${GIF_PIXEL}`],
  },
  {
    what: 'AiHubMix: `multi_mod_content` with `inline_data`',
    source: 'https://docs.aihubmix.com/en/api/Gemini-Guides',
    body: events(
      delta('"content":"Here"'),
      delta(`"multi_mod_content":[{"text":"","inline_data":{"mime_type":"image/png","data":"${PIXEL}"}}]`),
      stop,
    ),
    text: 'Here',
    pictures: [PIXEL_URL],
  },
  {
    what: "Anthropic's parts: `source` with base64, whose type is beside it",
    source: 'https://docs.anthropic.com/en/api/messages',
    body: whole(`"content":[{"type":"image","source":{"type":"base64","media_type":"image/gif","data":"${GIF_PIXEL}"}}]`),
    pictures: [`data:image/gif;base64,${GIF_PIXEL}`],
  },
  {
    what: "OpenAI's `image_generation_call` handed on as a part",
    source: 'https://github.com/mcowger/plexus/pull/764',
    body: whole(`"content":[{"type":"image_generation_call","result":"${PIXEL}","output_format":"png"}]`),
    pictures: [PIXEL_URL],
  },
  {
    what: "Ollama's own form: `images` with nothing but base64, of a type that only the bytes say",
    source: 'https://github.com/ollama/ollama/blob/main/docs/api.md',
    body: whole(`"content":"","images":["${GIF_PIXEL}"]`),
    pictures: [`data:image/gif;base64,${GIF_PIXEL}`],
  },
  {
    what: 'the same picture in two members counts once',
    source: 'https://github.com/BerriAI/litellm/pull/27277',
    body: whole(
      `"content":[{"type":"image_url","image_url":{"url":"${PIXEL_URL}"}}],"images":[{"image_url":{"url":"${PIXEL_URL}"}}]`,
    ),
    pictures: [PIXEL_URL],
  },
  {
    what: 'Markdown with a `data:` URL in the text, in one event',
    source: 'https://github.com/foxhui/WebAI2API/issues/84',
    body: events(delta(`"content":"See ![image](${PIXEL_URL}) there"`), stop),
    text: 'See ![image]() there',
    pictures: [PIXEL_URL],
  },
  {
    what: 'the same in events of a few characters',
    source: 'https://github.com/ThinkInAIXYZ/deepchat/pull/792',
    body: events(
      ...(`See ![image](${PIXEL_URL}) there`.match(/.{1,7}/gs) ?? []).map((text) => delta(`"content":${JSON.stringify(text)}`)),
      stop,
    ),
    text: 'See ![image]() there',
    pictures: [PIXEL_URL],
  },
  {
    what: 'nothing but a `data:` URL as the text',
    source: 'https://github.com/foxhui/WebAI2API/issues/84',
    body: whole(`"content":"${PIXEL_URL}"`),
    pictures: [PIXEL_URL],
  },
  {
    what: 'LocalAI: the address of a file on the same server',
    source: 'https://localai.io/features/image-generation/',
    body: `{"created":1,"data":[{"url":"http://localhost:8080/generated-images/b64123.png"}]}`,
    pictures: ['http://localhost:8080/generated-images/b64123.png'],
  },
];
