import { type Endpoint, expose } from 'comlink';
import { expect, test } from 'vitest';
import { ok } from '#core/result.ts';
import { createStoreClient } from '#store/store-client.ts';

/** Workers whose `open` gives the workspace that is asked for, or else the active one. */
function startWorkers(active: { id: string }) {
  const asked: (string | null)[] = [];
  const lost: (() => void)[] = [];
  const spawn = (): Worker => {
    const { port1, port2 } = new MessageChannel();
    const api = {
      async open(_deviceName: string, workspaceId: string | null) {
        asked.push(workspaceId);
        return ok({ row: { id: workspaceId ?? active.id }, memory: false });
      },
      count: async () => ok(asked.length),
    };
    expose(api, port2 as unknown as Endpoint);
    port1.start();
    const listeners = new Map<string, (event: unknown) => void>();
    lost.push(() => listeners.get('error')?.({ message: 'killed' }));
    return {
      postMessage: (message: unknown, transfer: Transferable[]) => port1.postMessage(message, transfer as never),
      addEventListener(type: string, listener: (event: unknown) => void) {
        if (type === 'message') port1.addEventListener('message', listener as never);
        else listeners.set(type, listener);
      },
      removeEventListener: (_type: string, listener: () => void) => port1.removeEventListener('message', listener as never),
      terminate: () => port1.close(),
    } as unknown as Worker;
  };
  return { asked, lost, spawn };
}

test('a worker that is started again opens the workspace of its page, although another account is open by now', async () => {
  const active = { id: 'first' };
  const { asked, lost, spawn } = startWorkers(active);
  const client = createStoreClient({ spawn, deviceName: 'Test' });
  await client.opened();
  active.id = 'second';
  lost[0]?.();
  await client.count('note', 'live');
  expect(await client.opened()).toMatchObject({ value: { row: { id: 'first' } } });
  expect(asked).toEqual([null, 'first']);
});
