/** The client over the network: a real server, byte by byte. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type AnswerDelta, joinDeltas } from '#features/chat/answer.ts';
import { parseEndpoint } from '#features/chat/endpoint.ts';
import { createModelServer } from '#features/chat/model-server.ts';
import {
  createGate,
  end,
  failure,
  type OpenAiServer,
  piece,
  refuse,
  startOpenAiServer,
  stream,
  usage,
  words,
} from '#support/openai-server.ts';

let server: OpenAiServer;

beforeEach(async () => {
  server = await startOpenAiServer({ key: 'k' });
});
afterEach(() => server.close());

function ask(key: string | null = 'k', signal = new AbortController().signal, onDelta = (_delta: AnswerDelta) => {}) {
  const endpoint = parseEndpoint(server.endpoint);
  if (!endpoint.ok) throw new Error('bad endpoint');
  const client = createModelServer({
    fetch: (url, init) => fetch(url, init),
    clock: {
      now: () => performance.now(),
      setTimer: (ms, fire) => {
        const timer = setTimeout(fire, ms);
        return () => clearTimeout(timer);
      },
    },
    isOnline: () => true,
    pageOrigin: 'http://localhost',
  });
  const deltas: AnswerDelta[] = [];
  const request = { model: 'tiny-1', systemPrompt: '', messages: [{ role: 'user', text: 'Hi 🌱', attachments: [] } as const] };
  const take = (delta: AnswerDelta): void => {
    deltas.push(delta);
    onDelta(delta);
  };
  return client
    .ask({ endpoint: endpoint.value, key, form: [], keepForm: async () => {} }, request, take, signal)
    .then((result) => ({ result, heard: joinDeltas(deltas) }));
}

test('text, thoughts and usage', async () => {
  server.next(stream([piece({ reasoning_content: 'Hm. ' }), ...words('Wasser 水 is 🌱 life.'), end(), usage(9)]));
  const { result, heard } = await ask();
  expect(heard).toEqual({ text: 'Wasser 水 is 🌱 life.', reasoning: 'Hm. ', images: [] });
  expect(result).toMatchObject({ ok: true, value: { finish: 'stop', tokens: 9 } });
  expect(server.prompts).toEqual(['Hi 🌱']);
});

test('a broken connection keeps what came', async () => {
  server.next(stream(words('half an answer '), { ends: 'cut' }));
  expect(await ask()).toMatchObject({ result: { error: { type: 'CutOff' } }, heard: { text: 'half an answer ' } });
});

test('an error in the middle keeps what came', async () => {
  server.next(stream([...words('half '), failure('out of memory')]));
  expect(await ask()).toMatchObject({
    result: { error: { type: 'AnswerFailed', message: 'out of memory' } },
    heard: { text: 'half ' },
  });
});

test('a stop ends the request, and the server sees it', async () => {
  const gate = createGate();
  const closed = Promise.withResolvers<void>();
  server.next(async (response, request) => {
    response.on('close', closed.resolve);
    await stream([...words('one two '), end()], { gate })(response, request);
  });
  const stop = new AbortController();
  const { result } = await ask('k', stop.signal, () => stop.abort());
  expect(result).toEqual({ ok: false, error: { type: 'Stopped' } });
  await closed.promise;
  gate.open();
});

test('a wrong key, none, and too many requests', async () => {
  expect(await ask('wrong')).toMatchObject({
    result: { error: { type: 'WrongKey', hasKey: true, message: 'Incorrect API key provided.' } },
  });
  expect(await ask(null)).toMatchObject({ result: { error: { type: 'WrongKey', hasKey: false } } });
  server.next(refuse(429, 'slow down', { 'retry-after': '3' }));
  expect(await ask()).toMatchObject({ result: { error: { type: 'TooManyRequests', retryAfterMs: 3000 } } });
});

test('a server that is gone', async () => {
  await server.close();
  expect(await ask()).toMatchObject({ result: { error: { type: 'Unreachable' } } });
});
