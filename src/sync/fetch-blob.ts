/** A blob as it comes from the server, over a connection that may break: what has come is not asked for again. */
import type { BlobHash } from '#core/blobs.ts';
import type { SyncError } from '#core/errors.ts';
import type { AccountId } from '#core/ids.ts';
import { paths } from '#core/paths.ts';
import type { BytesTransport, Clock } from '#core/ports.ts';
import { err, ok, type Result } from '#core/result.ts';
import type { StopSignal } from '#core/stop.ts';
import { pause } from './pause.ts';
import { failureOf } from './request.ts';

const TIMEOUT_MS = 30_000;
/** Breaks in a row without a byte in between that are waited out, a second each and longer. */
const MAX_BREAKS = 5;
const PAUSE_MS = 1000;

type Bytes = AsyncIterable<Uint8Array<ArrayBuffer>>;

export interface FetchBlobOptions {
  readonly transport: BytesTransport;
  readonly accountId: AccountId;
  readonly clock: Pick<Clock, 'setTimer'>;
  /** Ends the fetch: the bytes throw. */
  readonly signal?: StopSignal;
}

export interface FetchedBlob {
  /** How many bytes there will be; null where the server does not say. */
  readonly size: number | null;
  /** Reading them throws `BlobCut` where the connection does not come back. */
  readonly bytes: AsyncGenerator<Uint8Array<ArrayBuffer>, void>;
}

/** What ends the bytes of a blob early. */
export class BlobCut extends Error {
  readonly error: SyncError;
  constructor(error: SyncError) {
    super(`a blob was cut: ${error.type}`);
    this.error = error;
  }
}

/** A blob of the account; null where it has none of that name. Whoever reads the bytes compares the hash. */
export async function fetchBlob(options: FetchBlobOptions, hash: BlobHash): Promise<Result<FetchedBlob | null, SyncError>> {
  const first = await open(options, hash, 0);
  if (!first.ok || first.value === null) return first.ok ? ok(null) : first;
  const { size, bytes } = first.value;
  return ok({ size, bytes: goingOn(options, hash, bytes) });
}

async function* goingOn(options: FetchBlobOptions, hash: BlobHash, first: Bytes): FetchedBlob['bytes'] {
  let offset = 0;
  let breaks = 0;
  for (let bytes: Bytes | null = first; bytes !== null; ) {
    try {
      for await (const piece of bytes) {
        offset += piece.byteLength;
        breaks = 0;
        yield piece;
      }
      return;
    } catch {
      // Broken off: the rest is asked for.
    }
    bytes = null;
    while (bytes === null) {
      breaks += 1;
      if (options.signal?.aborted) throw new BlobCut({ type: 'Network', reason: 'the fetch was ended' });
      await pause(options.clock, PAUSE_MS * breaks, options.signal);
      const again = await open(options, hash, offset);
      if (again.ok && again.value === null) throw new BlobCut({ type: 'Network', reason: 'the server has the blob no longer' });
      if (!again.ok && (again.error.type !== 'Network' || breaks >= MAX_BREAKS)) throw new BlobCut(again.error);
      if (again.ok) bytes = again.value?.bytes ?? null;
    }
  }
}

async function open(
  { transport, accountId, signal }: FetchBlobOptions,
  hash: BlobHash,
  from: number,
): Promise<Result<{ readonly size: number | null; readonly bytes: Bytes } | null, SyncError>> {
  const answered = await transport.requestBytes({
    method: 'GET',
    path: paths.blob(accountId, hash),
    from,
    timeoutMs: TIMEOUT_MS,
    ...(signal && { signal }),
  });
  if (!answered.ok) return err({ type: 'Network', ...answered.error });
  const { status, size, body, json, retryAfterMs } = answered.value;
  const failure = failureOf(status, json, retryAfterMs);
  // Something in between may not know the address at all.
  if (status === 404 && failure.type === 'Rejected') return ok(null);
  // All of it had come before the break.
  if (status === 416 && from > 0) return ok({ size: from, bytes: nothing() });
  if (status !== (from === 0 ? 200 : 206) || !body) return err(failure);
  return ok({ size, bytes: body });
}

async function* nothing(): Bytes {}
