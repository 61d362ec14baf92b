/**
 * The schedule of a workspace's backups, on this device and in its other places: in the tab that keeps it, and in the service worker while no tab is open. What
 * is to be done is asked of `ask`.
 */

import type { PlaceSpec } from '#backup/kept/place-spec.ts';
import { ON_DEVICE } from '#backup/kept/place-spec.ts';
import { createPlacesDriver, type PlacesDriver } from '#backup/kept/places-driver.ts';
import { type BackupDriver, createBackupDriver } from '#backup/kept/schedule-driver.ts';
import { SERVER_PLACE } from '#core/backup-places.ts';
import type { BackupWatch } from '#core/backups.ts';
import { restoreLock } from '#core/channels.ts';
import type { BackupError, KvError } from '#core/errors.ts';
import { timeOfId } from '#core/ids.ts';
import { err, ok, type Result } from '#core/result.ts';
import { isHeld, systemClock } from '#platform/system.ts';
import { readBackupFailure, writeBackupFailure } from '#store/backup/failure-row.ts';
import { addServerRow, listPlaceRows, newPlaceRow, updatePlaceRow } from '#store/backup/place-rows.ts';
import { createRowReader } from '#store/backup/read-rows.ts';
import type { BackupPlaceRow } from '#store/schema/meta-rows.ts';
import type { Workspace } from '#store/workspace.ts';
import type { AskKept } from './kept-calls.ts';

const GONE: Result<never, BackupError> = err({ type: 'PlaceGone' });

/** A place of this workspace, as the worker is given it. */
function specOf({ type, folder }: BackupPlaceRow, { accountId, deviceId }: Workspace['row']): PlaceSpec | null {
  if (type === 'server') return { type, accountId, deviceId };
  return folder ? { type: 'folder', ...folder } : null;
}

export interface DriverWorld {
  readonly active: Pick<Workspace, 'row' | 'kv' | 'isSyncOn' | 'backupPace'>;
  readonly ask: AskKept;
  /** What a long call is watched by, as it can be handed on to whoever answers `ask`. `watch`: of the page that has asked for it, if one has. */
  readonly watchOf: (watch?: BackupWatch) => BackupWatch | undefined;
  /** Whoever shows backups looks again. */
  readonly announce: () => void;
}

export interface BackupDrivers {
  readonly device: BackupDriver;
  readonly places: PlacesDriver<BackupPlaceRow>;
  /** Every account begins with its server among its places. */
  listPlaces(): Promise<Result<readonly BackupPlaceRow[], KvError>>;
  find(id: string): Promise<Result<BackupPlaceRow, BackupError>>;
  /** `PlaceGone` where the place has nothing that leads to it. */
  withSpec<V>(place: BackupPlaceRow, use: (spec: PlaceSpec) => Promise<Result<V, BackupError>>): Promise<Result<V, BackupError>>;
}

export function createBackupDrivers({ active, ask, watchOf, announce }: DriverWorld): BackupDrivers {
  const { row, kv, isSyncOn, backupPace } = active;
  const rows = createRowReader(kv);
  const announced = async <V>(work: Promise<Result<V, BackupError>>): Promise<Result<V, BackupError>> => {
    const result = await work;
    announce();
    return result;
  };
  async function listPlaces(): Promise<Result<readonly BackupPlaceRow[], KvError>> {
    const added = await addServerRow(kv, false);
    return added.ok ? listPlaceRows(kv) : added;
  }
  /** Those that may be used now: the server only where the person lets this device sync. */
  async function usable(): Promise<Result<readonly BackupPlaceRow[], KvError>> {
    const [found, on] = await Promise.all([listPlaces(), isSyncOn()]);
    if (!found.ok || !on.ok) return found.ok ? (on as Result<never, KvError>) : found;
    return ok(found.value.filter(({ type }) => type !== 'server' || on.value));
  }
  const find = async (id: string): Promise<Result<BackupPlaceRow, BackupError>> => {
    const found = await listPlaceRows(kv);
    if (!found.ok) return found;
    // What lies on the server can be had, also where nothing is to be written there.
    const server = id === SERVER_PLACE ? newPlaceRow({ id, type: 'server', name: '' }) : undefined;
    const place = found.value.find((one) => one.id === id) ?? server;
    return place ? ok(place) : GONE;
  };
  const withSpec = async <V>(
    place: BackupPlaceRow,
    use: (spec: PlaceSpec) => Promise<Result<V, BackupError>>,
  ): Promise<Result<V, BackupError>> => {
    const spec = specOf(place, row);
    return spec ? use(spec) : GONE;
  };
  /** The place to write to: one that went on with what an earlier browser had left is left to another device that does so, too. */
  const withOwnSpec = async <V>(
    place: BackupPlaceRow,
    use: (spec: PlaceSpec) => Promise<Result<V, BackupError>>,
  ): Promise<Result<V, BackupError>> => {
    const { id, folder } = place;
    if (!folder || folder.name === row.id) return withSpec(place, use);
    const found = await withSpec(place, (spec) => ask((api) => api.list(row.id, spec)));
    if (!found.ok) return found;
    const since = timeOfId(id) ?? 0;
    if (!found.value.backups.some(({ workspace, madeAt }) => workspace !== row.id && madeAt > since)) return withSpec(place, use);
    const own = { ...folder, name: row.id };
    const updated = await updatePlaceRow(kv, id, { folder: own });
    return updated.ok ? withSpec({ ...place, folder: own }, use) : updated;
  };
  const places: PlacesDriver<BackupPlaceRow> = createPlacesDriver<BackupPlaceRow>({
    clock: systemClock,
    workspaceId: row.id,
    state: rows.state,
    places: usable,
    fresh: () => device.fresh(),
    copy: (place, id, watch) => withOwnSpec(place, (spec) => ask((api) => api.copy(row.id, id, spec, watchOf(watch)))),
    mirror: (place) => withOwnSpec(place, (spec) => ask((api) => api.mirror(row.id, spec, watchOf()))),
    list: (place) => withSpec(place, (spec) => ask((api) => api.list(row.id, spec))),
    verify: (place, id) => withSpec(place, (spec) => ask((api) => api.verify(row.id, id, spec, watchOf()))),
    fill: (place, id, isThorough) => withSpec(place, (spec) => ask((api) => api.fill(row.id, id, spec, isThorough, watchOf()))),
    verifyHere: (id) => ask((api) => api.verify(row.id, id, ON_DEVICE, watchOf())),
    async update(place, patch) {
      const updated = await updatePlaceRow(kv, place.id, patch);
      announce();
      return updated;
    },
  });

  const device: BackupDriver = createBackupDriver({
    clock: systemClock,
    isRestoring: () => isHeld(restoreLock(row.id)),
    pace: backupPace,
    state: rows.state,
    list: () => ask((api) => api.list(row.id, ON_DEVICE)),
    backUp: (reason, watch) => announced(ask((api) => api.backUp(row.id, reason, watchOf(watch)))),
    verify: (id) => announced(ask((api) => api.verify(row.id, id, ON_DEVICE, watchOf()))),
    others: () => places.step(),
    readFailure: () => readBackupFailure(kv),
    writeFailure: (failure) => writeBackupFailure(kv, failure),
  });

  return { device, places, listPlaces, find, withSpec };
}
