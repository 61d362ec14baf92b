/**
 * Fetches what the entities of this device name and is not here, one blob after the other, as long as the device has room: a device
 * that joins has everything offline in the end. What somebody looks at is fetched before (`blob-fetcher.ts`).
 */
import type { BlobFill } from '#core/blob-fill.ts';
import type { BlobHash } from '#core/blobs.ts';
import type { FetchError, KvError } from '#core/errors.ts';
import { ok, type Result } from '#core/result.ts';

export interface FillBlobsOptions {
  readonly fill: BlobFill;
  /** `BlobFetcher.fetchLater` */
  readonly fetch: (hash: BlobHash, maxBytes: number) => Promise<Result<unknown, FetchError>>;
  /** How many bytes this device has room for; asked before each blob. */
  readonly room: () => Promise<number>;
  /** Asked before each blob. */
  readonly goesOn: () => Promise<boolean>;
}

/** What prevented the rest, or null; and when there may be more to fetch, wall time in ms (null: not known). */
export interface Filled {
  readonly error: FetchError | null;
  readonly nextAt: number | null;
}

export async function fillBlobs({ fill, fetch, room, goesOn }: FillBlobsOptions): Promise<Result<Filled, KvError>> {
  for (;;) {
    const step = await fill.next();
    if (!step.ok) return step;
    const { hashes, isMore, nextAt } = step.value;
    const lacking: BlobHash[] = [];
    for (const hash of hashes) {
      if (!(await goesOn())) return ok({ error: null, nextAt: null });
      const left = await room();
      if (left <= 0) return ok({ error: { type: 'QuotaExceeded' }, nextAt: null });
      const fetched = await fetch(hash, left);
      if (fetched.ok) continue;
      if (!isOfThisBlob(fetched.error)) return ok({ error: fetched.error, nextAt: null });
      lacking.push(hash);
    }
    const done = hashes.length > 0 || isMore ? await fill.done(step.value, lacking) : ok(undefined);
    if (!done.ok) return done;
    // What was lacking has a new time now.
    if (!isMore && lacking.length === 0) return ok({ error: null, nextAt });
  }
}

/** Nobody has it, it is damaged there, or it is larger than the room: the next one may come. */
const isOfThisBlob = ({ type }: FetchError): boolean => type === 'BlobMissing' || type === 'WrongBytes' || type === 'Canceled';
