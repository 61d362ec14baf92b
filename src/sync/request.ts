/** The rim of the wire: one request, its answer checked against the protocol, HTTP statuses translated once into sync outcomes. */
import * as v from 'valibot';
import { ACCOUNT_DELETED } from '#core/account-protocol.ts';
import type { SyncError } from '#core/errors.ts';
import type { Transport, TransportRequest } from '#core/ports.ts';
import { type ErrorAnswer, errorAnswerSchema } from '#core/protocol.ts';
import { err, ok, type Result } from '#core/result.ts';

/** Longer than a server and a phone's network are ever silent, well below the three minutes of a sync event. */
const TIMEOUT_MS = 30_000;

/** The longest that `Retry-After` keeps us away. */
export const MAX_RETRY_AFTER_MS = 60 * 60_000;
const MAX_PROXY_RETRY_AFTER_MS = 60_000;

/**
 * Sends one request and gives its checked answer. An answer that does not fit the protocol, under whatever status, did
 * not come from a Holdfast server (a captive portal answers HTML with 200) and counts as no network.
 */
export async function call<const S extends v.GenericSchema>(
  transport: Transport,
  request: Omit<TransportRequest, 'timeoutMs'>,
  schema: S,
): Promise<Result<v.InferOutput<S>, SyncError>> {
  const sent = await transport.request({ ...request, timeoutMs: TIMEOUT_MS });
  if (!sent.ok) return err({ type: 'Network', ...sent.error });
  const { status, json, retryAfterMs } = sent.value;
  if (status >= 200 && status < 300) {
    const parsed = v.safeParse(schema, json);
    return parsed.success
      ? ok(parsed.output)
      : err({ type: 'Network', reason: `an answer that is not from a Holdfast server (${status})` });
  }
  return err(failureOf(status, json, retryAfterMs));
}

/** What our own server says in a refusal; empty where it is not one of ours. */
export function messageOf(json: unknown): string {
  const parsed = v.safeParse(errorAnswerSchema, json);
  return parsed.success ? parsed.output.message : '';
}

/** What an answer with a status outside of 200 to 299 means. */
export function failureOf(status: number, json: unknown, retryAfterMs: number | null): SyncError {
  const parsed = v.safeParse(errorAnswerSchema, json);
  const answer = parsed.success ? parsed.output : null;
  return toSyncError(status, answer, believeRetryAfter(status, answer, retryAfterMs));
}

/**
 * How long we really stay away. Our own server is believed up to an hour. A proxy that answers for it may be any program with
 * any clock: a minute, and only with the two statuses that mean it. What else carries the header is not believed.
 */
function believeRetryAfter(status: number, answer: ErrorAnswer | null, retryAfterMs: number | null): number | null {
  if (retryAfterMs === null) return null;
  if (answer) return Math.min(retryAfterMs, MAX_RETRY_AFTER_MS);
  return status === 429 || status === 503 ? Math.min(retryAfterMs, MAX_PROXY_RETRY_AFTER_MS) : null;
}

function toSyncError(status: number, answer: ErrorAnswer | null, retryAfterMs: number | null): SyncError {
  // Whoever refuses the size, a gateway before the server too, a smaller push may pass.
  if (status === 413) return { type: 'TooLarge' };
  // Below, a status counts only with our own JSON beside it: a proxy's 401 or 409 says nothing about the account.
  if (status === 429) return { type: 'RateLimited', retryAfterMs };
  if (status === 408 || status === 425 || status >= 500) {
    return answer?.type === 'over-quota' ? { type: 'ServerFull' } : { type: 'ServerError', status, retryAfterMs };
  }
  if (!answer) return { type: 'Network', reason: `status ${status} from something that is not a Holdfast server` };
  switch (answer.type) {
    case 'unauthorized':
      return { type: 'SignedOut' };
    case 'revoked':
    case 'forbidden':
    case 'code-required':
      if (answer.reason === ACCOUNT_DELETED) return { type: 'AccountDeleted' };
      return { type: 'Forbidden', reason: answer.type };
    case 'reconcile':
      return { type: 'ReconcileNeeded', epoch: answer.epoch ?? null };
    case 'update-required':
      return { type: 'UpdateRequired' };
    case 'over-quota':
      return { type: 'ServerFull' };
    default:
      return { type: 'Rejected', status, reason: answer.message };
  }
}
