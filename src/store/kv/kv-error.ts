import type { KvError } from '#core/errors.ts';
import { errorName } from './db-transaction.ts';

/**
 * A disk without room, as Chromium tells it where its quota has not seen it coming (measured with 156 on a full disk:
 * `DataError: Failed to write blobs (IOError)` for large values, `UnknownError: … FILE_ERROR_NO_SPACE` for others).
 */
const DISK_FULL = /NO_SPACE|ENOSPC|disk is full|Failed to write blobs/;

/** By name, not by class: the engines disagree on the class (Chromium has a `QuotaExceededError` of its own). */
export function toKvError(error: unknown): KvError {
  const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  if (DISK_FULL.test(reason)) return { type: 'QuotaExceeded' };
  switch (errorName(error)) {
    case 'QuotaExceededError':
      return { type: 'QuotaExceeded' };
    case 'VersionError':
      return { type: 'NewerDatabase' };
    case 'SecurityError':
      return { type: 'StorageDisabled', reason };
    case 'InvalidStateError':
    case 'AbortError':
      return { type: 'ConnectionLost', reason };
    default:
      return { type: 'StorageFailed', reason };
  }
}
