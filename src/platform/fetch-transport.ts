import type { Transport } from '#core/ports.ts';
import { err, ok } from '#core/result.ts';
import { systemClock } from './system.ts';

/** Below this, compressing a body costs more than it saves. */
const COMPRESS_FROM_BYTES = 4096;
/**
 * The slowest way up that is still waited for: 16 kbit/s. How much of a body has left cannot be seen from a service worker,
 * so a request has time for its size on top of the time for its answer.
 */
export const SLOWEST_BYTES_PER_MS = 2;

/** `Retry-After` in ms: seconds or a date (RFC 9110). Null where it is absent or unreadable. How far to believe it, its reader decides. */
export function parseRetryAfter(header: string | null, nowMs: number): number | null {
  if (header === null) return null;
  if (/^\d+$/.test(header)) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(0, date - nowMs);
}

interface Payload {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: BufferSource;
  readonly bytes: number;
}

const JSON_TYPE = { 'content-type': 'application/json' };

/** Every server of this protocol takes gzip. `plain` is for what is in front of one and does not. */
async function encode(body: unknown, plain: boolean): Promise<Payload> {
  const text = new TextEncoder().encode(JSON.stringify(body));
  if (plain || !isWorthPacking(text)) return { headers: JSON_TYPE, body: text, bytes: text.length };
  const packed = await gzip(text);
  return { headers: { ...JSON_TYPE, 'content-encoding': 'gzip' }, body: packed, bytes: packed.byteLength };
}

/** Whether bytes of text are worth compressing, and this context can. */
export const isWorthPacking = ({ length }: Uint8Array): boolean =>
  length >= COMPRESS_FROM_BYTES && 'CompressionStream' in globalThis;

/** In one piece: the stream of a blob comes in dozens, each from another process. */
export async function gzip(bytes: BufferSource): Promise<ArrayBuffer> {
  const { readable, writable } = new CompressionStream('gzip');
  const writer = writable.getWriter();
  const [packed] = await Promise.all([new Response(readable).arrayBuffer(), writer.write(bytes), writer.close()]);
  return packed;
}

/** Ends a request when `allow` has not been called for so long as its last call said, or by `abort`. */
export function createDeadline() {
  const controller = new AbortController();
  let cancel = (): void => {};
  return {
    signal: controller.signal,
    allow(ms: number): void {
      cancel();
      cancel = systemClock.setTimer(ms, () => controller.abort(new DOMException('nothing moved in time', 'TimeoutError')));
    },
    abort: (): void => controller.abort(),
    end: (): void => cancel(),
  };
}

/** The answer's JSON, however long it takes to arrive, as long as it moves. */
function readJson(response: Response, onProgress: () => void): Promise<unknown> {
  if (!response.body) return response.json();
  const counted = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      onProgress();
      controller.enqueue(chunk);
    },
  });
  return new Response(response.body.pipeThrough(counted)).json();
}

/** Requests to this origin's API. The device's cookie goes along by itself; no script ever sees it. */
export const fetchTransport: Transport = {
  async request({ method, path, body, timeoutMs, onSent }) {
    const deadline = createDeadline();
    const send = async (plain: boolean): Promise<Response> => {
      const payload = body === undefined ? undefined : await encode(body, plain);
      deadline.allow(timeoutMs + (payload?.bytes ?? 0) / SLOWEST_BYTES_PER_MS);
      const sent = fetch(path, {
        method,
        credentials: 'same-origin',
        cache: 'no-store',
        // An API never redirects; a captive portal does.
        redirect: 'error',
        signal: deadline.signal,
        ...(payload && { headers: payload.headers, body: payload.body }),
      });
      onSent?.();
      const response = await sent;
      const isRefused = response.status === 415 && payload !== undefined && 'content-encoding' in payload.headers;
      return isRefused ? send(true) : response;
    };
    try {
      const response = await send(false);
      deadline.allow(timeoutMs);
      const isJson = response.headers.get('content-type')?.includes('application/json') ?? false;
      // Reading the body can fail as well: a connection that is cut half-way has given no answer.
      const json: unknown = isJson ? await readJson(response, () => deadline.allow(timeoutMs)) : undefined;
      return ok({
        status: response.status,
        json,
        retryAfterMs: parseRetryAfter(response.headers.get('retry-after'), Date.now()),
      });
    } catch (error) {
      const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      return err({ reason, ...(deadline.signal.aborted && { timedOut: true }) });
    } finally {
      deadline.end();
    }
  },
};
