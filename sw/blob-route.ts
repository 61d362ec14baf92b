import { lazy } from '#core/lazy.ts';
import { fetchBytes } from '#platform/fetch-bytes.ts';
import { systemClock, systemRandom, webLocks } from '#platform/system.ts';
import { countWaitingBlobs, createBlobQueue } from '#store/blobs/blob-queue.ts';
import { openBlobs } from '#store/blobs/open-blobs.ts';
import type { Workspace } from '#store/workspace.ts';
import { createBlobDrainer } from '#sync/blob-drainer.ts';

/** Of the minutes that an event may take, those that a further part may begin in: words come first, and need some at the end. */
const SENDING_MS = 120_000;

export interface BlobRoute {
  /** Files that the server is to get. */
  waiting(): Promise<number>;
  /** Sends as many of them as there is time for. */
  send(): Promise<void>;
}

/** The blobs of one workspace on their way. Nothing of them is opened before there is something to send. */
export function createBlobRoute({ row, kv, journal, isSyncOn }: Workspace): BlobRoute {
  const open = lazy(async () => {
    const ports = { clock: systemClock, random: systemRandom, locks: webLocks };
    const blobs = await openBlobs({ ...ports, kv, journal, workspaceId: row.id });
    const queue = createBlobQueue(blobs);
    return createBlobDrainer({
      ...ports,
      workspaceId: row.id,
      accountId: row.accountId,
      queue,
      transport: fetchBytes,
      isOn: isSyncOn,
    });
  });
  const waiting = async (): Promise<number> => {
    const counted = await countWaitingBlobs(kv);
    return counted.ok ? counted.value : 0;
  };
  return {
    waiting,
    async send() {
      if ((await waiting()) === 0) return;
      const drainer = await open();
      const began = performance.now();
      if (drainer.ok) await drainer.value.run(() => performance.now() - began < SENDING_MS);
    },
  };
}
