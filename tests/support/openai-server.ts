/**
 * A real HTTP server that speaks the OpenAI protocol as scripted: byte by byte, slow, cut off, failing in the middle. It
 * allows other origins (CORS) unless configured otherwise, and records every request with its headers.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';

export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** Answers one `POST /chat/completions`. */
export type Script = (response: ServerResponse, request: RecordedRequest) => Promise<void>;

export interface OpenAiServer {
  /** What a person types as the address. */
  readonly endpoint: string;
  readonly origin: string;
  readonly requests: readonly RecordedRequest[];
  /** The prompts that were asked, as their last messages. */
  readonly prompts: readonly string[];
  /** The next requests are answered by these, one each; without one, by an echo of the prompt. */
  next(...scripts: readonly Script[]): void;
  /** Gives these bytes at a path of its own, to whoever has the key. Its address is the answer. */
  serve(path: string, bytes: Uint8Array, type?: string): string;
  close(): Promise<void>;
}

export interface OpenAiOptions {
  readonly models?: readonly string[];
  /** The answer to `GET /models`, in place of a list of `models`. */
  readonly modelsBody?: string;
  /** Requests need this key. */
  readonly key?: string;
  /** Without it no other origin may read the answers. */
  readonly cors?: boolean;
}

export async function startOpenAiServer({
  models = ['tiny-1', 'large-1'],
  modelsBody = JSON.stringify({ data: models.map((id) => ({ id, object: 'model' })) }),
  key,
  cors = true,
}: OpenAiOptions = {}): Promise<OpenAiServer> {
  const requests: RecordedRequest[] = [];
  const scripts: Script[] = [];
  const served = new Map<string, { readonly bytes: Uint8Array; readonly type: string }>();
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const { method = '', url = '', headers } = incoming;
      const request = { method, path: url, headers, body: Buffer.concat(chunks).toString() };
      requests.push(request);
      response.on('error', () => {});
      void answer(request, response);
    });
  });

  async function answer(request: RecordedRequest, response: ServerResponse): Promise<void> {
    if (cors) {
      response.setHeader('access-control-allow-origin', '*');
      response.setHeader('access-control-allow-headers', 'authorization, content-type');
    }
    if (request.method === 'OPTIONS') return void response.writeHead(204).end();
    if (key !== undefined && request.headers.authorization !== `Bearer ${key}`)
      return sendJson(response, 401, { error: { message: 'Incorrect API key provided.' } });
    const [path] = request.path.split('?');
    if (path === '/v1/models') return play({ body: modelsBody, contentType: 'application/json' })(response, request);
    const file = served.get(path ?? '');
    if (file) return void response.writeHead(200, { 'content-type': file.type }).end(file.bytes);
    if (path !== '/v1/chat/completions') return sendJson(response, 404, { detail: 'Not Found' });
    const script = scripts.shift() ?? stream([piece({ content: `You said: ${lastPrompt(request)}` }), end(), usage(7)]);
    await script(response, request);
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    endpoint: `${origin}/v1`,
    origin,
    requests,
    get prompts() {
      return requests.filter(({ method, path }) => method === 'POST' && path.startsWith('/v1/chat/completions')).map(lastPrompt);
    },
    serve(path, bytes, type = 'image/png') {
      served.set(path, { bytes, type });
      return `${origin}${path}`;
    },
    next: (...more) => void scripts.push(...more),
    async close() {
      server.close();
      server.closeAllConnections();
      if (server.listening) await once(server, 'close');
    },
  };
}

function lastPrompt({ body }: RecordedRequest): string {
  const { content } = JSON.parse(body).messages.at(-1);
  return typeof content === 'string'
    ? content
    : content.map((part: { readonly text?: string }) => part.text ?? '[image]').join('');
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** The data of one event. */
export const piece = (delta: object): string => JSON.stringify({ choices: [{ index: 0, delta, finish_reason: null }] });
export const end = (reason = 'stop'): string => JSON.stringify({ choices: [{ index: 0, delta: {}, finish_reason: reason }] });
export const usage = (tokens: number): string =>
  JSON.stringify({ choices: [], usage: { prompt_tokens: 3, completion_tokens: tokens } });
export const failure = (message: string): string => JSON.stringify({ error: { message } });
/** Words as pieces of an answer. */
export const words = (text: string): readonly string[] => text.split(/(?<= )/).map((content) => piece({ content }));

/** Waits until a test opens it. */
export interface Gate {
  readonly opened: Promise<void>;
  open(): void;
}

export function createGate(): Gate {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { opened: promise, open: resolve };
}

export interface StreamOptions {
  /** Between two events. */
  readonly delayMs?: number;
  /** `done`: as the protocol says. `cut`: the connection breaks. */
  readonly ends?: 'done' | 'cut';
  /** Before the last event: everything else has been sent by then. */
  readonly gate?: Gate;
}

/** Streams these events, each byte in a write of its own. A gate holds back the last of them. */
export function stream(events: readonly string[], { delayMs = 0, ends = 'done', gate }: StreamOptions = {}): Script {
  return async (response) => {
    response.socket?.setNoDelay(true);
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    for (const [at, data] of events.entries()) {
      if (at === events.length - 1) await gate?.opened;
      await writeBytes(response, `data: ${data}\n\n`);
      if (delayMs > 0) await sleep(delayMs);
    }
    // What was written goes out; what the protocol ends with never does.
    if (ends === 'cut') return void response.socket?.end();
    await writeBytes(response, ': keep-alive\n\ndata: [DONE]\n\n');
    response.end();
  };
}

export interface PlayedAnswer {
  readonly body: string;
  readonly status?: number;
  readonly contentType?: string;
}

/** Plays what another server was seen to send, a shape of `shapes/` for example, each byte in a write of its own. */
export function play({ body, status = 200, contentType = 'text/event-stream' }: PlayedAnswer): Script {
  return async (response) => {
    response.socket?.setNoDelay(true);
    response.writeHead(status, { 'content-type': contentType });
    await writeBytes(response, body);
    response.end();
  };
}

/** An answer that never is one. */
export function refuse(status: number, message: string, headers: Readonly<Record<string, string>> = {}): Script {
  return async (response) => {
    response.writeHead(status, {
      'content-type': 'application/json',
      'access-control-expose-headers': 'retry-after',
      ...headers,
    });
    response.end(JSON.stringify({ error: { message } }));
  };
}

async function writeBytes(response: ServerResponse, text: string): Promise<void> {
  for (const byte of Buffer.from(text)) {
    if (response.destroyed) return;
    response.write(Buffer.of(byte));
    await turn();
  }
}
