/**
 * Gets blobs from the server into this device's store, by the hash that their references name. Whoever asks for one that is already
 * on its way shares the way; it ends when the last of them wants it no more.
 */
import type { BlobHash } from '#core/blobs.ts';
import { blobFetchLock } from '#core/channels.ts';
import type { BlobError, FetchError, KvError } from '#core/errors.ts';
import type { AccountId } from '#core/ids.ts';
import type { BytesTransport, Clock, Locks } from '#core/ports.ts';
import { err, ok, type Result } from '#core/result.ts';
import { createStop, type Stop, type StopSignal } from '#core/stop.ts';
import { BlobCut, fetchBlob } from './fetch-blob.ts';
import { takeHead } from './head-of-stream.ts';
import { pause } from './pause.ts';

/** What a blob is, by its first bytes. */
export interface BlobLooks {
  /** Media type. */
  readonly type: string;
  /** Of a picture, in pixels. */
  readonly width?: number;
  readonly height?: number;
}

interface Known {
  readonly type: string;
  /** Its bytes are on this device. */
  readonly here: boolean;
}

/** The store of this device's blobs, as far as fetching needs it. */
export interface FetchedBlobs<I extends Known> {
  info(hashes: readonly BlobHash[]): Promise<Result<readonly (I | null)[], KvError>>;
  put(
    bytes: AsyncGenerator<Uint8Array<ArrayBuffer>, void>,
    about: BlobLooks & { readonly sent: true; readonly expect: BlobHash },
    options: { readonly signal: StopSignal },
  ): Promise<Result<I, BlobError>>;
}

export interface BlobFetcherOptions<I extends Known> {
  readonly workspaceId: string;
  readonly accountId: AccountId;
  readonly blobs: FetchedBlobs<I>;
  readonly transport: BytesTransport;
  readonly locks: Locks;
  readonly clock: Pick<Clock, 'setTimer'>;
  readonly looksOf: (head: Uint8Array<ArrayBuffer>) => BlobLooks;
  /** Whether the person lets this device sync. */
  readonly isOn: () => Promise<Result<boolean, KvError>>;
  /** Called for each that has come. */
  readonly onFetched?: (hash: BlobHash) => void;
}

/** Called some times a second with the bytes that have come, and how many there will be (null: not known). False cancels. */
export type FetchWatch = (bytes: number, size: number | null) => unknown;

export interface BlobFetcher<I> {
  /** What the store knows of the blob once it is here, at once where it already is. */
  fetch(hash: BlobHash, watch?: FetchWatch): Promise<Result<I, FetchError>>;
  /**
   * The same in the background: its bytes wait while others are fetched that somebody looks at, and one of more than `maxBytes` ends as
   * `Canceled` before any of them has come.
   */
  fetchLater(hash: BlobHash, maxBytes: number): Promise<Result<I, FetchError>>;
  /** Whether any blob is on its way. */
  isBusy(): boolean;
}

/** How often whoever waits for bytes is asked, and how often bytes that nobody looks for look whether they may go on. */
const WATCH_MS = 250;
const YIELD_MS = 200;

interface Progress {
  bytes: number;
  size: number | null;
}

/** One blob on its way. */
interface Way<I> {
  readonly result: Promise<Result<I, FetchError>>;
  readonly stop: Stop;
  readonly progress: Progress;
  waiting: number;
  /** Those of `waiting` that look at it. */
  looking: number;
}

export function createBlobFetcher<I extends Known>(options: BlobFetcherOptions<I>): BlobFetcher<I> {
  const ways = new Map<BlobHash, Way<I>>();
  const isLookedFor = (): boolean => [...ways.values()].some(({ looking }) => looking > 0);

  const begin = (hash: BlobHash, maxBytes: number): Way<I> => {
    const stop = createStop();
    const progress: Progress = { bytes: 0, size: null };
    const giveWay = async (): Promise<void> => {
      while (!stop.signal.aborted && ways.get(hash)?.looking === 0 && isLookedFor()) await pause(options.clock, YIELD_MS);
    };
    const fits = (size: number): boolean => size <= maxBytes || (ways.get(hash)?.looking ?? 0) > 0;
    const result = fetchOne(options, hash, { signal: stop.signal, progress, giveWay, fits });
    const way: Way<I> = { result, stop, progress, waiting: 0, looking: 0 };
    ways.set(hash, way);
    return way;
  };

  const fetch = async (
    hash: BlobHash,
    { watch, looks, maxBytes }: { readonly watch?: FetchWatch | undefined; readonly looks: 0 | 1; readonly maxBytes: number },
  ): Promise<Result<I, FetchError>> => {
    const way = ways.get(hash) ?? begin(hash, maxBytes);
    way.waiting += 1;
    way.looking += looks;
    const watching = watch ? watchWay(options.clock, way.progress, watch) : null;
    try {
      return await (watching ? Promise.race([way.result, watching.canceled]) : way.result);
    } finally {
      watching?.stop();
      way.waiting -= 1;
      way.looking -= looks;
      if (way.waiting === 0) {
        way.stop.abort();
        // One who asks from now on does not share what was ended.
        if (ways.get(hash) === way) ways.delete(hash);
      }
    }
  };

  return {
    fetch: (hash, watch) => fetch(hash, { watch, looks: 1, maxBytes: Infinity }),
    fetchLater: (hash, maxBytes) => fetch(hash, { looks: 0, maxBytes }),
    isBusy: () => ways.size > 0,
  };
}

