import { describe, expect, test } from 'vitest';
import { type AnswerDelta, joinDeltas } from '#features/chat/answer.ts';
import { firstForChats } from '#features/chat/model-list.ts';
import { type Access, createModelServer } from '#features/chat/model-server.ts';
import { STALL_MS } from '#features/chat/stall-watch.ts';
import { EXAMPLE_ACCESS, modelServerOver } from '#support/asked-server.ts';
import { streamedResponse } from '#support/byte-stream.ts';

const access: Access = {
  endpoint: { base: 'https://models.example/v1', query: '', origin: 'https://models.example' },
  key: 'k-1',
  form: [],
  keepForm: async () => {},
};
const request = { model: 'm', systemPrompt: '', messages: [{ role: 'user', text: 'Hi', attachments: [] } as const] };
const bytes = (text: string) => new TextEncoder().encode(text);

interface Call {
  readonly url: string;
  readonly init: RequestInit;
}

function world(answer: (call: Call) => Response | Promise<Response>, online = true) {
  const calls: Call[] = [];
  const timers: (() => void)[] = [];
  let nowMs = 0;
  const server = createModelServer({
    fetch: async (url, init) => {
      calls.push({ url, init });
      nowMs += 100;
      return answer({ url, init });
    },
    clock: {
      now: () => nowMs,
      setTimer(ms, fire) {
        expect(ms).toBe(STALL_MS);
        timers.push(fire);
        return () => timers.splice(timers.indexOf(fire), 1);
      },
    },
    isOnline: () => online,
    pageOrigin: 'http://localhost:8787',
  });
  const deltas: AnswerDelta[] = [];
  const stop = new AbortController();
  const ask = () => server.ask(access, request, (delta) => deltas.push(delta), stop.signal);
  return { server, calls, timers, deltas, stop, ask, heard: () => joinDeltas(deltas) };
}

const sse = (...data: readonly string[]) => streamedResponse([bytes(data.map((line) => `data: ${line}\n\n`).join(''))]);
const piece = (delta: object, finish: string | null = null) => JSON.stringify({ choices: [{ delta, finish_reason: finish }] });

test('asks with the key, streamed, with usage, and follows no redirect', async () => {
  const { ask, calls } = world(() => sse(piece({ content: 'Hi' }, 'stop'), '[DONE]'));
  expect((await ask()).ok).toBe(true);
  const [{ url, init }] = calls as [Call];
  expect(url).toBe('https://models.example/v1/chat/completions');
  expect(new Headers(init.headers).get('authorization')).toBe('Bearer k-1');
  expect(init).toMatchObject({ redirect: 'manual', credentials: 'omit', referrerPolicy: 'no-referrer', cache: 'no-store' });
  expect(JSON.parse(String(init.body))).toEqual({
    model: 'm',
    messages: [{ role: 'user', content: 'Hi' }],
    stream: true,
    stream_options: { include_usage: true },
  });
});

describe('what comes', () => {
  test('both names of the thought process, images in both places', async () => {
    const url = 'data:image/png;base64,AAAA';
    const { ask, heard } = world(() =>
      sse(
        piece({ reasoning_content: 'think ' }),
        piece({ reasoning: 'more' }),
        piece({
          content: [
            { type: 'text', text: 'see ' },
            { type: 'image_url', image_url: { url } },
          ],
        }),
        piece({ content: 'this', images: [{ type: 'image_url', image_url: { url } }] }, 'stop'),
        '[DONE]',
      ),
    );
    await ask();
    expect(heard()).toEqual({ text: 'see this', reasoning: 'think more', images: [url, url] });
  });

  test('an answer that was not streamed', async () => {
    const body = {
      choices: [{ message: { content: 'All', reasoning: 'at once' }, finish_reason: 'stop' }],
      usage: { completion_tokens: 3 },
    };
    const { ask, heard } = world(() => Response.json(body));
    expect(await ask()).toMatchObject({ ok: true, value: { finish: 'stop', tokens: 3 } });
    expect(heard()).toEqual({ text: 'All', reasoning: 'at once', images: [] });
  });

  test('an end without [DONE] counts where a finish reason came', async () => {
    const { ask } = world(() => sse(piece({ content: 'x' }), piece({}, 'length')));
    expect(await ask()).toMatchObject({ ok: true, value: { finish: 'length' } });
  });

  test('nothing after [DONE] is read', async () => {
    const { ask, heard } = world(() => sse(piece({ content: 'x' }, 'stop'), '[DONE]', piece({ content: 'y' })));
    await ask();
    expect(heard().text).toBe('x');
  });

  test('an error object in the middle keeps what came before', async () => {
    const { ask, heard } = world(() => sse(piece({ content: 'Half' }), '{"error":{"message":"out of memory"}}'));
    expect(await ask()).toEqual({ ok: false, error: { type: 'AnswerFailed', message: 'out of memory' } });
    expect(heard().text).toBe('Half');
  });
});

