/** A blob as it comes from the server, over a connection that may break: what has come is not asked for again. */
import type { BlobHash } from '#core/blobs.ts';
import type { SyncError } from '#core/errors.ts';
import type { AccountId } from '#core/ids.ts';
import { paths } from '#core/paths.ts';
import type { BytesTransport, Clock } from '#core/ports.ts';
import { err, ok, type Result } from '#core/result.ts';
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
}

/** What ends the bytes of a blob early. */
export class BlobCut extends Error {
  readonly error: SyncError;
  constructor(error: SyncError) {
    super(`a blob was cut: ${error.type}`);
    this.error = error;
  }
}

/**
 * The bytes of a blob; null where the account has none of that name. Whoever reads them compares the hash. Reading throws `BlobCut`
 * where the connection does not come back.
 */
export async function fetchBlob(options: FetchBlobOptions, hash: BlobHash): Promise<Result<Bytes | null, SyncError>> {
  const first = await open(options, hash, 0);
  return first.ok && first.value !== null ? ok(goingOn(options, hash, first.value)) : first;
}

async function* goingOn(options: FetchBlobOptions, hash: BlobHash, first: Bytes): Bytes {
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
      await new Promise<void>((resolve) => void options.clock.setTimer(PAUSE_MS * breaks, resolve));
      const again = await open(options, hash, offset);
      if (again.ok && again.value === null) throw new BlobCut({ type: 'Network', reason: 'the server has the blob no longer' });
      if (!again.ok && (again.error.type !== 'Network' || breaks >= MAX_BREAKS)) throw new BlobCut(again.error);
      if (again.ok) bytes = again.value;
    }
  }
}

async function open(
  { transport, accountId }: FetchBlobOptions,
  hash: BlobHash,
  from: number,
): Promise<Result<Bytes | null, SyncError>> {
  const answered = await transport.requestBytes({
    method: 'GET',
    path: paths.blob(accountId, hash),
    from,
    timeoutMs: TIMEOUT_MS,
  });
  if (!answered.ok) return err({ type: 'Network', ...answered.error });
  const { status, body, json, retryAfterMs } = answered.value;
  if (status === 404) return ok(null);
  // All of it had come before the break.
  if (status === 416 && from > 0) return ok(nothing());
  if (status !== (from === 0 ? 200 : 206) || !body) return err(failureOf(status, json, retryAfterMs));
  return ok(body);
}

async function* nothing(): Bytes {}
