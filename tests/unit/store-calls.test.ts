/** The page's calls to its store worker: one table, of which neither side may lack a call, and the deadlines in it. */
import { type Endpoint, expose } from 'comlink';
import { afterEach, expect, test, vi } from 'vitest';
import type { StoreError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import { CALLS, type CallTable, type PartName, type PartSources, type StoreParts, serveCalls } from '#store/calls/store-calls.ts';
import { createStoreClient } from '#store/calls/store-client.ts';
import type { WorkspaceRow } from '#store/schema/registry-schema.ts';
import { workerOver } from '#support/worker-over.ts';

afterEach(() => {
  vi.useRealTimers();
});

/** A part whose calls answer with what they are called and what they were given. */
const echo = <P extends PartName>(part: P) =>
  new Proxy({} as StoreParts[P], {
    get:
      (_part, name) =>
      async (...args: readonly unknown[]) =>
        ok({ part, name, args }),
  });

const start: StoreParts['start'] = {
  open: async () => ok({ row: { id: 'first' } as WorkspaceRow, memory: false, recovered: null, localSeq: 0 }),
  ping: async () => ok(undefined),
};

const sources: PartSources = {
  start: async () => ok(start),
  store: async () => ok(echo('store')),
  workspace: async () => ok(echo('workspace')),
  status: async () => ok(echo('status')),
  sync: async () => ok(echo('sync')),
  accounts: async () => ok(echo('accounts')),
  blobs: async () => ok(echo('blobs')),
  backups: async () => ok(echo('backups')),
};

/** A client over a worker with these parts, and how often its worker was ended. */
function connect(parts: PartSources) {
  const ended: string[] = [];
  const spawn = (): Worker => {
    const { worker, port } = workerOver(() => ended.push('ended'));
    expose(serveCalls(parts), port as unknown as Endpoint);
    return worker;
  };
  return { client: createStoreClient({ spawn, deviceName: 'Test' }), ended };
}

type AnyCall = (...args: readonly unknown[]) => Promise<Result<unknown, StoreError>>;
const PAGE_PARTS = (Object.keys(CALLS) as PartName[]).filter((part) => part !== 'start');
const EVERY_CALL = PAGE_PARTS.flatMap((part) => Object.entries<number>(CALLS[part]).map(([name, ms]) => ({ part, name, ms })));

test('the compiler refuses a table, a client and a worker that lack a call', () => {
  const { summary: _deadline, ...calls } = CALLS.store;
  // @ts-expect-error the table lacks a call that the store has
  const table: CallTable = { ...CALLS, store: calls };
  // @ts-expect-error the table has a call that no part has
  const more: CallTable = { ...CALLS, sync: { ...CALLS.sync, gone: 1 } };
  const { accounts: _accounts, ...parts } = CALLS;
  // @ts-expect-error the table lacks a part
  const fewer: CallTable = parts;

  const { summary: _call, ...store } = echo('store');
  // @ts-expect-error the worker's store lacks a call
  const worker: PartSources = { ...sources, store: async () => ok(store) };
  const { status: _status, ...others } = sources;
  // @ts-expect-error the worker lacks a part
  const partless: PartSources = others;

  const { client } = connect(sources);
  // @ts-expect-error the page has no call that the table lacks
  void client.gone;
  // @ts-expect-error what is answered before a workspace is open is not the page's to call
  void client.ping;
  // @ts-expect-error a call keeps the types of its arguments
  void (() => client.count('note', 'elsewhere'));
  expect([table, more, fewer, worker, partless]).toHaveLength(5);
});

test('each call of the table reaches its own part of the worker with its arguments, and no two have one name', async () => {
  const { client } = connect(sources);
  const names = Object.values(CALLS).flatMap((part) => Object.keys(part));
  expect(new Set(names).size).toBe(names.length);
  expect(Object.keys(client).sort()).toEqual(['opened', ...EVERY_CALL.map(({ name }) => name)].sort());
  for (const { part, name } of EVERY_CALL) {
    const call = Reflect.get(client, name) as AnyCall;
    expect(await call('one', 2)).toEqual(ok({ part, name, args: ['one', 2] }));
  }
});

test('a call whose part cannot be had answers with its error, and the next one finds the part', async () => {
  let tries = 0;
  const lost = err({ type: 'ConnectionLost', reason: 'a part did not load' } as const);
  const { client, ended } = connect({ ...sources, status: async () => (tries++ === 0 ? lost : ok(echo('status'))) });
  expect(await client.events()).toEqual(lost);
  expect(await client.events()).toMatchObject({ ok: true });
  expect(ended).toEqual([]);
});

// A save is watched besides, and its worker replaced sooner.
test.each(EVERY_CALL.filter(({ name }) => name !== 'save'))(
  '$name: a worker that does not answer within $ms ms is ended',
  async ({ name, ms }) => {
    const silent = new Proxy({}, { get: () => () => new Promise(() => {}) });
    const never = Object.fromEntries(PAGE_PARTS.map((part) => [part, async () => ok(silent)]));
    const { client, ended } = connect({ ...sources, ...never });
    await client.opened();
    vi.useFakeTimers();
    const answers: Result<unknown, StoreError>[] = [];
    void (Reflect.get(client, name) as AnyCall)().then((answer) => answers.push(answer));
    await vi.advanceTimersByTimeAsync(ms - 1);
    expect(answers).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(answers).toEqual([err({ type: 'WorkerTimeout' })]);
    expect(ended).toEqual(['ended']);
  },
);

test('a function among the arguments stays with the page, and the worker calls it', async () => {
  const putBlob: StoreParts['blobs']['putBlob'] = async (bytes, _about, watch) => {
    const goesOn = await watch?.(bytes.size);
    return goesOn === false ? err({ type: 'Canceled' }) : err({ type: 'WrongBytes' });
  };
  const { client } = connect({ ...sources, blobs: async () => ok({ ...echo('blobs'), putBlob }) });
  const seen: number[] = [];
  const watch = (bytes: number): boolean => seen.push(bytes) === 0;
  expect(await client.putBlob(new Blob(['abc']), { type: '' }, watch)).toEqual({ ok: false, error: { type: 'Canceled' } });
  expect(seen).toEqual([3]);
});
