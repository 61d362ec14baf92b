import type { BackupError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';

/** An expected failure on its way out of steps that read and write one after the other; a value again at the edge (`caught`). */
export class Failure extends Error {
  readonly error: BackupError;
  constructor(error: BackupError) {
    super(error.type);
    this.error = error;
  }
}

/** The value of a result, else its error on its way out. */
export function take<V>(result: Result<V, BackupError>): V {
  if (result.ok) return result.value;
  throw new Failure(result.error);
}

/** As engines say it where their quota has not seen it coming. */
const DISK_FULL = /NO_SPACE|ENOSPC|disk is full/;

/** What a browser has thrown, in the words of places. */
export function toPlaceFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  const name = error instanceof Error ? error.name : '';
  const reason = String(error);
  if (name === 'NotAllowedError' || name === 'SecurityError') return new Failure({ type: 'PlacePermission' });
  if (name === 'QuotaExceededError' || DISK_FULL.test(reason)) return new Failure({ type: 'QuotaExceeded' });
  if (name === 'NotFoundError') return new Failure({ type: 'PlaceGone' });
  return new Failure({ type: 'PlaceFailed', reason });
}

/** What `work` gives, or the expected failure that ended it, or what the browser has said of its files. Bugs are thrown on. */
export async function caught<V>(work: () => Promise<V>): Promise<Result<V, BackupError>> {
  try {
    return ok(await work());
  } catch (error) {
    if (error instanceof Failure || error instanceof DOMException) return err(toPlaceFailure(error).error);
    throw error;
  }
}
