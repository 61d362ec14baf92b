/**
 * Sends what the server lacks of this device's blobs: one after the other, the smallest first, each in parts that go on where the
 * server says that the last one ended. Killed at any point it loses at most a part. It runs beside the drain and under a lock of its
 * own: words never wait for bytes.
 */
import { blobPartPath, MAX_BLOB_PART_BYTES } from '#core/blob-protocol.ts';
import type { BlobQueue, UnsentBlob } from '#core/blob-queue.ts';
import type { BlobHash } from '#core/blobs.ts';
import type { KvError, SyncError } from '#core/errors.ts';
import type { AccountId } from '#core/ids.ts';
import { paths } from '#core/paths.ts';
import type { BytesAnswer, BytesTransport, Clock } from '#core/ports.ts';
import { ok, type Result } from '#core/result.ts';
import { failureOf } from './request.ts';

const LOOKED_AT = 20;
const TIMEOUT_MS = 30_000;

/** Parts grow while each takes less than this, so that a part that is lost costs no more than some seconds. */
const PART_MS = 5000;
const MIN_PART_BYTES = 65_536;
const FIRST_PART_BYTES = 524_288;

export interface SendBlobsOptions {
  readonly queue: BlobQueue;
  readonly transport: BytesTransport;
  readonly accountId: AccountId;
  readonly clock: Pick<Clock, 'now'>;
  /** Asked before each part: a service worker may run for a few minutes only. */
  readonly mayGoOn: () => boolean;
  /** Called after each part with how many of its bytes the server has. */
  readonly onProgress?: (hash: BlobHash, sent: number) => void;
}

export interface SentBlobs {
  /** What prevented the rest; null where all that can be sent was, or where there was no time for more. */
  readonly error: SyncError | null;
  /** Blobs that the server does not take; the others were sent all the same. */
  readonly refused: ReadonlyMap<BlobHash, SyncError>;
  /** There was no time for more. */
  readonly isCut: boolean;
}

/** How one blob ended. `skipped`: it alone does not go. */
type Ending = { readonly type: 'sent' | 'cut' | 'gone' } | { readonly type: 'skipped' | 'stopped'; readonly error: SyncError };

export async function sendBlobs(options: SendBlobsOptions): Promise<Result<SentBlobs, KvError>> {
  const { queue } = options;
  const refused = new Map<BlobHash, SyncError>();
  const gone = new Set<BlobHash>();
  const pace = createPace(options.clock);
  for (;;) {
    const waiting = await queue.unsent(LOOKED_AT + refused.size + gone.size);
    if (!waiting.ok) return waiting;
    const next = waiting.value.find(({ hash }) => !refused.has(hash) && !gone.has(hash));
    if (!next) return ok({ error: null, refused, isCut: false });
    const ending = await sendOne(options, next, pace);
    if (!ending.ok) return ending;
    switch (ending.value.type) {
      case 'sent': {
        const marked = await queue.markSent(next.hash);
        if (!marked.ok) return marked;
        break;
      }
      case 'gone':
        gone.add(next.hash);
        break;
      case 'skipped':
        refused.set(next.hash, ending.value.error);
        break;
      case 'cut':
        return ok({ error: null, refused, isCut: true });
      case 'stopped':
        return ok({ error: ending.value.error, refused, isCut: false });
    }
  }
}

async function sendOne(
  { queue, transport, accountId, mayGoOn, onProgress }: SendBlobsOptions,
  { hash, size }: UnsentBlob,
  pace: Pace,
): Promise<Result<Ending, KvError>> {
  const path = paths.blob(accountId, hash);
  const known = await transport.requestBytes({ method: 'HEAD', path, timeoutMs: TIMEOUT_MS });
  if (!known.ok) return ok({ type: 'stopped', error: { type: 'Network', ...known.error } });
  let offset = known.value.status === 404 ? 0 : (known.value.offset ?? 0);
  if (known.value.status !== 404 && !isFine(known.value)) return ok({ type: 'stopped', error: failure(known.value) });
  if (known.value.status !== 404 && offset === size) return ok({ type: 'sent' });
  /** The server and this device may disagree about the bytes once: what came damaged is sent again. */
  let again = false;
  for (;;) {
    if (!mayGoOn()) return ok({ type: 'cut' });
    const end = Math.min(size, offset + pace.bytes());
    const part = await queue.read(hash, offset, end);
    if (!part.ok) return part;
    if (!part.value) return ok({ type: 'gone' });
    const body = part.value;
    const answered = await pace.time(() =>
      transport.requestBytes({
        method: 'PUT',
        path: blobPartPath(accountId, hash, offset, size),
        body,
        timeoutMs: TIMEOUT_MS,
      }),
    );
    if (!answered.ok) {
      pace.shrink();
      return ok({ type: 'stopped', error: { type: 'Network', ...answered.error } });
    }
    const answer = answered.value;
    if (isFine(answer)) {
      // A server that takes nothing of a part would be asked for ever.
      if (answer.offset === null || (answer.offset <= offset && offset < size))
        return ok({ type: 'stopped', error: noServer(answer) });
      offset = answer.offset;
      onProgress?.(hash, offset);
      if (offset >= size) return ok({ type: 'sent' });
    } else if (answer.status === 409 && answer.offset !== null && answer.offset !== offset) {
      // Another context has sent the same blob meanwhile, or an answer was lost.
      offset = Math.min(answer.offset, size);
      if (offset === size && size > 0) return ok({ type: 'sent' });
    } else if (answer.status === 422 && !again) {
      again = true;
      offset = 0;
    } else if (answer.status === 413 && pace.shrink()) {
      // Whoever refuses the size, a gateway before the server too, a smaller part may pass.
    } else {
      return ok(isOfThisBlob(answer) ? { type: 'skipped', error: failure(answer) } : { type: 'stopped', error: failure(answer) });
    }
  }
}

const isFine = ({ status }: BytesAnswer): boolean => status >= 200 && status < 300;
const failure = ({ status, json, retryAfterMs }: BytesAnswer): SyncError => failureOf(status, json, retryAfterMs);
const noServer = ({ status }: BytesAnswer): SyncError => ({
  type: 'Network',
  reason: `an answer that is not from a Holdfast server (${status})`,
});

/** Too large, or not what its name says: the next one may pass. */
const isOfThisBlob = ({ status }: BytesAnswer): boolean => status === 413 || status === 422;

interface Pace {
  bytes(): number;
  /** Runs one request, and makes the next part larger or smaller by how long that took. */
  time<T>(request: () => Promise<T>): Promise<T>;
  /** Gives whether a smaller part is possible. */
  shrink(): boolean;
}

function createPace({ now }: Pick<Clock, 'now'>): Pace {
  let bytes = FIRST_PART_BYTES;
  /** What a gateway has refused is not tried again. */
  let most = MAX_BLOB_PART_BYTES;
  return {
    bytes: () => bytes,
    async time(request) {
      const began = now();
      const result = await request();
      const factor = now() - began < PART_MS ? 2 : 0.5;
      bytes = Math.max(MIN_PART_BYTES, Math.min(most, bytes * factor));
      return result;
    },
    shrink() {
      if (bytes <= MIN_PART_BYTES) return false;
      most = Math.max(MIN_PART_BYTES, Math.min(most, bytes) / 2);
      bytes = most;
      return true;
    },
  };
}
