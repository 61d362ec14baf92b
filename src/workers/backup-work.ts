/**
 * What a tab's store worker does with the backups of its workspace: the calls of its page, and, in one tab at a time, the schedule. The work is done in a
 * worker of its own, started here: it goes on while the page is busy or hidden, and ends with this one. None of the code is loaded before it is wanted.
 */

import { ON_DEVICE, type PlaceSpec } from '#backup/kept/place-spec.ts';
import type { BackupDriver } from '#backup/kept/schedule-driver.ts';
import { type BackupNews, backupChannel, backupLeadLock } from '#core/channels.ts';
import type { BackupError } from '#core/errors.ts';
import { lazy } from '#core/lazy.ts';
import { err, ok, type Result } from '#core/result.ts';
import { hasLocks, openChannel, systemClock, webLocks } from '#platform/system.ts';
import type { PartSources } from '#store/calls/store-calls.ts';
import type { BackupPart } from '#store/calls/worker-api.ts';
import type { ActiveWorkspace } from '#store/calls/workspace-calls.ts';
import type { BackupDrivers } from './backup-drivers.ts';
import type { ComingCalls } from './coming-calls.ts';
import { createDownloadCalls } from './download-calls.ts';
import { createDrillCalls } from './drill-calls.ts';
import { handOn, inWorker } from './in-backup-worker.ts';
import type { PlaceCalls } from './place-calls.ts';

/** The first paint and the first sync come first. */
const START_AFTER_MS = 20_000;
const placeCode = lazy(() => import('./place-calls.ts'));
const MEMORY: Result<never, BackupError> = err({ type: 'StorageDisabled', reason: 'nothing stays in this browser' });

