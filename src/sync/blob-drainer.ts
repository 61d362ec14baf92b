/** The sending of blobs with everything around it: its own lock, so that words never wait for bytes, and the person's switch. */
import type { BlobQueue } from '#core/blob-queue.ts';
import { blobSendLock } from '#core/channels.ts';
import type { KvError } from '#core/errors.ts';
import type { AccountId } from '#core/ids.ts';
import type { BytesTransport, Clock, Locks } from '#core/ports.ts';
import { err, ok, type Result } from '#core/result.ts';
import { type SentBlobs, sendBlobs } from './send-blobs.ts';

export interface BlobDrainerOptions {
  readonly workspaceId: string;
  readonly accountId: AccountId;
  readonly queue: BlobQueue;
  readonly transport: BytesTransport;
  readonly locks: Locks;
  readonly clock: Pick<Clock, 'now'>;
  /** Whether the person lets this device sync; asked before each request. */
  readonly isOn: () => Promise<Result<boolean, KvError>>;
}

export interface BlobDrainer {
  /** Sends what waits, as long as `mayGoOn`. Gives null where another context of this browser is at it. */
  run(mayGoOn: () => boolean): Promise<Result<SentBlobs, KvError> | null>;
}

export function createBlobDrainer(options: BlobDrainerOptions): BlobDrainer {
  const { workspaceId, accountId, queue, locks, clock, isOn } = options;
  const transport: BytesTransport = {
    async requestBytes(request) {
      const on = await isOn();
      return on.ok && on.value ? options.transport.requestBytes(request) : err({ reason: 'sync is off' });
    },
  };
  return {
    async run(mayGoOn) {
      const on = await isOn();
      if (!on.ok) return on;
      if (!on.value) return ok({ error: null, refused: new Map(), isCut: true });
      const send = () => sendBlobs({ queue, transport, accountId, clock, mayGoOn });
      return (await locks.hold(blobSendLock(workspaceId), send, { ifAvailable: true })) ?? null;
    },
  };
}
