/** The product's own sync against its own server, in the store worker, as where no service worker runs. */
import type { AccountKeys } from './bench-api.ts';
import { must, startProduct } from './product.ts';
import { newId } from './sample-note.ts';

/** Runs of the drain until nothing waits: a run ends after thirty rounds and is picked up by the next. */
async function settle(client: ReturnType<typeof startProduct>['client']): Promise<void> {
  for (;;) {
    const { error } = must(await client.drain(true));
    if (error) throw new Error(JSON.stringify(error));
    if (must(await client.summary()).pending === 0) return;
  }
}

export async function drainAll(): Promise<number> {
  const { client, end } = startProduct();
  must(await client.opened());
  const start = performance.now();
  await settle(client);
  const ms = performance.now() - start;
  end();
  return ms;
}

export async function joinAccount({ accountId, accountKey }: AccountKeys): Promise<{ ms: number; count: number }> {
  const before = startProduct();
  must(await before.client.opened());
  const account = { accountId, accountKey, deviceId: newId(Date.now() - 1_790_000_000_000), entered: false, loginName: null };
  must(await before.client.openAccount(account, 'apart'));
  before.end();
  const { client, end } = startProduct();
  must(await client.opened());
  const start = performance.now();
  await settle(client);
  const ms = performance.now() - start;
  const count = must(await client.count('note', 'live'));
  end();
  return { ms, count };
}