export function createBackupWork(active: ActiveWorkspace, blobs: PartSources['blobs']): PartSources['backups'] {
  const { row, kv, memory, onChanged } = active;
  const news = openChannel<BackupNews>(backupChannel(row.id));
  /** Whoever shows backups looks again. */
  const announce = (): void => news.post({ type: 'backups' });
  const announced = async <V>(work: Promise<Result<V, BackupError>>): Promise<Result<V, BackupError>> => {
    const result = await work;
    announce();
    return result;
  };
  const drills = createDrillCalls({ row, kv }, announce);
  const drivers = lazy(async (): Promise<BackupDrivers> => {
    const { createBackupDrivers } = await import('./backup-drivers.ts');
    return createBackupDrivers({ active, ask: inWorker, watchOf: handOn, announce });
  });
  const driver = async (): Promise<Result<BackupDriver, BackupError>> => {
    const found = await drivers();
    return found.ok ? ok(found.value.device) : found;
  };
  const placesChanged = (): void => {
    news.post({ type: 'places' });
    onPlaces();
  };
  const places = async (): Promise<Result<PlaceCalls, BackupError>> => {
    const [found, loaded] = await Promise.all([drivers(), placeCode()]);
    if (!found.ok || !loaded.ok) return found.ok ? (loaded as Result<never, BackupError>) : found;
    return ok(loaded.value.createPlaceCalls({ active, inWorker, drivers: found.value, announce, placesChanged }));
  };
  /** Of the tab that keeps the schedule. */
  let onPlaces = (): void => {};

  const coming = lazy(async () => {
    const { createComingCalls } = await import('./coming-calls.ts');
    return createComingCalls({ active: { row, kv }, news, driver });
  });
  const asComing = async <V>(ask: (calls: ComingCalls) => Promise<Result<V, BackupError>>) => {
    const found = await coming();
    return found.ok ? ask(found.value) : found;
  };
  if (!memory) {
    news.onMessage((message) => {
      if (message.type === 'restore-coming')
        void asComing(async (calls) => ok(await calls.keepCopies(message.ids))).catch(() => {});
    });
  }

  const keepSchedule = async (): Promise<void> => {
    const found = await drivers();
    if (!found.ok) return;
    const { device, places } = found.value;
    const { createMirrorTimer } = await import('#backup/kept/mirror-timer.ts');
    const mirrors = createMirrorTimer(systemClock, async () => {
      // The schedule tries again what has failed.
      if (!(await places.mirrorAll())) device.look();
    });
    onPlaces = () => {
      device.look();
      mirrors.changed();
    };
    device.start();
    void drills.keep().catch(() => {});
    mirrors.changed();
    news.onMessage(({ type }) => {
      if (type === 'places') onPlaces();
    });
    onChanged(({ keys, kinds = keys?.map(([kind]) => kind) }) => {
      mirrors.changed();
      device.changed();
      if (kinds?.includes('settings') || kinds?.includes('device-settings')) device.look();
    });
    await new Promise<never>(() => {});
  };
  /** It ends only where its code could not be loaded: then again later. */
  const keepScheduleSoon = (): void => {
    systemClock.setTimer(START_AFTER_MS, () => {
      void webLocks
        .hold(backupLeadLock(row.id), keepSchedule)
        .catch(() => {})
        .finally(keepScheduleSoon);
    });
  };
  if (!memory && hasLocks()) keepScheduleSoon();

  const asDriver = async <V>(ask: (driver: BackupDriver) => Promise<Result<V, BackupError>>) => {
    const started = await driver();
    return started.ok ? ask(started.value) : started;
  };
  const asPlaces = async <V>(ask: (calls: PlaceCalls) => Promise<Result<V, BackupError>>): Promise<Result<V, BackupError>> => {
    if (memory) return MEMORY;
    const found = await places();
    return found.ok ? ask(found.value) : found;
  };
  /** The place of that id, as the worker is given it. */
  const at = <V>(place: string | undefined, use: (spec: PlaceSpec) => Promise<Result<V, BackupError>>) =>
    place === undefined
      ? use(ON_DEVICE)
      : asPlaces(async (calls) => {
          const spec = await calls.spec(place);
          return spec.ok ? use(spec.value) : spec;
        });
  const backUpNow: BackupPart['backUpNow'] = (reason, watch) =>
    memory ? Promise.resolve(MEMORY) : asDriver((started) => started.backUp(reason, watch));
  const verifyBackup: BackupPart['verifyBackup'] = (id, watch, place) =>
    announced(at(place, (spec) => inWorker((api) => api.verify(row.id, id, spec, handOn(watch)))));
  const calls: BackupPart = {
    backUpNow,
    backups: (place) => at(place, (spec) => inWorker((api) => api.list(row.id, spec))),
    backedUpVersions: (...key) =>
      memory ? Promise.resolve(ok({ versions: [], hasMore: false })) : inWorker((api) => api.versions(row.id, key)),
    verifyBackup,
    removeBackup: (id, place) => announced(at(place, (spec) => inWorker((api) => api.remove(row.id, id, spec)))),
    pinBackup: (id, until, place) => announced(at(place, (spec) => inWorker((api) => api.pin(row.id, id, until, spec)))),
    acceptBackup: (id) => announced(inWorker((api) => api.accept(row.id, id))),
    ...createDownloadCalls({ active, blobs, at, announce, backUp: (watch) => backUpNow('asked', watch), verify: verifyBackup }),
    backupPlaces: () => asPlaces((calls) => calls.backupPlaces()),
    setBackupPlace: (place, settings) => asPlaces((calls) => calls.setBackupPlace(place, settings)),
    addServerPlace: () => asPlaces((calls) => calls.addServerPlace()),
    removeBackupPlace: (place) => asPlaces((calls) => calls.removeBackupPlace(place)),
    copyToPlace: (place, watch) => asPlaces((calls) => calls.copyToPlace(place, watch)),
    bringBackup: (id, place, watch) => asPlaces((calls) => calls.bringBackup(id, place, watch)),
    addBackupFolder: (...asked) => asPlaces((calls) => calls.addBackupFolder(...asked)),
    lookIntoFolder: (source) => asPlaces((calls) => calls.lookIntoFolder(source)),
    bringFromFolder: (...asked) => asPlaces((calls) => calls.bringFromFolder(...asked)),
    barredFolders: () => (memory ? Promise.resolve(ok([])) : asPlaces((calls) => calls.barredFolders())),
    backupFolder: (place) => asPlaces((calls) => calls.backupFolder(place)),
    bringFile: (file, options, watch) =>
      memory ? Promise.resolve(MEMORY) : announced(inWorker((api) => api.bring(row.id, file, options, handOn(watch)))),
    bringMarkdown: (name, from, options, watch) =>
      memory
        ? Promise.resolve(MEMORY)
        : announced(inWorker((api) => api.bringMarkdown(row.id, name, from, options, handOn(watch)))),
    planRestore: (id, choice, query, watch) => inWorker((api) => api.plan(row.id, id, choice, query, handOn(watch))),
    restoreBackup: (id, choice, watch) => announced(inWorker((api) => api.restore(row.id, id, choice, handOn(watch)))),
    resumeRestore: (id, watch) => announced(inWorker((api) => api.resume(row.id, id, handOn(watch)))),
    undoRestore: (id, watch) => announced(inWorker((api) => api.undo(row.id, id, handOn(watch)))),
    tryRestore: (id, watch) => (memory ? Promise.resolve(MEMORY) : drills.tryRestore(id, watch)),
    drills: drills.drills,
    restoresElsewhere: () => asComing((coming) => coming.restoresElsewhere()),
    putAwayRestore: (id) => asComing((coming) => coming.putAwayRestore(id)),
    async restores() {
      const { listRestores, restoreInfo } = await import('#store/restore/restore-rows.ts');
      const found = await listRestores({ kv });
      return found.ok ? ok(found.value.map(restoreInfo)) : found;
    },
    backupSchedule: () => (memory ? Promise.resolve(MEMORY) : asDriver((started) => started.schedule())),
    lostBackups: () => inWorker((api) => api.lost()),
    bringLost: (lostId, id, watch) => announced(inWorker((api) => api.bringLost(row.id, lostId, id, handOn(watch)))),
    removeLost: (lostId) => announced(inWorker((api) => api.removeLost(lostId))),
  };
  const part = ok(calls);
  return async () => part;
}
