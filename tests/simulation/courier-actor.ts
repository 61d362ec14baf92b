/**
 * Whoever sends on a device: its service worker, which the browser starts for an event and ends when it has been idle,
 * or, where there is none, the leading tab's store worker. Both run the product's own drain.
 */
import type { ContextPorts, Product } from './adapters.ts';
import type { Actor, Scheduler } from './scheduler.ts';

export interface Courier {
  /** Drains now, or again after the run that is under way. */
  wake(force: boolean): void;
}

const IDLE_MS = 30_000;

/** A courier that lives in `actor`. With `onIdle` it ends after 30 s without work. */
export function createCourier(
  scheduler: Scheduler,
  product: Product,
  actor: Actor,
  ports: ContextPorts,
  onIdle?: () => void,
): Courier {
  const store = product.createSyncStore(ports);
  let running = false;
  let again: { force: boolean } | null = null;
  let attempts = 0;
  let cancelRetry: (() => void) | null = null;
  let cancelIdle: (() => void) | null = null;

  const retryIn = (ms: number): void => {
    cancelRetry?.();
    cancelRetry = scheduler.timer(actor, ms, () => wake(false), 'try again');
  };

  const run = async (force: boolean): Promise<void> => {
    const outcome = await product.drain(ports, store, force);
    const error = outcome.ok ? outcome.value.error : null;
    if (outcome.ok && error === null) {
      attempts = 0;
      await store.noteOutcome(null, 0);
      const { nextDueAt } = outcome.value;
      if (nextDueAt !== null) retryIn(Math.max(0, nextDueAt - ports.clock.now()));
      return;
    }
    attempts += 1;
    const delay = product.backoffMs(attempts, error ?? { type: 'Network', reason: 'storage' }, ports.random);
    await store.noteOutcome(error, ports.clock.now() + delay);
    retryIn(delay);
  };

  const wake = (force: boolean): void => {
    cancelIdle?.();
    if (running) {
      again = { force: force || (again?.force ?? false) };
      return;
    }
    running = true;
    scheduler.spawn(actor, 'drain', async () => {
      await run(force);
      while (again) {
        const next = again;
        again = null;
        await run(next.force);
      }
      running = false;
      if (onIdle) cancelIdle = scheduler.timer(actor, IDLE_MS, onIdle, 'idle');
    });
  };

  return { wake };
}
