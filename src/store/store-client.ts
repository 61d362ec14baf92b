/**
 * The page's side of the store worker. Comlink never settles a call whose worker has died, so every call has a deadline;
 * a worker that is lost or does not answer is ended and started again, and the next call opens it anew. A save whose
 * reply was lost is repeated by its caller with the same saveId, which makes it harmless.
 */
import { wrap } from 'comlink';
import type { StoreError } from '#core/errors.ts';
import { err, type Result } from '#core/result.ts';
import { createPulse } from './pulse.ts';
import type { OpenedWorkspace, StartHints, StoreWorkerApi } from './worker-api.ts';

/** Far above the slowest honest call (a page of 1,000 rows on a slow phone), short enough for a person to wait. */
const DEADLINE_MS = 10_000;
/** Opening may wait for another tab's upgrade. */
const LONG_DEADLINE_MS = 200_000;
/** A large change takes long over a slow way, and what waits for the network has deadlines of its own. */
const DRAIN_DEADLINE_MS = 15 * 60_000;
const LONG_CALLS: ReadonlySet<keyof StoreWorkerApi> = new Set([
  'open',
  'openAccount',
  'purge',
  'usage',
  'localAccounts',
  'forgetAccount',
  'freeCaches',
  'erase',
]);

const deadlineOf = (name: keyof StoreWorkerApi): number => {
  if (name === 'drain') return DRAIN_DEADLINE_MS;
  return LONG_CALLS.has(name) ? LONG_DEADLINE_MS : DEADLINE_MS;
};

export type StoreClient = Omit<StoreWorkerApi, 'open' | 'ping'> & {
  /** The opened workspace; opens it at the first call. */
  opened(): Promise<Result<OpenedWorkspace, StoreError>>;
};

export interface StoreClientOptions {
  readonly spawn: () => Worker;
  readonly deviceName: string;
  readonly known?: StartHints['known'];
}

type Answer = Result<unknown, StoreError>;

interface Connection {
  readonly worker: Worker;
  readonly api: StoreWorkerApi;
  /** Settles when the worker is gone: every waiting call ends with it. */
  readonly lost: Promise<Answer>;
  readonly end: (reason: string) => void;
}

export function createStoreClient({ spawn, deviceName, known }: StoreClientOptions): StoreClient {
  let connection: Connection | null = null;
  let opening: Promise<Result<OpenedWorkspace, StoreError>> | null = null;
  const pulse = createPulse(DEADLINE_MS);
  /** The page's workspace, once it is known: a new worker opens no other. */
  let workspaceId: string | null = null;

  const connect = (): Connection => {
    if (connection) return connection;
    const worker = spawn();
    const { promise: lost, resolve } = Promise.withResolvers<Answer>();
    const end = (reason: string): void => {
      if (connection?.worker === worker) {
        connection = null;
        opening = null;
      }
      worker.terminate();
      resolve(err({ type: 'WorkerLost', reason }));
    };
    worker.addEventListener('error', (event) => end(event.message || 'the worker failed'));
    worker.addEventListener('messageerror', () => end('a message could not be read'));
    connection = { worker, api: wrap<StoreWorkerApi>(worker) as unknown as StoreWorkerApi, lost, end };
    return connection;
  };

  const invoke = async (name: keyof StoreWorkerApi, args: readonly unknown[]): Promise<Answer> => {
    const target = connect();
    const { promise: late, resolve } = Promise.withResolvers<Answer>();
    const timer = setTimeout(() => resolve(err({ type: 'WorkerTimeout' })), deadlineOf(name));
    // What is typed waits for a save: a worker that hangs is not given the whole deadline then.
    const stopWatching =
      name === 'save'
        ? pulse.watch(
            () => target.api.ping(),
            () => target.end('the worker is silent'),
          )
        : null;
    const call = target.api[name] as (...args: readonly unknown[]) => Promise<Answer>;
    const answer = await Promise.race([call(...args), target.lost, late]);
    clearTimeout(timer);
    stopWatching?.();
    if (stopWatching && answer.ok) pulse.reset();
    if (!answer.ok && answer.error.type === 'WorkerTimeout') target.end('the worker did not answer');
    return answer;
  };

  const opened = (): Promise<Result<OpenedWorkspace, StoreError>> => {
    const hints: StartHints = known ? { known } : {};
    opening ??= invoke('open', [deviceName, workspaceId, hints]).then((answer) => {
      const result = answer as Result<OpenedWorkspace, StoreError>;
      if (result.ok) workspaceId = result.value.row.id;
      else opening = null;
      return result;
    });
    return opening;
  };

  const method =
    (name: keyof StoreWorkerApi) =>
    async (...args: readonly unknown[]): Promise<Answer> => {
      const ready = await opened();
      return ready.ok ? invoke(name, args) : ready;
    };

  return {
    opened,
    save: method('save'),
    get: method('get'),
    getMany: method('getMany'),
    list: method('list'),
    count: method('count'),
    changedSince: method('changedSince'),
    history: method('history'),
    purge: method('purge'),
    release: method('release'),
    summary: method('summary'),
    retryQuarantined: method('retryQuarantined'),
    heldDeletions: method('heldDeletions'),
    decideDeletions: method('decideDeletions'),
    quarantined: method('quarantined'),
    exportQuarantined: method('exportQuarantined'),
    discardQuarantined: method('discardQuarantined'),
    countKinds: method('countKinds'),
    versions: method('versions'),
    events: method('events'),
    logEvent: method('logEvent'),
    clearEvents: method('clearEvents'),
    forgetRecovered: method('forgetRecovered'),
    workspace: method('workspace'),
    updateWorkspace: method('updateWorkspace'),
    drain: method('drain'),
    openAccount: method('openAccount'),
    switchAccount: method('switchAccount'),
    startAfresh: method('startAfresh'),
    accountState: method('accountState'),
    resumeBringing: method('resumeBringing'),
    stopBringing: method('stopBringing'),
    usage: method('usage'),
    localAccounts: method('localAccounts'),
    forgetAccount: method('forgetAccount'),
    freeCaches: method('freeCaches'),
    erase: method('erase'),
  } as StoreClient;
}