describe('refusals', () => {
  const refusal = (status: number, body: unknown, headers: Record<string, string> = {}) =>
    new Response(typeof body === 'string' ? body : JSON.stringify(body), { status, headers });
  const error = (message: string) => ({ error: { message } });

  test.each([
    [401, error('bad key'), { type: 'WrongKey', origin: 'https://models.example', hasKey: true, message: 'bad key' }],
    [403, '', { type: 'PromptRefused', status: 403, message: '' }],
    [
      403,
      error('Your input was flagged by moderation'),
      { type: 'PromptRefused', message: 'Your input was flagged by moderation' },
    ],
    [403, error('Invalid API key'), { type: 'WrongKey', message: 'Invalid API key' }],
    [404, error("model 'm' not found, try pulling it first"), { type: 'ModelUnknown', model: 'm' }],
    [404, '<html>', { type: 'NotCompatible', detail: 'HTTP 404' }],
    [400, error('context too long'), { type: 'PromptRefused', status: 400, message: 'context too long' }],
    [503, error('overloaded'), { type: 'ProviderFailed', status: 503, message: 'overloaded' }],
    [500, '<html>', { type: 'ProviderFailed', status: 500, message: '' }],
    [
      502,
      '<html><head><title>502</title></head><body><h1>Bad Gateway</h1></body></html>',
      { type: 'ProviderFailed', message: 'Bad Gateway' },
    ],
    [401, { fault: { faultstring: 'Invalid ApiKey', detail: { errorcode: 'oauth.v2' } } }, { message: 'Invalid ApiKey' }],
    [400, { base_resp: { status_code: 1004, status_msg: 'login fail' } }, { message: 'login fail' }],
    [400, { success: false, errors: [{ code: 10000, message: 'Authentication error' }] }, { type: 'WrongKey' }],
    [400, 'plain words', { type: 'PromptRefused', message: 'plain words' }],
  ])('HTTP %i %j', async (status, body, expected) => {
    const { ask } = world(() => refusal(status, body));
    expect(await ask()).toMatchObject({ ok: false, error: expected });
  });

  test('429 says how long to wait', async () => {
    const { ask } = world(() => refusal(429, error('slow down'), { 'retry-after': '7' }));
    expect(await ask()).toEqual({ ok: false, error: { type: 'TooManyRequests', retryAfterMs: 7000, message: 'slow down' } });
  });

  test('a page of HTML with 200 is no answer', async () => {
    const { ask } = world(() => new Response('<h1>It works</h1>', { headers: { 'content-type': 'text/html' } }));
    expect(await ask()).toMatchObject({ ok: false, error: { type: 'NotCompatible' } });
  });
});

describe('no answer', () => {
  const failing = () => Promise.reject(new TypeError('Failed to fetch'));

  test('a server that answers only without CORS is named as such, and gets no key with that question', async () => {
    const { ask, calls } = world(({ init }) => (init.mode === 'no-cors' ? new Response() : failing()));
    expect(await ask()).toEqual({
      ok: false,
      error: { type: 'CorsRefused', origin: 'https://models.example', pageOrigin: 'http://localhost:8787' },
    });
    expect(calls[1]?.init.headers).toBeUndefined();
  });

  test('nothing there', async () => {
    expect(await world(failing).ask()).toEqual({ ok: false, error: { type: 'Unreachable', origin: 'https://models.example' } });
  });

  test('no network', async () => {
    expect(await world(failing, false).ask()).toEqual({ ok: false, error: { type: 'Offline' } });
  });

  test('the person stops it', async () => {
    const { ask, stop } = world(
      ({ init }) => new Promise((_, reject) => init.signal?.addEventListener('abort', () => reject(init.signal?.reason))),
    );
    const asked = ask();
    stop.abort();
    expect(await asked).toEqual({ ok: false, error: { type: 'Stopped' } });
  });

  test('it falls silent', async () => {
    const { ask, timers } = world(
      ({ init }) => new Promise((_, reject) => init.signal?.addEventListener('abort', () => reject(init.signal?.reason))),
    );
    const asked = ask();
    await Promise.resolve();
    for (const fire of [...timers]) fire();
    expect(await asked).toEqual({ ok: false, error: { type: 'Stalled' } });
    expect(timers).toEqual([]);
  });
});

