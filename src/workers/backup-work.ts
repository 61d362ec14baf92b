/**
 * What a tab's store worker does with the backups of its workspace: the calls of its page, and, in one tab at a time, the schedule. The work is done in a
 * worker of its own, started here: it goes on while the page is busy or hidden, and ends with this one. None of the code is loaded before it is wanted.
 */

import { proxy, wrap } from 'comlink';
import type { BackupWorkerApi } from '#backup/kept/backup-api.ts';
import type { BackupDriver } from '#backup/kept/schedule-driver.ts';
import type { BackupProgress, BackupWatch } from '#core/backups.ts';
import { type BackupNews, backupChannel, backupLeadLock } from '#core/channels.ts';
import type { BackupError } from '#core/errors.ts';
import { lazy } from '#core/lazy.ts';
import { err, ok, type Result } from '#core/result.ts';
import { onWorkerLost } from '#core/worker-loss.ts';
import { hasLocks, openChannel, systemClock, webLocks } from '#platform/system.ts';
import { trustedScriptUrl } from '#platform/trusted-types.ts';
import { readBackupFailure, writeBackupFailure } from '#store/backup/failure-row.ts';
import { createRowReader } from '#store/backup/read-rows.ts';
import type { PartSources } from '#store/calls/store-calls.ts';
import type { BackupPart } from '#store/calls/worker-api.ts';
import type { ActiveWorkspace } from '#store/calls/workspace-calls.ts';
import url from './backup.worker.ts?worker&url';

/** The first paint and the first sync come first. */
const START_AFTER_MS = 20_000;
/** A worker that is later than this hangs. */
const DEADLINE_MS = 30 * 60_000;

const MEMORY: Result<never, BackupError> = err({ type: 'StorageDisabled', reason: 'nothing stays in this browser' });

/** Runs one call in a worker of its own. */
async function inWorker<V>(call: (api: BackupWorkerApi) => Promise<Result<V, BackupError>>): Promise<Result<V, BackupError>> {
  const worker = new Worker(trustedScriptUrl(url), { type: 'module', name: 'holdfast-backup' });
  const { promise: lost, resolve } = Promise.withResolvers<Result<never, BackupError>>();
  const end = (reason: string): void => resolve(err({ type: 'WorkerLost', reason }));
  onWorkerLost(worker, end);
  const cancel = systemClock.setTimer(DEADLINE_MS, () => resolve(err({ type: 'WorkerTimeout' })));
  try {
    return await Promise.race([call(wrap<BackupWorkerApi>(worker) as unknown as BackupWorkerApi), lost]);
  } finally {
    cancel();
    worker.terminate();
  }
}

/** A function of the page, handed on to the worker that asks it. */
const handOn = (watch: BackupWatch | undefined): BackupWatch | undefined =>
  watch && proxy((progress: BackupProgress) => watch(progress));

export function createBackupWork({ row, kv, memory, channel, backupPace }: ActiveWorkspace): PartSources['backups'] {
  const news = openChannel<BackupNews>(backupChannel(row.id));
  /** Whoever shows backups looks again. */
  const announced = async <V>(work: Promise<Result<V, BackupError>>): Promise<Result<V, BackupError>> => {
    const result = await work;
    news.post({ type: 'backups' });
    return result;
  };
  const driver = lazy(async (): Promise<BackupDriver> => {
    const { createBackupDriver } = await import('#backup/kept/schedule-driver.ts');
    const rows = createRowReader(kv);
    return createBackupDriver({
      clock: systemClock,
      pace: backupPace,
      state: rows.state,
      list: () => inWorker((api) => api.list(row.id)),
      backUp: (reason, watch) => announced(inWorker((api) => api.backUp(row.id, reason, handOn(watch)))),
      verify: (id) => announced(inWorker((api) => api.verify(row.id, id))),
      readFailure: () => readBackupFailure(kv),
      writeFailure: (failure) => writeBackupFailure(kv, failure),
    });
  });

  const keepSchedule = async (): Promise<void> => {
    const started = await driver();
    if (!started.ok) return;
    started.value.start();
    channel.onMessage((message) => {
      const kinds = message.type === 'changed' ? (message.keys?.map(([kind]) => kind) ?? message.kinds) : [];
      if (kinds?.includes('settings') || kinds?.includes('device-settings')) started.value.look();
    });
    await new Promise<never>(() => {});
  };
  if (!memory && hasLocks()) {
    systemClock.setTimer(START_AFTER_MS, () => void webLocks.hold(backupLeadLock(row.id), keepSchedule).catch(() => {}));
  }

  const asDriver = async <V>(ask: (driver: BackupDriver) => Promise<Result<V, BackupError>>) => {
    const started = await driver();
    return started.ok ? ask(started.value) : started;
  };
  const calls: BackupPart = {
    backUpNow: (reason, watch) => (memory ? Promise.resolve(MEMORY) : asDriver((started) => started.backUp(reason, watch))),
    backups: (workspaceId = row.id) => inWorker((api) => api.list(workspaceId)),
    verifyBackup: (id, workspaceId = row.id, watch) => announced(inWorker((api) => api.verify(workspaceId, id, handOn(watch)))),
    removeBackup: (id, workspaceId = row.id) => announced(inWorker((api) => api.remove(workspaceId, id))),
    pinBackup: (id, until, workspaceId = row.id) => announced(inWorker((api) => api.pin(workspaceId, id, until))),
    acceptBackup: (id) => announced(inWorker((api) => api.accept(row.id, id))),
    downloadBackup: (id, form, workspaceId = row.id) => inWorker((api) => api.download(workspaceId, id, form)),
    bringFile: (file, options, watch) =>
      memory ? Promise.resolve(MEMORY) : announced(inWorker((api) => api.bring(row.id, file, options, handOn(watch)))),
    planRestore: (id, choice, watch) => inWorker((api) => api.plan(row.id, id, choice, handOn(watch))),
    restoreBackup: (id, choice, watch) => announced(inWorker((api) => api.restore(row.id, id, choice, handOn(watch)))),
    resumeRestore: (id, watch) => announced(inWorker((api) => api.resume(row.id, id, handOn(watch)))),
    undoRestore: (id, watch) => announced(inWorker((api) => api.undo(row.id, id, handOn(watch)))),
    async restores() {
      const { listRestores, restoreInfo } = await import('#store/restore/restore-rows.ts');
      const found = await listRestores({ kv });
      return found.ok ? ok(found.value.map(restoreInfo)) : found;
    },
    backupSchedule: () => (memory ? Promise.resolve(MEMORY) : asDriver((started) => started.schedule())),
    backedUpWorkspaces: () => inWorker((api) => api.workspaces()),
  };
  const part = ok(calls);
  return async () => part;
}
