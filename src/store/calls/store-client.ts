/**
 * The page's side of the store worker. Comlink never settles a call whose worker has died, so every call has a deadline;
 * a worker that is lost or does not answer is ended and started again, and the next call opens it again. A save whose
 * reply was lost is repeated by its caller with the same saveId, which makes it harmless.
 */

import { proxy, type Remote, wrap } from 'comlink';
import type { StoreError } from '#core/errors.ts';
import { err, type Result } from '#core/result.ts';
import { onWorkerLost } from '#core/worker-loss.ts';
import { createPulse, type PulseTimes } from './pulse.ts';
import { buildCalls, CALLS, type CallName, type Calls, type CallsOf } from './store-calls.ts';
import type { OpenedWorkspace, StartCalls, StartHints } from './worker-api.ts';

/** The parts that a page calls once its workspace is open. */
const PAGE_PARTS = ['store', 'workspace', 'status', 'sync', 'accounts', 'blobs', 'backups'] as const;

export type StoreClient = CallsOf<(typeof PAGE_PARTS)[number]> & {
  /** The opened workspace; opens it at the first call. */
  opened(): Promise<Result<OpenedWorkspace, StoreError>>;
};

export interface StoreClientOptions {
  readonly spawn: () => Worker;
  readonly deviceName: string;
  readonly known?: StartHints['known'];
  readonly wasUsed?: boolean;
}

type Lost = Result<never, StoreError>;

const SAVE_PULSE: PulseTimes = { beatMs: 250, patienceMs: 700, graceMs: 50, maxMs: CALLS.start.ping };
/**
 * Of calls with minutes of their own: a worker that has died is noticed, and one that waits long for a slow disk is left alone. Not of
 * `open`: the code of the worker may be on its way.
 */
const LONG_PULSE: PulseTimes = { beatMs: 5000, patienceMs: 30_000, graceMs: 2000, maxMs: 120_000 };
type WorkerCalls = StartCalls & Omit<Calls, keyof StartCalls>;

interface Connection {
  readonly worker: Worker;
  readonly api: Remote<WorkerCalls>;
  /** Settles when the worker is gone: every waiting call ends with it. */
  readonly lost: Promise<Lost>;
  readonly end: (reason: string) => void;
}

/** A function stays where it is, and is called from over there; everything else is cloned. */
const crossing = (arg: unknown): unknown => (typeof arg === 'function' ? proxy(arg) : arg);

export function createStoreClient({ spawn, deviceName, known, wasUsed = false }: StoreClientOptions): StoreClient {
  let connection: Connection | null = null;
  let opening: Promise<Result<OpenedWorkspace, StoreError>> | null = null;
  const pulses = { save: createPulse(SAVE_PULSE), long: createPulse(LONG_PULSE) };
  /** The page's workspace, once it is known: a new worker opens no other. */
  let workspaceId: string | null = null;

  const connect = (): Connection => {
    if (connection) return connection;
    const worker = spawn();
    const { promise: lost, resolve } = Promise.withResolvers<Lost>();
    const end = (reason: string): void => {
      if (connection?.worker === worker) {
        connection = null;
        opening = null;
      }
      worker.terminate();
      resolve(err({ type: 'WorkerLost', reason }));
    };
    onWorkerLost(worker, end);
    connection = { worker, api: wrap<WorkerCalls>(worker), lost, end };
    return connection;
  };

  /** The worker's answer to `send`, or an error where it is lost or later than its deadline: one that is late is ended. */
  const ask = async <V, E>(
    name: CallName,
    deadlineMs: number,
    send: (api: Remote<WorkerCalls>) => Promise<Result<V, E | StoreError>>,
  ): Promise<Result<V, E | StoreError>> => {
    const target = connect();
    const { promise: late, resolve } = Promise.withResolvers<Result<never, StoreError>>();
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      resolve(err({ type: 'WorkerTimeout' }));
    }, deadlineMs);
    // What is typed waits for a save, and a person for a file: a worker that hangs or is gone is not given the whole deadline then.
    const isLong = deadlineMs > CALLS.start.ping && name !== 'open';
    const pulse = name === 'save' ? pulses.save : isLong ? pulses.long : null;
    const stopWatching = pulse?.watch(
      () => target.api.ping(),
      () => target.end('the worker is silent'),
    );
    const answer: Result<V, E | StoreError> = await Promise.race([send(target.api), target.lost, late]);
    clearTimeout(timer);
    stopWatching?.();
    if (answer.ok) pulse?.reset();
    if (isLate) target.end('the worker did not answer');
    return answer;
  };

  const opened = (): Promise<Result<OpenedWorkspace, StoreError>> => {
    const hints: StartHints = { ...(known && { known }), wasUsed };
    opening ??= ask('open', CALLS.start.open, (api) => api.open(deviceName, workspaceId, hints)).then((result) => {
      if (result.ok) workspaceId = result.value.row.id;
      else opening = null;
      return result;
    });
    return opening;
  };

  const calls = buildCalls(PAGE_PARTS, (name, _part, deadlineMs) => async (...args) => {
    const ready = await opened();
    return ready.ok ? ask(name, deadlineMs, (api) => api[name](...args.map(crossing))) : ready;
  });
  return { opened, ...calls };
}
