import type { ErrorAnswer, ErrorType } from '#core/protocol.ts';
import { err, type Result } from '#core/result.ts';
import type { StorageError } from './storage/storage.ts';

/** An answer other than the one asked for: an HTTP status and the JSON that says why. */
export interface Refusal {
  readonly status: number;
  readonly error: ErrorAnswer;
  /** Goes out as the Retry-After header. */
  readonly retryAfterSeconds?: number;
}

const statuses: { readonly [T in ErrorType]: number } = {
  malformed: 400,
  unauthorized: 401,
  revoked: 403,
  forbidden: 403,
  'code-required': 403,
  'not-found': 404,
  reconcile: 409,
  'name-taken': 409,
  'wrong-offset': 409,
  'too-large': 413,
  'hash-mismatch': 422,
  'update-required': 426,
  'rate-limited': 429,
  internal: 500,
  unavailable: 503,
  'over-quota': 507,
};

export function refusal(type: ErrorType, message: string, more: Omit<ErrorAnswer, 'type' | 'message'> = {}): Refusal {
  return { status: statuses[type], error: { type, message, ...more } };
}

export const refuse = (...what: Parameters<typeof refusal>) => err(refusal(...what));

/** The result of a transaction whose body can itself refuse: one level, not two. */
export function flatten<T>(result: Result<Result<T, Refusal>, StorageError>): Result<T, Refusal> {
  return result.ok ? result.value : err(storageRefusal(result.error));
}

export function storageRefusal(error: StorageError): Refusal {
  switch (error.type) {
    case 'StorageFull':
      return refusal('over-quota', "The server's disk is full. Nothing was taken; it will be sent again.");
    case 'StorageBusy':
      return { ...refusal('unavailable', 'The database is busy. Try again.'), retryAfterSeconds: 1 };
    case 'StorageBroken':
      return {
        ...refusal('unavailable', 'The server cannot use its database until its operator has looked after it.'),
        retryAfterSeconds: BROKEN_RETRY_SECONDS,
      };
  }
}

/** Nobody repairs a database within seconds. */
const BROKEN_RETRY_SECONDS = 60;
