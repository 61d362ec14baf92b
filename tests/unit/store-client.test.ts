import { type Endpoint, expose } from 'comlink';
import { expect, test } from 'vitest';
import { ok } from '#core/result.ts';
import { createStoreClient } from '#store/calls/store-client.ts';
import { workerOver } from '#support/worker-over.ts';

/** Workers whose `open` gives the workspace that is asked for, or else the active one. */
function startWorkers(active: { id: string }) {
  const asked: (string | null)[] = [];
  const lost: (() => void)[] = [];
  const spawn = (): Worker => {
    const { worker, port, kill } = workerOver();
    const api = {
      async open(_deviceName: string, workspaceId: string | null) {
        asked.push(workspaceId);
        return ok({ row: { id: workspaceId ?? active.id }, memory: false });
      },
      count: async () => ok(asked.length),
    };
    expose(api, port as unknown as Endpoint);
    lost.push(kill);
    return worker;
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
