/** What a tab's store worker and the service worker do with blobs, as `workers/blob-work.ts` and `sw/blob-route.ts` wire it. */
import { blobCareLock, blobFillLock } from '#core/channels.ts';
import { createStop } from '#core/stop.ts';
import type { BlobInfo, BlobStore } from '#store/blob-store.ts';
import { createBlobFill } from '#store/blobs/blob-fill.ts';
import { findBlobWork } from '#store/blobs/find-blob-work.ts';
import type { BlobFetcher } from '#sync/blob-fetcher.ts';
import { fillBlobs } from '#sync/fill-blobs.ts';
import type { BlobPorts, ContextPorts, Product } from './adapters.ts';
import type { Actor, Scheduler } from './scheduler.ts';

export interface BlobWork {
  readonly store: BlobStore;
  readonly fetcher: BlobFetcher<BlobInfo>;
  /** The words are through: files follow. */
  onDrained(force: boolean): void;
}

const CARE_AFTER_MS = 10_000;
const FILL_AFTER_MS = 3000;
const WAKE_MS = 3 * 60_000;
const ROOM_BYTES = 1_000_000_000;

export function startBlobWork(
  scheduler: Scheduler,
  product: Product,
  actor: Actor,
  ports: ContextPorts,
  blobs: BlobPorts,
): BlobWork {
  const { kv, clock, locks, workspaceId, channel } = ports;
  const context = product.blobContext(ports, blobs);
  const store = product.createBlobs(context);
  const drainer = product.createBlobDrainer(ports, blobs, product.createBlobQueue(context));
  const fetcher = product.createBlobFetcher(ports, blobs, store);
  const fill = createBlobFill({ kv, clock });

  const send = async (force: boolean): Promise<void> => {
    const work = await findBlobWork(kv, clock.now());
    if (!work.ok || (work.value.waiting === 0 && !work.value.isMore)) return;
    await drainer.run({ signal: createStop().signal, force });
  };

  const fillOnce = async (): Promise<number | null> => {
    const filled = await fillBlobs({
      fill,
      fetch: fetcher.fetchLater,
      room: async () => ROOM_BYTES,
      goesOn: async () => true,
    });
    return filled.ok ? filled.value.nextAt : null;
  };
  let cancelFill: (() => void) | null = null;
  const fillIn = (ms: number): void => {
    cancelFill?.();
    cancelFill = clock.setTimer(ms, () =>
      scheduler.spawn(actor, 'fill', async () => {
        const nextAt = await locks.hold(blobFillLock(workspaceId), fillOnce, { ifAvailable: true });
        if (typeof nextAt === 'number') fillIn(Math.max(FILL_AFTER_MS, nextAt - clock.now()));
      }),
    );
  };

  const care = async (): Promise<void> => {
    await store.sweep();
    await store.collect();
  };
  clock.setTimer(CARE_AFTER_MS, () =>
    scheduler.spawn(actor, 'care', async () => {
      await locks.hold(blobCareLock(workspaceId), care, { ifAvailable: true });
    }),
  );
  channel.onMessage((message) => {
    if (message.type === 'sync-ended' && message.error === null) fillIn(FILL_AFTER_MS);
  });

  return {
    store,
    fetcher,
    onDrained(force) {
      scheduler.spawn(actor, 'send blobs', () => send(force));
      fillIn(FILL_AFTER_MS);
    },
  };
}

/** The service worker's part: sends for as long as one event lasts. Gives whether nothing is left. */
export async function sendFromCourier(product: Product, ports: ContextPorts, blobs: BlobPorts, force: boolean): Promise<boolean> {
  const findWork = () => findBlobWork(ports.kv, ports.clock.now());
  const work = await findWork();
  if (!work.ok) return false;
  if (work.value.waiting === 0 && !work.value.isMore) return true;
  const queue = product.createBlobQueue(product.blobContext(ports, blobs));
  const stop = createStop();
  const cancel = ports.clock.setTimer(WAKE_MS, stop.abort);
  await product.createBlobDrainer(ports, blobs, queue).run({ signal: stop.signal, force });
  cancel();
  const left = await findWork();
  return left.ok && left.value.waiting === 0;
}