describe('the list of models', () => {
  test.each([
    [{ data: [{ id: 'b' }, { id: 'a' }, { id: 'b' }] }, ['b', 'a']],
    [{ models: [{ name: 'x' }] }, ['x']],
    [['plain'], ['plain']],
    [{ data: [] }, []],
    [{ object: 'list', data: null }, []],
    [{ object: 'list' }, []],
    [{ models: null }, []],
  ])('%j', async (body, names) => {
    const listed = await world(() => Response.json(body)).server.listModels(access);
    expect(listed.ok && listed.value.map(({ name }) => name)).toEqual(names);
  });

  test('something else is not compatible', async () => {
    const { server } = world(() => Response.json({ hello: 'world' }));
    expect(await server.listModels(access)).toMatchObject({ ok: false, error: { type: 'NotCompatible' } });
  });
});

describe('a model that is asked by itself', () => {
  test.each([
    'all-minilm:latest',
    'mxbai-embed-large',
    'BAAI/bge-m3',
    'intfloat/multilingual-e5-large',
    'jina-reranker-v2',
    'llama-guard3:8b',
    'ibm/granite3-guardian',
    'omni-moderation-latest',
    'whisper-large-v3',
    'gpt-4o-mini-tts',
    'gpt-4o-transcribe',
    'melotts',
    'black-forest-labs/FLUX.1-dev',
    'gpt-image-1',
    'stable-diffusion-3.5',
    'sora-2',
  ])('is not %s', async (name) => {
    const listed = await world(() => Response.json({ data: [{ id: name }, { id: 'plain' }] })).server.listModels(access);
    expect(listed.ok && firstForChats(listed.value)).toBe('plain');
    expect(listed.ok && listed.value.map((model) => model.name)).toEqual([name, 'plain']);
  });

  test.each([
    'llama3.2:latest',
    'gemma-3-27b-it',
    'Qwen/Qwen3-8B',
    'deepseek-r1:7b',
    'mistral-small',
    'gpt-5',
    'claude-opus-5',
    'phi4',
    'llava',
  ])('may be %s', async (name) => {
    const listed = await world(() => Response.json({ data: [{ id: name }] })).server.listModels(access);
    expect(listed.ok && firstForChats(listed.value)).toBe(name);
  });
});

describe('an address of which only the host was given', () => {
  const onlyHost = {
    ...EXAMPLE_ACCESS,
    endpoint: { base: 'https://models.example', query: '', origin: 'https://models.example' },
  };
  const wish = { model: 'm', systemPrompt: '', messages: [{ role: 'user', text: 'Hi', attachments: [] } as const] };
  const server = (answer: (path: string) => Response) => {
    const asked: string[] = [];
    const over = modelServerOver((url) => {
      const { pathname } = new URL(url);
      asked.push(pathname);
      return answer(pathname);
    });
    const ask = () => over.ask(onlyHost, wish, () => {}, new AbortController().signal);
    return { asked, over, ask };
  };
  const noPage = () => new Response('404 page not found', { status: 404 });

  test('is that of a server whose paths begin with /v1, which is found once', async () => {
    const { asked, over, ask } = server((path) =>
      !path.startsWith('/v1/')
        ? noPage()
        : path.endsWith('/models')
          ? new Response('{"data":[{"id":"m"}]}')
          : new Response('{"choices":[{"message":{"content":"A"},"finish_reason":"stop"}]}'),
    );
    expect(await over.listModels(onlyHost)).toMatchObject({ ok: true, value: [{ name: 'm' }] });
    expect(await ask()).toMatchObject({ ok: true });
    expect(asked).toEqual(['/models', '/v1/models', '/v1/chat/completions']);
  });

  test('says what the server says where the model is unknown, and that nothing is there where nothing is', async () => {
    const unknown = server((path) =>
      path.startsWith('/v1/') ? new Response('{"error":"model \'m\' not found"}', { status: 404 }) : noPage(),
    );
    expect(await unknown.ask()).toMatchObject({ error: { type: 'ModelUnknown' } });
    const nothing = server(noPage);
    expect(await nothing.ask()).toMatchObject({ error: { type: 'NotCompatible', detail: 'HTTP 404: 404 page not found' } });
    const another = server(() => new Response('{"error":{"message":"bad key"}}', { status: 401 }));
    expect(await another.ask()).toMatchObject({ error: { type: 'WrongKey' } });
    expect(another.asked).toEqual(['/chat/completions']);
  });
});
