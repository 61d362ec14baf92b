import type { Transport } from '#core/ports.ts';
import { err, ok } from '#core/result.ts';

/** `Retry-After` in ms: seconds or a date (RFC 9110). Null where it is absent or unreadable. */
function parseRetryAfter(header: string | null, nowMs: number): number | null {
  if (header === null) return null;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(0, date - nowMs);
}

/** Requests to this origin's API. The device's cookie goes along by itself; no script ever sees it. */
export const fetchTransport: Transport = {
  async request({ method, path, body, timeoutMs }) {
    try {
      const response = await fetch(path, {
        method,
        credentials: 'same-origin',
        cache: 'no-store',
        // An API never redirects; a captive portal does.
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
        ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
      });
      const isJson = response.headers.get('content-type')?.includes('application/json') ?? false;
      // Reading the body can fail as well: a connection that is cut half-way has given no answer.
      const json: unknown = isJson ? await response.json() : undefined;
      return ok({
        status: response.status,
        json,
        retryAfterMs: parseRetryAfter(response.headers.get('retry-after'), Date.now()),
      });
    } catch (error) {
      return err({ reason: error instanceof Error ? `${error.name}: ${error.message}` : String(error) });
    }
  },
};
