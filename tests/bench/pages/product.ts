/** The product's own store as its page has it: the real store worker, through Comlink. */

import type { Result } from '#core/result.ts';
import { trustedScriptUrl } from '#platform/trusted-types.ts';
import { createStoreClient, type StoreClient } from '#store/calls/store-client.ts';
import storeWorkerUrl from '#workers/store.worker.ts?worker&url';

export interface Product {
  readonly client: StoreClient;
  end(): void;
}

export function startProduct(): Product {
  let worker: Worker | null = null;
  const client = createStoreClient({
    spawn: () => {
      worker = new Worker(trustedScriptUrl(storeWorkerUrl), { type: 'module' });
      return worker;
    },
    deviceName: 'bench',
  });
  return { client, end: () => worker?.terminate() };
}

export function must<T>(result: Result<T, unknown>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}
