/** Work on backups in a worker of its own: it goes on while the page is busy or hidden, and ends with this one. */
import { proxy, type Remote, wrap } from 'comlink';
import type { BackupWorkerApi } from '#backup/kept/backup-api.ts';
import type { BackupProgress, BackupWatch } from '#core/backups.ts';
import type { BackupError } from '#core/errors.ts';
import { err, type Result } from '#core/result.ts';
import { onWorkerLost } from '#core/worker-loss.ts';
import { systemClock, webLocks } from '#platform/system.ts';
import { trustedScriptUrl } from '#platform/trusted-types.ts';
import { removeTempFiles } from '#store/archive-file.ts';
import url from './backup.worker.ts?worker&url';

/** A worker that is later than this hangs. */
const DEADLINE_MS = 30 * 60_000;
/** One that has nothing to do waits so long for the next call: it is asked for a list and something of it, or for a mirror now and then. */
const IDLE_MS = 20_000;

/** By then the locks of a worker that was ended are free. */
const LET_GO_MS = 1000;

export type InWorker = typeof inWorker;

interface Started {
  readonly worker: Worker;
  readonly api: Remote<BackupWorkerApi>;
  /** Settles when the worker is gone. */
  readonly lost: Promise<Result<never, BackupError>>;
}

/** One, which has ended its last call well. */
let idle: Started | null = null;
let cancelIdle: (() => void) | null = null;

function take(): Started {
  cancelIdle?.();
  const found = idle ?? start();
  idle = null;
  return found;
}

function start(): Started {
  const worker = new Worker(trustedScriptUrl(url), { type: 'module', name: 'holdfast-backup' });
  const { promise: lost, resolve } = Promise.withResolvers<Result<never, BackupError>>();
  const started = { worker, api: wrap<BackupWorkerApi>(worker), lost };
  onWorkerLost(worker, (reason) => {
    if (idle === started) idle = null;
    resolve(err({ type: 'WorkerLost', reason }));
  });
  return started;
}

function keep(started: Started): void {
  if (idle) {
    started.worker.terminate();
    return;
  }
  idle = started;
  cancelIdle = systemClock.setTimer(IDLE_MS, () => {
    idle = null;
    started.worker.terminate();
  });
}

/** What it had decrypted does not stay until the next start. */
function end({ worker }: Started): void {
  worker.terminate();
  systemClock.setTimer(LET_GO_MS, () => void removeTempFiles(webLocks).catch(() => {}));
}

/** A function of the page, handed on to the worker that asks it. */
export const handOn = (watch: BackupWatch | undefined): BackupWatch | undefined =>
  watch && proxy((progress: BackupProgress) => watch(progress));

/** Runs one call in a worker that has nothing else to do meanwhile. */
export async function inWorker<V>(
  call: (api: BackupWorkerApi) => Promise<Result<V, BackupError>>,
  deadlineMs = DEADLINE_MS,
): Promise<Result<V, BackupError>> {
  const started = take();
  const { promise: late, resolve } = Promise.withResolvers<Result<never, BackupError>>();
  const cancel = systemClock.setTimer(deadlineMs, () => resolve(err({ type: 'WorkerTimeout' })));
  let isWell = false;
  try {
    const result = await Promise.race([call(started.api as unknown as BackupWorkerApi), started.lost, late]);
    isWell = result.ok;
    return result;
  } finally {
    cancel();
    if (isWell) keep(started);
    else end(started);
  }
}
