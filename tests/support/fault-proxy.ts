/**
 * A network that misbehaves on demand: a real HTTP server on a port of its own between the browser and the Holdfast
 * server. It passes everything through as it is until a fault is set, and notes every request to the API.
 */
import { createServer, type IncomingMessage, request as open, type ServerResponse } from 'node:http';
import { Readable, Transform } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { findFreePort } from './free-port.ts';

/** What happens to a request instead of an answer. */
export type Fault =
  /** It never reaches the server, and nothing ever comes back. */
  | { readonly type: 'hang' }
  /** It never reaches the server, and its connection is reset. */
  | { readonly type: 'reset' }
  /** The server does what it was asked, and the connection is reset before its answer. */
  | { readonly type: 'lose-answer' }
  /** The server does what it was asked, and its answer never comes. */
  | { readonly type: 'keep-answer' }
  /** Something in between answers by itself. */
  | {
      readonly type: 'answer';
      readonly status: number;
      readonly body: string;
      readonly headers?: Readonly<Record<string, string>>;
    };

/** Which requests a fault meets: where nothing is said, all of the API. */
export interface FaultCondition {
  readonly path?: RegExp;
  /** Only those with a larger body. */
  readonly overBytes?: number;
}

export interface SeenRequest {
  /** Wall time in ms at which the request had arrived whole. */
  readonly at: number;
  readonly method: string;
  readonly path: string;
  /** The parsed JSON, or undefined where there was none. */
  readonly body: unknown;
  /** The status that went back to the browser, or the name of the fault that met the request. */
  readonly outcome: number | Fault['type'];
  /** What travelled: compressed where it was. */
  readonly bytes: number;
}

export interface FaultProxy {
  /** Load the app from here: `http://localhost:<port>`. */
  readonly url: string;
  /** Requests to the API that have found their end, in that order. */
  readonly requests: readonly SeenRequest[];
  /** From now on this meets every request that fits the condition. It replaces an earlier fault. */
  setFault(fault: Fault, condition?: FaultCondition): void;
  /** From now on what the API is sent and answers takes its time, in kbit/s each way; null: none. */
  setRate(kbits: number | null): void;
  /** Breaks every connection that is open now. */
  cut(): void;
  /** Everything passes again. Requests that hang go on hanging. */
  mend(): void;
  close(): Promise<void>;
}

const API = /^\/api\//;

/** Starts a proxy in front of the server at `target`, a URL with a port. */
export async function startFaultProxy(target: string): Promise<FaultProxy> {
  const port = await findFreePort();
  const requests: SeenRequest[] = [];
  let bytesPerMs: number | null = null;
  let current: { readonly fault: Fault; readonly condition: FaultCondition } | undefined;

  const faultFor = (path: string, bytes: number): Fault | undefined => {
    if (!current) return undefined;
    const { path: fits = API, overBytes = -1 } = current.condition;
    return fits.test(path) && bytes > overBytes ? current.fault : undefined;
  };

  const meet = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = request.url ?? '/';
    const body = await readAll(request);
    const end = (outcome: SeenRequest['outcome']): void => {
      if (API.test(path))
        requests.push({
          at: Date.now(),
          method: request.method ?? '',
          path,
          body: parse(body, request),
          outcome,
          bytes: body.length,
        });
    };
    const fault = faultFor(path, body.length);
    switch (fault?.type) {
      case 'hang':
        return end('hang');
      case 'reset':
        end('reset');
        request.socket.resetAndDestroy();
        return;
      case 'answer':
        end(fault.status);
        response.writeHead(fault.status, fault.headers ?? { 'content-type': 'text/html; charset=utf-8' }).end(fault.body);
        return;
      case undefined:
      case 'lose-answer':
      case 'keep-answer':
        return pass(request, body, response, end, fault?.type);
    }
  };

  const pass = (
    request: IncomingMessage,
    body: Buffer,
    response: ServerResponse,
    end: (outcome: SeenRequest['outcome']) => void,
    fault: 'lose-answer' | 'keep-answer' | undefined,
  ): void => {
    // Host stays as the browser sent it: the server compares it with the Origin. A connection of its own for each
    // request: one kept from before would fail with a server that was killed and started again meanwhile.
    const { headers, method } = request;
    const upstream = open(new URL(request.url ?? '/', target), { method, headers, agent: false });
    upstream.once('response', (answer) => {
      end(fault ?? answer.statusCode ?? 0);
      if (fault) {
        answer.resume().once('end', () => {
          if (fault === 'lose-answer') request.socket.resetAndDestroy();
        });
        return;
      }
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.once('error', () => response.destroy());
      if (bytesPerMs === null || !API.test(request.url ?? '')) answer.pipe(response);
      else answer.pipe(slowed(bytesPerMs)).pipe(response);
    });
    // Without the server this is a connection that breaks, as without the proxy.
    upstream.once('error', () => request.socket.destroy());
    response.once('close', () => upstream.destroy());
    if (bytesPerMs === null || !API.test(request.url ?? '')) upstream.end(body);
    else Readable.from(slices(body)).pipe(slowed(bytesPerMs)).pipe(upstream);
  };

  const server = createServer((request, response) => {
    meet(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });

  return {
    url: `http://localhost:${port}`,
    requests,
    setFault(fault, condition = {}) {
      current = { fault, condition };
    },
    setRate(kbits) {
      bytesPerMs = kbits === null ? null : kbits / 8;
    },
    cut: () => server.closeAllConnections(),
    mend() {
      current = undefined;
    },
    close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      return closed;
    },
  };
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

const SLICE_BYTES = 2000;

function* slices(body: Buffer): Generator<Buffer> {
  for (let from = 0; from < body.length; from += SLICE_BYTES) yield body.subarray(from, from + SLICE_BYTES);
}

/** Lets through so many bytes in each ms, slice by slice. */
const slowed = (bytesPerMs: number): Transform =>
  new Transform({
    async transform(chunk: Buffer, _encoding, done) {
      for (const slice of slices(chunk)) {
        await sleep(slice.length / bytesPerMs);
        this.push(slice);
      }
      done();
    },
  });

function parse(body: Buffer, { headers }: IncomingMessage): unknown {
  try {
    return JSON.parse((headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString());
  } catch {
    return undefined;
  }
}
