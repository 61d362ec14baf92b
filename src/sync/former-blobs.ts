/** Blobs from the server of an account that was left, for the account into which its work was brought. */
import type { BlobHash } from '#core/blobs.ts';
import type { FetchError, SyncError } from '#core/errors.ts';
import { err, type Result } from '#core/result.ts';
import { type BlobFetcherOptions, createBlobFetcher, type FetchedBlobs } from './blob-fetcher.ts';

export interface FormerBlobsOptions<I extends { readonly type: string; readonly here: boolean }>
  extends Omit<BlobFetcherOptions<I>, 'blobs' | 'onFetched'> {
  /** The store of the account into which they come. */
  readonly into: Pick<FetchedBlobs<I>, 'info'> & {
    put(
      bytes: Parameters<FetchedBlobs<I>['put']>[0],
      about: Omit<Parameters<FetchedBlobs<I>['put']>[1], 'sent'> & { readonly sent: false },
      options: Parameters<FetchedBlobs<I>['put']>[2],
    ): ReturnType<FetchedBlobs<I>['put']>;
  };
  /** How many bytes this device has room for; asked before each. */
  readonly room: () => Promise<number>;
  /** Lets this device into the account again, by its key; null where that is not known. */
  readonly enter: (() => Promise<Result<unknown, SyncError>>) | null;
}

/** Gives what gets one. Where the server does not know this device any more, it enters again, once. */
export function createFormerBlobs<I extends { readonly type: string; readonly here: boolean }>({
  into,
  room,
  enter,
  ...around
}: FormerBlobsOptions<I>): (hash: BlobHash) => Promise<Result<I, FetchError>> {
  const fetcher = createBlobFetcher<I>({
    ...around,
    // The former account's server has it, and that of this account has not.
    blobs: { info: into.info, put: (bytes, about, options) => into.put(bytes, { ...about, sent: false }, options) },
  });
  const full = err({ type: 'QuotaExceeded' } as const);
  const fetch = async (hash: BlobHash): Promise<Result<I, FetchError>> => {
    const bytes = await room();
    const fetched = bytes > 0 ? await fetcher.fetchLater(hash, bytes) : full;
    // Larger than the room that there is.
    return !fetched.ok && fetched.error.type === 'Canceled' ? full : fetched;
  };
  let mayEnter = enter;
  return async (hash) => {
    const fetched = await fetch(hash);
    if (fetched.ok || fetched.error.type !== 'SignedOut' || !mayEnter) return fetched;
    const entered = await mayEnter();
    mayEnter = null;
    return entered.ok ? fetch(hash) : fetched;
  };
}
