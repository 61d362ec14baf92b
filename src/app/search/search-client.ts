import { type Remote, transfer, wrap } from 'comlink';
import { createSource } from '#app/observable.ts';
import type { StoreError } from '#core/errors.ts';
import type { Clock } from '#core/ports.ts';
import { err, type Result } from '#core/result.ts';
import { onWorkerLost } from '#core/worker-loss.ts';
import type { SearchState, SearchWorkerApi } from '#features/search/search-api.ts';
import type { Search } from './search.ts';

/** Loading a kept index of 100,000 documents takes seconds on a slow phone; a query waits for it. */
const DEADLINE_MS = 60_000;
/** Nobody searches: the memory of the index is given back. Starting again takes about a second. */
const IDLE_MS = 300_000;
const KEEP_MS = 10_000;

interface Connection {
  readonly api: Remote<SearchWorkerApi>;
  readonly opened: Promise<Result<void, StoreError>>;
  /** Settles when the worker is gone: Comlink would leave its calls waiting forever. */
  readonly lost: Promise<{ readonly ok: false; readonly error: StoreError }>;
  readonly end: (reason: string) => void;
}

export interface SearchClientOptions {
  readonly spawn: () => Worker;
  readonly workspaceId: string;
  readonly clock: Pick<Clock, 'setTimer'>;
}

/** The page's side of the search worker: started at the first query, ended when nobody searches, started again after a loss. */
export function createSearchClient({ spawn, workspaceId, clock }: SearchClientOptions): Search {
  const state = createSource<SearchState>({ type: 'loading' });
  let connection: Connection | null = null;
  let cancelIdle: (() => void) | null = null;
  let waiting = 0;

  const connect = (): Connection => {
    if (connection) return connection;
    const worker = spawn();
    const { port1, port2 } = new MessageChannel();
    const { promise: lost, resolve } = Promise.withResolvers<{ readonly ok: false; readonly error: StoreError }>();
    const end = (reason: string): void => {
      if (connection?.end === end) connection = null;
      worker.terminate();
      port1.close();
      resolve(err({ type: 'WorkerLost', reason }));
    };
    onWorkerLost(worker, end);
    state.set({ type: 'loading' });
    port1.onmessage = ({ data }: MessageEvent<SearchState>) => state.set(data);
    const api = wrap<SearchWorkerApi>(worker);
    const opened = Promise.race([api.open(workspaceId, transfer(port2, [port2])), lost]).then((result) => {
      if (!result.ok) end('the workspace did not open');
      return result;
    });
    connection = { api, opened, lost, end };
    return connection;
  };

  const planEnd = (): void => {
    cancelIdle?.();
    cancelIdle = clock.setTimer(IDLE_MS, () => {
      const ending = connection;
      if (!ending || waiting > 0) return;
      connection = null;
      const late = new Promise<void>((resolve) => void clock.setTimer(KEEP_MS, resolve));
      void Promise.race([ending.api.keep(), ending.lost, late]).finally(() => ending.end('nobody searches'));
    });
  };

  /** Asks the worker, with an answer in any case: a lost worker and a late one are errors. */
  const ask = async <V>(
    question: (api: Remote<SearchWorkerApi>) => Promise<Result<V, StoreError>>,
  ): Promise<Result<V, StoreError>> => {
    const { api, opened, lost, end } = connect();
    waiting += 1;
    const { promise: late, resolve } = Promise.withResolvers<Result<never, StoreError>>();
    const cancelLate = clock.setTimer(DEADLINE_MS, () => resolve(err({ type: 'WorkerTimeout' })));
    const answer = async (): Promise<Result<V, StoreError>> => {
      const ready = await opened;
      return ready.ok ? question(api) : ready;
    };
    const result = await Promise.race([answer(), lost, late]);
    cancelLate();
    waiting -= 1;
    if (!result.ok && result.error.type === 'WorkerTimeout') end('the worker did not answer');
    if (!result.ok && connection === null) state.set({ type: 'failed', error: result.error });
    planEnd();
    return result;
  };

  return {
    state,
    find: (request) => ask((api) => api.find(request)),
    narrow: (request) => ask((api) => api.narrow(request)),
    names: (kind) => ask((api) => api.names(kind)),
    carriers: (request) => ask((api) => api.carriers(request)),
    order: (request) => ask((api) => api.order(request)),
    titled: (request) => ask((api) => api.titled(request)),
    completeTitle: (request) => ask((api) => api.completeTitle(request)),
  };
}
