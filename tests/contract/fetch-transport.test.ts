/** The way of one request over a real connection: compressed, given up only where nothing moves. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { afterEach, expect, test } from 'vitest';
import { fetchTransport } from '#platform/fetch-transport.ts';

interface Seen {
  readonly encoding: string | undefined;
  readonly json: unknown;
}

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** A server that answers as `answer` says, and what it was sent. Reads no faster than `bytesPerMs`. */
async function start(answer: (response: ServerResponse, at: number) => unknown, bytesPerMs = Infinity) {
  const seen: Seen[] = [];
  const server = createServer(async (request, response) => {
    seen.push(await read(request, bytesPerMs));
    await answer(response, seen.length);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  const send = (body: unknown, timeoutMs: number) =>
    fetchTransport.request({ method: 'POST', path: `http://127.0.0.1:${port}/`, body, timeoutMs });
  return { seen, send };
}

async function read(request: IncomingMessage, bytesPerMs: number): Promise<Seen> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(chunk as Buffer);
    await sleep((chunk as Buffer).length / bytesPerMs);
  }
  const body = Buffer.concat(chunks);
  const encoding = request.headers['content-encoding'];
  return { encoding, json: JSON.parse((encoding === 'gzip' ? gunzipSync(body) : body).toString()) };
}

const done = (response: ServerResponse): unknown =>
  response.writeHead(200, { 'content-type': 'application/json' }).end('{"done":true}');
const text = (chars: number) => ({
  text: Array.from({ length: chars }, (_, at) => String.fromCharCode(97 + ((at * at) % 26))).join(''),
});
/** Text that gzip makes little of. */
const noise = (bytes: number) => ({ text: Buffer.from(crypto.getRandomValues(new Uint8Array(bytes))).toString('base64') });

test('a body above a few KB travels compressed, a small one as it is, and both arrive whole', async () => {
  const { seen, send } = await start(done);
  for (const body of [text(200), text(50_000)])
    expect(await send(body, 5000)).toMatchObject({ ok: true, value: { status: 200 } });
  expect(seen).toEqual([
    { encoding: undefined, json: text(200) },
    { encoding: 'gzip', json: text(50_000) },
  ]);
});

test('what refuses a compressed body gets it as it is', async () => {
  const { seen, send } = await start((response, at) => (at === 1 ? response.writeHead(415).end() : done(response)));
  expect(await send(text(50_000), 5000)).toMatchObject({ ok: true, value: { status: 200, json: { done: true } } });
  expect(seen.map(({ encoding }) => encoding)).toEqual(['gzip', undefined]);
});

test('a large body has the time that its size takes', async () => {
  const { seen, send } = await start(done, 40);
  const body = noise(60_000);
  expect(await send(body, 200)).toMatchObject({ ok: true, value: { status: 200 } });
  expect(seen[0]?.json).toEqual(body);
});

test('an answer may take long, as long as it moves', async () => {
  const { send } = await start(async (response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    for (const piece of ['{"a', '":', '"on', 'e', '"', '}']) {
      await sleep(250);
      response.write(piece);
    }
    response.end();
  });
  expect(await send({}, 600)).toMatchObject({ ok: true, value: { json: { a: 'one' } } });
});

test.each([
  ['no answer ever comes', () => {}],
  [
    'an answer stops in its middle',
    (response: ServerResponse) => response.writeHead(200, { 'content-type': 'application/json' }).write('{"a'),
  ],
])('%s: given up, and said to be for want of time', async (_, answer) => {
  const { send } = await start(answer);
  expect(await send({}, 300)).toMatchObject({ ok: false, error: { timedOut: true } });
});

test('a connection that is refused is no matter of time', async () => {
  const sent = await fetchTransport.request({ method: 'POST', path: 'http://127.0.0.1:9/', body: {}, timeoutMs: 5000 });
  expect(sent.ok ? sent : sent.error.timedOut).toBeUndefined();
});
