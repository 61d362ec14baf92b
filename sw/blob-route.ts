import { type BlobNews, blobChannel } from '#core/channels.ts';
import type { SyncError } from '#core/errors.ts';
import { lazy } from '#core/lazy.ts';
import { ok } from '#core/result.ts';
import { createStop } from '#core/stop.ts';
import { fetchBytes } from '#platform/fetch-bytes.ts';
import { fetchTransport } from '#platform/fetch-transport.ts';
import { openChannel, systemClock, systemRandom, webLocks } from '#platform/system.ts';
import { createBlobQueue } from '#store/blobs/blob-queue.ts';
import { type BlobWork, findBlobWork } from '#store/blobs/find-blob-work.ts';
import { openBlobContext } from '#store/blobs/open-blobs.ts';
import type { Workspace } from '#store/workspace.ts';
import { createBlobDrainer } from '#sync/blob-drainer.ts';

export interface BlobRoute {
  /** Files that the server is to get, and has not refused. */
  waiting(): Promise<number>;
  /** Sends as many of them as there is time for, until the steady time `end`. Gives what prevented the rest. */
  send(force: boolean, end: number): Promise<SyncError | null>;
}

/** While a newer version waits for this one to end, it sends for so long at a time. */
const REPLACED_MS = 20_000;

export interface BlobRouteOptions {
  /** A newer version of this service worker waits for this one to end. */
  readonly isReplaced: () => boolean;
  /** Whether the workspace is still entered as it was when it was opened. */
  readonly isCurrent: () => Promise<boolean>;
}

/** The blobs of one workspace on their way. Nothing of them is opened before there is something to do. */
export function createBlobRoute(
  { row, kv, journal, isSyncOn }: Workspace,
  { isReplaced, isCurrent }: BlobRouteOptions,
): BlobRoute {
  let wasReplaced = false;
  const open = lazy(async () => {
    const ports = { clock: systemClock, random: systemRandom, locks: webLocks };
    const context = await openBlobContext({ ...ports, kv, journal, workspaceId: row.id });
    return createBlobDrainer({
      ...ports,
      workspaceId: row.id,
      accountId: row.accountId,
      queue: createBlobQueue(context),
      bytes: fetchBytes,
      transport: fetchTransport,
      channel: openChannel<BlobNews>(blobChannel(row.id)),
      // What is switched off, entered anew or in the way of a newer version ends between two requests.
      isOn: async () => ((wasReplaced || !isReplaced()) && (await isCurrent()) ? isSyncOn() : ok(false)),
    });
  });
  const findWork = async (): Promise<BlobWork> => {
    const found = await findBlobWork(kv, systemClock.now());
    return found.ok ? found.value : { waiting: 0, isMore: false };
  };
  return {
    waiting: async () => (await findWork()).waiting,
    async send(force, end) {
      const { waiting, isMore } = await findWork();
      if (waiting === 0 && !isMore) return null;
      const drainer = await open();
      if (!drainer.ok) return null;
      wasReplaced = isReplaced();
      const stop = createStop();
      const leftMs = Math.min(end - performance.now(), wasReplaced ? REPLACED_MS : Infinity);
      const cancel = systemClock.setTimer(Math.max(0, leftMs), stop.abort);
      const sent = await drainer.value.run({ signal: stop.signal, force });
      cancel();
      return sent?.ok ? sent.value.error : null;
    },
  };
}
