import { type Endpoint, expose } from 'comlink';
import { expect, test, vi } from 'vitest';
import { err, ok } from '#core/result.ts';
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

test.each([
  ['putBlob', 40_000],
  ['fetchBlob', 40_000],
  ['drain', 40_000],
] as const)(
  '%s: a worker that has died in it, and sent no error, is noticed within %i ms, and one that answers is left alone',
  async (name, ms) => {
    let isDead = false;
    let pings = 0;
    let ended = 0;
    const spawn = (): Worker => {
      const { worker, port } = workerOver(() => {
        ended += 1;
      });
      const never = () => new Promise(() => {});
      const ping = () => {
        pings += 1;
        return isDead ? never() : ok(undefined);
      };
      const api = { open: async () => ok({ row: { id: 'one' }, memory: false }), ping, [name]: never };
      expose(api, port as unknown as Endpoint);
      return worker;
    };
    const client = createStoreClient({ spawn, deviceName: 'Test' });
    await client.opened();
    vi.useFakeTimers();
    try {
      const answers: unknown[] = [];
      void (Reflect.get(client, name) as () => Promise<unknown>)().then((answer) => answers.push(answer));
      await vi.advanceTimersByTimeAsync(5 * 60_000);
      expect({ answers, ended, isAsked: pings > 3 }).toEqual({ answers: [], ended: 0, isAsked: true });
      isDead = true;
      await vi.advanceTimersByTimeAsync(ms);
      expect(answers).toEqual([err({ type: 'WorkerLost', reason: 'the worker is silent' })]);
      expect(ended).toBe(1);
    } finally {
      vi.useRealTimers();
    }
  },
);
