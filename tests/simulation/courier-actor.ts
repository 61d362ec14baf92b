/**
 * A device's service worker: the browser starts it for an event, it replays what closed tabs have left and drains, and
 * the browser ends it when it has been idle. With no tab open nothing but its tag wakes it.
 */
import { journalWithin } from '#store/schema/journal-database.ts';
import type { ContextPorts, Product } from './adapters.ts';
import { sendFromCourier } from './blob-actor.ts';
import type { Actor, Scheduler } from './scheduler.ts';

/** Whether the browser will wake the service worker when the network is back: kept on the device, whoever dies. */
export interface SyncTag {
  isKept: boolean;
}

export interface CourierActor {
  readonly actor: Actor;
  deliver(force: boolean): void;
}

const IDLE_MS = 30_000;
/** As in the service worker: the tab that asks may be one that closes. */
const CLOSING_MS = 500;
const LOOKS = 4;

export function startCourier(
  scheduler: Scheduler,
  product: Product,
  actor: Actor,
  ports: ContextPorts,
  tag: SyncTag,
): CourierActor {
  const store = product.createStore(ports);
  const drainer = product.createDrainer(ports, product.createSyncStore(ports));
  const waits = async (): Promise<boolean> => {
    const summary = await store.summary();
    return !summary.ok || summary.value.pending > summary.value.awaitingPerson;
  };
  let busy = 0;
  let cancelIdle: (() => void) | null = null;

  return {
    actor,
    deliver(force) {
      cancelIdle?.();
      busy += 1;
      scheduler.spawn(actor, 'deliver', async () => {
        await scheduler.gate(actor, 'keep the tag');
        tag.isKept = true;
        if (ports.copy) await product.openDatabase(ports);
        let isDone = false;
        for (let look = 1; look <= LOOKS; look++) {
          const left = await product.replayJournal(journalWithin(ports.kv), store, ports.locks);
          const drained = left.ok && (await drainer.run({ force }));
          isDone =
            left.ok && left.value === 0 && drained !== false && drained.ok && drained.value.error === null && !(await waits());
          if (!left.ok || left.value === 0) break;
          await new Promise<void>((resolve) => ports.clock.setTimer(CLOSING_MS, resolve));
        }
        if (isDone && ports.blobs) isDone = await sendFromCourier(product, ports, ports.blobs, force);
        if (isDone) {
          tag.isKept = false;
          // What was written since has counted on the tag.
          if (await waits()) tag.isKept = true;
        }
        busy -= 1;
        if (busy === 0) cancelIdle = scheduler.timer(actor, IDLE_MS, () => scheduler.kill(actor, 'idle'), 'idle');
      });
    },
  };
}
