import { trustedScriptUrl } from '#platform/trusted-types.ts';
import storeWorkerUrl from '#workers/store.worker.ts?worker&url';

const spawn = (): Worker => new Worker(trustedScriptUrl(storeWorkerUrl), { type: 'module', name: 'holdfast-store' });

/**
 * Starts the store's worker while the page's own services are still on their way, and gives what the store client makes
 * its workers with: the first one is this one, unless it has failed by then.
 */
export function startStoreWorker(): () => Worker {
  let early: Worker | undefined = spawn();
  early.addEventListener('error', () => {
    early = undefined;
  });
  return () => {
    const worker = early ?? spawn();
    early = undefined;
    return worker;
  };
}
