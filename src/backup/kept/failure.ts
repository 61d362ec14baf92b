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

/** What `work` gives, or the expected failure that ended it. Bugs are thrown on. */
export async function caught<V>(work: () => Promise<V>): Promise<Result<V, BackupError>> {
  try {
    return ok(await work());
  } catch (error) {
    if (error instanceof Failure) return err(error.error);
    throw error;
  }
}
