/** What the fetching of everything that is named, in the background, asks of a device. */
import type { BlobHash } from './blobs.ts';
import type { KvError } from './errors.ts';
import type { Result } from './result.ts';

export interface FillStep {
  /** To be fetched, in this order. Empty where the entities that were looked at name nothing that is not here. */
  readonly hashes: readonly BlobHash[];
  /** Whether there is a further step behind it now; if not, when there will be one, wall time in ms (null: not known). */
  readonly isMore: boolean;
  readonly nextAt: number | null;
}

/** Where a device is in fetching what its entities name: every answer may be lost with a kill, and is given again then. */
export interface BlobFill {
  /** The next of what is named and not here: of the entities changed last, the newest first, then what could not be had before. */
  next(): Promise<Result<FillStep, KvError>>;
  /** The step is done; `lacking` are those of its hashes that nobody has, for now. They come again, less and less often. */
  done(step: FillStep, lacking: readonly BlobHash[]): Promise<Result<void, KvError>>;
}
