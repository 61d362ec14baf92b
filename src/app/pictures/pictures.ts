import type { Result } from '#core/result.ts';
import type { FileError } from '#features/pictures/file-error.ts';
import type { PreparedFile, PrepareOptions } from '#features/pictures/prepared-file.ts';

export interface PrepareRequest extends PrepareOptions {
  /** `MAX_BLOB_BYTES` where it is absent. */
  readonly limitBytes?: number;
  /** Ends the wait and the work at once: `PrepareStopped`. */
  readonly signal?: AbortSignal;
}

/** Brings what a person has pasted, dropped or picked into the form in which it is kept. Keeps nothing. */
export interface Pictures {
  /**
   * One file after the other, in the order of the calls. Always answers: what takes too long, or ends the worker, is kept as a
   * file with a notice. Never throws. A file that is empty or above the limit is refused before anything of it is read.
   */
  prepare(file: Blob, request: PrepareRequest): Promise<Result<PreparedFile, FileError>>;
}