/** Asks the watcher again and again, also while nothing comes. */
function watchWay({ setTimer }: Pick<Clock, 'setTimer'>, progress: Progress, watch: FetchWatch) {
  let resolve: (canceled: Result<never, FetchError>) => void = () => {};
  const canceled = new Promise<Result<never, FetchError>>((settle) => {
    resolve = settle;
  });
  let isOver = false;
  const look = async (): Promise<void> => {
    if (isOver) return;
    const goesOn = await Promise.resolve(watch(progress.bytes, progress.size)).catch(() => true);
    if (goesOn === false) resolve(err({ type: 'Canceled' }));
    else if (!isOver) setTimer(WATCH_MS, () => void look());
  };
  void look();
  return {
    canceled,
    stop(): void {
      isOver = true;
    },
  };
}

interface OnTheWay {
  readonly signal: StopSignal;
  readonly progress: Progress;
  /** Waits while bytes that somebody looks for are fetched. */
  readonly giveWay: () => Promise<void>;
  /** Whether one of so many bytes is wanted. */
  readonly fits: (size: number) => boolean;
}

const fetchOne = <I extends Known>(
  options: BlobFetcherOptions<I>,
  hash: BlobHash,
  onTheWay: OnTheWay,
): Promise<Result<I, FetchError>> =>
  // Without `ifAvailable` a lock is always got.
  options.locks.hold(blobFetchLock(options.workspaceId, hash), () => fetchAgain(options, hash, onTheWay)) as Promise<
    Result<I, FetchError>
  >;

/** The store has made room for what it could not keep, if it could: it comes once more. */
async function fetchAgain<I extends Known>(
  options: BlobFetcherOptions<I>,
  hash: BlobHash,
  onTheWay: OnTheWay,
): Promise<Result<I, FetchError>> {
  const fetched = await fetchAlone(options, hash, onTheWay);
  if (fetched.ok || fetched.error.type !== 'QuotaExceeded' || onTheWay.signal.aborted) return fetched;
  onTheWay.progress.bytes = 0;
  return fetchAlone(options, hash, onTheWay);
}

async function fetchAlone<I extends Known>(
  { accountId, blobs, transport, clock, looksOf, isOn, onFetched }: BlobFetcherOptions<I>,
  hash: BlobHash,
  { signal, progress, giveWay, fits }: OnTheWay,
): Promise<Result<I, FetchError>> {
  const canceled = err({ type: 'Canceled' } as const);
  const found = await blobs.info([hash]);
  if (!found.ok) return found;
  const known = found.value[0];
  if (known?.here) return ok(known);
  if (signal.aborted) return canceled;
  const on = await isOn();
  if (!on.ok) return on;
  if (!on.value) return err({ type: 'SyncOff' });
  const fetched = await fetchBlob({ transport, accountId, clock, signal }, hash);
  if (signal.aborted) return canceled;
  if (!fetched.ok) return fetched;
  if (!fetched.value) return err({ type: 'BlobMissing' });
  progress.size = fetched.value.size;
  if (progress.size !== null && !fits(progress.size)) {
    await fetched.value.bytes.return();
    return canceled;
  }
  const cut: { error: FetchError | null } = { error: null };
  const counted = async function* (bytes: AsyncIterable<Uint8Array<ArrayBuffer>>) {
    try {
      for await (const piece of bytes) {
        progress.bytes += piece.byteLength;
        yield piece;
        await giveWay();
      }
    } catch (error) {
      cut.error = error instanceof BlobCut ? error.error : { type: 'Network', reason: String(error) };
      throw error;
    }
  };
  try {
    const { head, all } = await takeHead(counted(fetched.value.bytes));
    const { type, ...shape } = looksOf(head);
    const about = { ...shape, type: known?.type || type, sent: true, expect: hash } as const;
    const put = await blobs.put(all, about, { signal });
    if (put.ok) onFetched?.(hash);
    return put.ok ? put : signal.aborted ? canceled : err(cut.error ?? put.error);
  } catch (error) {
    return signal.aborted ? canceled : err(cut.error ?? { type: 'Network', reason: String(error) });
  }
}
