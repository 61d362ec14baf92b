/**
 * Backups of the account that its server keeps, as this device asks for them: the wire of `src/core/backup-protocol.ts`. Bytes are blobs, sent once and compared with their
 * hash by whoever receives them.
 */
import * as v from 'valibot';
import { backupListSchema, type ServerBackups } from '#core/backup-protocol.ts';
import { eachBatch } from '#core/batches.ts';
import { blobPartPath, MAX_MISSING_HASHES, missingBlobsAnswerSchema } from '#core/blob-protocol.ts';
import type { BlobHash } from '#core/blobs.ts';
import { joinBytes } from '#core/bytes.ts';
import type { SyncError } from '#core/errors.ts';
import { hashBytes } from '#core/hash.ts';
import type { AccountId } from '#core/ids.ts';
import { paths } from '#core/paths.ts';
import type { BytesTransport, Clock, Transport } from '#core/ports.ts';
import { PROTOCOL } from '#core/protocol-parts.ts';
import { err, ok, type Result } from '#core/result.ts';
import type { StopSignal } from '#core/stop.ts';
import { BlobCut, fetchBlob } from './fetch-blob.ts';
import { createPartPace } from './part-pace.ts';
import { pause } from './pause.ts';
import { call, failureOf } from './request.ts';
import { sendOneBlob } from './send-one-blob.ts';

type Bytes = Uint8Array<ArrayBuffer>;
type Answer<V> = Promise<Result<V, SyncError>>;

export interface ServerBackupsApi {
  list(): Answer<ServerBackups>;
  /** Those of these that the account lacks. */
  missing(hashes: readonly BlobHash[]): Answer<readonly BlobHash[]>;
  /** They are whole on the server afterwards. What is there already is not sent again. */
  send(hash: BlobHash, bytes: Bytes): Answer<void>;
  /** The bytes of that hash; null where the account has none, or others. */
  read(hash: BlobHash): Answer<Bytes | null>;
  /** Gives what of it is missing on the server: nothing, where it is kept now. */
  keep(
    id: string,
    backup: { readonly manifest: BlobHash; readonly madeAt: number; readonly blobs: readonly BlobHash[] },
  ): Answer<readonly BlobHash[]>;
  remove(id: string): Answer<unknown>;
}

export interface ServerBackupsOptions {
  readonly transport: Transport;
  readonly bytes: BytesTransport;
  readonly accountId: AccountId;
  readonly clock: Pick<Clock, 'now' | 'setTimer'>;
  readonly signal: StopSignal;
}

/** What is this small goes in one request, without being asked for first. */
const SMALL_BYTES = 524_288;
const TIMEOUT_MS = 30_000;
/** Between two uploads: the account's requests are counted together, and what is written comes first. */
const BETWEEN_MS = 100;
/** How often a server that asks for a pause is waited for, a minute each at most. */
const PAUSES = 5;
const MAX_PAUSE_MS = 60_000;

/** Bytes that do not match are asked for so often: they may have been damaged on their way. */
const READS = 3;

const CUT: SyncError = { type: 'Network', reason: 'it was stopped' };

export function createServerBackups({ transport, bytes, accountId, clock, signal }: ServerBackupsOptions): ServerBackupsApi {
  const pace = createPartPace();
  let nextAt = 0;

  /** Waits where the server asks for that. */
  async function patiently<V>(ask: () => Answer<V>): Answer<V> {
    for (let left = PAUSES; ; left--) {
      const answer = await ask();
      if (answer.ok || answer.error.type !== 'RateLimited' || left === 0 || signal.aborted) return answer;
      await pause(clock, Math.min(answer.error.retryAfterMs ?? MAX_PAUSE_MS, MAX_PAUSE_MS), signal);
    }
  }

  /** Null where it goes on otherwise: part of it is there, or what answers is no server of ours. */
  async function sendSmall(hash: BlobHash, body: Bytes): Promise<Result<void, SyncError> | null> {
    const size = body.byteLength;
    const path = blobPartPath(accountId, hash, 0, size, true);
    const answer = await bytes.requestBytes({ method: 'PUT', path, body, timeoutMs: TIMEOUT_MS, signal });
    if (!answer.ok) return err({ type: 'Network', ...answer.error });
    const { status, offset, json, retryAfterMs } = answer.value;
    if (status === 204 && offset === size) return ok(undefined);
    return status < 300 || status === 409 ? null : err(failureOf(status, json, retryAfterMs));
  }

  async function sendOnce(hash: BlobHash, whole: Bytes): Answer<void> {
    await pause(clock, Math.max(0, nextAt - clock.now()), signal);
    nextAt = clock.now() + BETWEEN_MS;
    if (signal.aborted) return err(CUT);
    const small = whole.byteLength <= SMALL_BYTES ? await sendSmall(hash, whole) : null;
    if (small) return small;
    const queue = {
      read: async (_hash: BlobHash, from: number, to: number) => ok(whole.slice(from, to)),
      verify: async () => ok('whole' as const),
    };
    const goesOn = async (): Promise<boolean> => !signal.aborted;
    const ports = { queue, transport: bytes, accountId, clock, signal, goesOn, isBackup: true };
    const sent = await sendOneBlob(ports, { hash, size: whole.byteLength }, pace);
    if (!sent.ok) return err(CUT);
    const { value: ending } = sent;
    if (ending.type === 'sent') return ok(undefined);
    if (ending.type === 'refused') return err(ending.why.error);
    return err('error' in ending ? ending.error : CUT);
  }

  async function readOnce(hash: BlobHash): Answer<Bytes | null> {
    const found = await patiently(() => fetchBlob({ transport: bytes, accountId, clock, signal }, hash));
    if (!found.ok || !found.value) return found.ok ? ok(null) : found;
    try {
      return ok(await gather(found.value.bytes));
    } catch (error) {
      if (error instanceof BlobCut) return err(error.error);
      throw error;
    }
  }

  return {
    list: () => patiently(() => call(transport, { method: 'GET', path: paths.backups(accountId) }, backupListSchema)),
    async missing(hashes) {
      const found: BlobHash[] = [];
      const asked = await eachBatch(hashes, MAX_MISSING_HASHES, async (some) => {
        const body = { protocol: PROTOCOL, hashes: [...some] };
        const path = paths.missingBlobs(accountId);
        const answer = await patiently(() => call(transport, { method: 'POST', path, body }, missingBlobsAnswerSchema));
        if (answer.ok) found.push(...answer.value.missing);
        return answer;
      });
      return asked.ok ? ok(found) : asked;
    },
    send: (hash, whole) => patiently(() => sendOnce(hash, whole)),
    async read(hash) {
      for (let left = READS; left > 0; left--) {
        const read = await readOnce(hash);
        if (!read.ok || !read.value || hashBytes(read.value) === hash) return read;
      }
      return ok(null);
    },
    async keep(id, { manifest, madeAt, blobs }) {
      const body = { protocol: PROTOCOL, manifest, madeAt, blobs: [...blobs] };
      const path = paths.backup(accountId, id);
      const kept = await patiently(() => call(transport, { method: 'POST', path, body }, missingBlobsAnswerSchema));
      return kept.ok ? ok(kept.value.missing) : kept;
    },
    remove: (id) => call(transport, { method: 'DELETE', path: paths.backup(accountId, id) }, v.unknown()),
  };
}

async function gather(pieces: AsyncIterable<Bytes>): Promise<Bytes> {
  const all: Bytes[] = [];
  for await (const piece of pieces) all.push(piece);
  return joinBytes(all);
}
