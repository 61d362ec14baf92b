import type { SyncError } from '#core/errors.ts';
import type { Random } from '#core/ports.ts';
import { MAX_RETRY_AFTER_MS } from './request.ts';

const FIRST_MS = 1000;
/** Never longer than this, so that with a page open and the server reachable the outbox moves within two minutes. */
const MAX_MS = 60_000;

/**
 * How long to wait before attempt number `attempts + 1`: doubling from one second, full jitter over the upper half, and
 * never earlier than the server asked (`Retry-After`).
 */
export function backoffMs(attempts: number, retryAfterMs: number | null, random: Random): number {
  const ceiling = Math.min(MAX_MS, FIRST_MS * 2 ** Math.min(attempts, 16));
  return Math.max(retryAfterMs ?? 0, ceiling * (0.5 + random.fraction() / 2));
}

/** For how long the server is not to be asked, in ms: because it said so (`Retry-After`), or because the account was deleted. Null where neither is so. */
export function retryAfterOf(error: SyncError | null): number | null {
  // That is permanent; only a mistake of the server could take it back.
  if (error?.type === 'AccountDeleted') return MAX_RETRY_AFTER_MS;
  return error && 'retryAfterMs' in error ? error.retryAfterMs : null;
}
