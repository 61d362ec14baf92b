import { UPLOAD_LENGTH, UPLOAD_OFFSET } from '#core/blob-protocol.ts';
import type { BytesTransport } from '#core/ports.ts';
import { err, ok } from '#core/result.ts';
import { createDeadline, gzip, isWorthPacking, parseRetryAfter, SLOWEST_BYTES_PER_MS } from './fetch-transport.ts';

/** Bytes to and from this origin's API. The device's cookie goes along by itself. */
export const fetchBytes: BytesTransport = {
  async requestBytes({ method, path, body, isText = false, from = 0, timeoutMs, signal }) {
    const deadline = createDeadline();
    const end = (): void => deadline.abort();
    signal?.addEventListener('abort', end);
    try {
      if (signal?.aborted) end();
      const packed = body && isText && isWorthPacking(body) ? await gzip(body) : null;
      const payload = packed ?? body;
      deadline.allow(timeoutMs + (payload?.byteLength ?? 0) / SLOWEST_BYTES_PER_MS);
      const response = await fetch(path, {
        method,
        credentials: 'same-origin',
        cache: 'no-store',
        redirect: 'error',
        signal: deadline.signal,
        headers: {
          ...(body && { 'content-type': 'application/octet-stream' }),
          ...(packed && { 'content-encoding': 'gzip' }),
          ...(from > 0 && { range: `bytes=${from}-` }),
        },
        ...(payload && { body: payload }),
      });
      deadline.allow(timeoutMs);
      const { status, headers } = response;
      const type = headers.get('content-type') ?? '';
      const isJson = method !== 'HEAD' && type.includes('application/json');
      const json: unknown = isJson ? await response.json() : undefined;
      // A page that a captive portal answers with is no blob.
      const hasBytes = method === 'GET' && response.ok && type.includes('application/octet-stream') && response.body !== null;
      if (!hasBytes) deadline.end();
      return ok({
        status,
        offset: readCount(headers.get(UPLOAD_OFFSET)),
        size: readCount(headers.get(UPLOAD_LENGTH) ?? (method === 'GET' ? headers.get('content-length') : null)),
        json,
        retryAfterMs: parseRetryAfter(headers.get('retry-after'), Date.now()),
        body: hasBytes && response.body ? untilEnd(response.body, deadline, timeoutMs) : null,
      });
    } catch (error) {
      deadline.end();
      const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      return err({ reason, ...(deadline.signal.aborted && !signal?.aborted && { timedOut: true }) });
    }
  },
};

/** The bytes of an answer, piece by piece, each within `timeoutMs` of the one before. */
async function* untilEnd(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  deadline: ReturnType<typeof createDeadline>,
  timeoutMs: number,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  // Safari's streams are no iterables.
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      deadline.allow(timeoutMs);
      yield value;
    }
  } finally {
    deadline.end();
    // Whoever stops reading in the middle wants no more of it.
    void reader.cancel().catch(() => {});
  }
}

const readCount = (header: string | null): number | null =>
  header !== null && /^\d{1,15}$/.test(header) ? Number(header) : null;
