/** The places of backups of a tab's workspace: what its page asks about them, and copies to them. */

import { specIn } from '#backup/kept/find-backups.ts';
import { isAllowedInto } from '#backup/kept/picked-folder.ts';
import type { PlaceSpec } from '#backup/kept/place-spec.ts';
import { ON_DEVICE } from '#backup/kept/place-spec.ts';
import type { BackupPlace, PlaceSettings } from '#core/backup-places.ts';
import { DEVICE_PLACE } from '#core/backup-places.ts';
import type { BackupError } from '#core/errors.ts';
import { mintId } from '#core/ids.ts';
import { ok, type Result } from '#core/result.ts';
import { systemClock, systemRandom } from '#platform/system.ts';
import {
  addServerRow,
  EMPTY_PLACE,
  listPlaceRows,
  newPlaceRow,
  putPlaceRow,
  removePlaceRow,
  updatePlaceRow,
} from '#store/backup/place-rows.ts';
import { createRowReader } from '#store/backup/read-rows.ts';
import type { BackupPart } from '#store/calls/worker-api.ts';
import type { ActiveWorkspace } from '#store/calls/workspace-calls.ts';
import { asSync, SYNC } from '#store/schema/context.ts';
import type { BackupPlaceRow } from '#store/schema/meta-rows.ts';
import type { BackupDrivers } from './backup-drivers.ts';
import { handOn, type InWorker } from './in-backup-worker.ts';

/** The browser asks the person before it lets this app into the folder again. */
const isBarred = async ({ folder }: BackupPlaceRow): Promise<boolean> =>
  folder !== undefined && !(await isAllowedInto(folder.handle, 'readwrite').catch(() => true));

export interface PlaceWorld {
  readonly active: Pick<ActiveWorkspace, 'row' | 'kv'>;
  readonly inWorker: InWorker;
  readonly drivers: BackupDrivers;
  /** Whoever shows backups looks again. */
  readonly announce: () => void;
  /** The same, and the schedule as well, in whatever tab that is kept. */
  readonly placesChanged: () => void;
}

export type PlaceCalls = Pick<
  BackupPart,
  | 'backupPlaces'
  | 'setBackupPlace'
  | 'bringBackup'
  | 'addServerPlace'
  | 'removeBackupPlace'
  | 'copyToPlace'
  | 'addBackupFolder'
  | 'backupFolder'
  | 'barredFolders'
  | 'lookIntoFolder'
  | 'bringFromFolder'
> & {
  /** The place of that id, as the worker is given it; this device where none is named. */
  spec(id: string | undefined): Promise<Result<PlaceSpec, BackupError>>;
};

export function createPlaceCalls({ active: { row, kv }, inWorker, drivers, announce, placesChanged }: PlaceWorld): PlaceCalls {
  const { device, places: driver, listPlaces, find, withSpec } = drivers;
  const rows = createRowReader(kv);

  /** What is known of the server's backups once the account was deleted there: they went with it, and no try is needed to say so. */
  async function erasedOf(nextAt: number): Promise<Result<Pick<BackupPlaceRow, 'state' | 'failure'> | null, BackupError>> {
    const found = await kv.read({ sync: SYNC });
    if (!found.ok) return found;
    if (asSync(found.value.sync).failure?.reason !== 'AccountDeleted') return ok(null);
    const error: BackupError = { type: 'PlaceServer', cause: { type: 'AccountDeleted' } };
    return ok({ state: EMPTY_PLACE, failure: { error, since: systemClock.now(), attempts: 1, retryAt: nextAt } });
  }

  async function there(place: BackupPlaceRow): Promise<Result<BackupPlace, BackupError>> {
    const now = await rows.state();
    if (!now.ok) return now;
    const { id, type, name, pace, isMirror } = place;
    const nextAt = driver.nextAt(place, now.value);
    const erased = type === 'server' ? await erasedOf(nextAt) : ok(null);
    if (!erased.ok) return erased;
    const { state, failure } = erased.value ?? place;
    return ok({
      ...{ id, type, name, pace, isMirror, state, failure },
      nextAt,
      isBarred: await isBarred(place),
      isBusy: driver.isBusy(id),
    });
  }

  return {
    async spec(id = DEVICE_PLACE) {
      if (id === DEVICE_PLACE) return ok(ON_DEVICE);
      const found = await find(id);
      return found.ok ? withSpec(found.value, async (spec) => ok(spec)) : found;
    },

    async backupPlaces() {
      const [own, others] = await Promise.all([device.place(), listPlaces()]);
      if (!own.ok) return own;
      if (!others.ok) return others;
      const all = [own.value];
      for (const place of others.value) {
        const one = await there(place);
        if (!one.ok) return one;
        all.push(one.value);
      }
      return ok(all);
    },

    async setBackupPlace(id, settings: Partial<PlaceSettings>) {
      const updated = await updatePlaceRow(kv, id, settings);
      placesChanged();
      return updated;
    },

    async addServerPlace() {
      const added = await addServerRow(kv, true);
      placesChanged();
      return added;
    },

    async removeBackupPlace(id) {
      const removed = await removePlaceRow(kv, id);
      placesChanged();
      return removed;
    },

    async copyToPlace(id, watch) {
      const found = await find(id);
      if (!found.ok) return found;
      const work = driver.copyTo(found.value, watch);
      announce();
      const copied = await work;
      placesChanged();
      return copied;
    },

    async bringBackup(id, from, watch) {
      const found = await find(from);
      if (!found.ok) return found;
      const { type, name } = found.value;
      const brought = await withSpec(found.value, (spec) =>
        inWorker((api) => api.copyHere(row.id, id, spec, { type, name }, handOn(watch))),
      );
      announce();
      return brought;
    },

    lookIntoFolder: (source) => inWorker((api) => api.lookInto(row.id, source)),

    async bringFromFolder(source, name, id, about, watch) {
      const from = { type: 'folder', name: about } as const;
      const brought = await inWorker((api) => api.copyHere(row.id, id, specIn(source, name), from, handOn(watch)));
      announce();
      return brought;
    },

    async addBackupFolder(handle, name = row.id, settings = {}) {
      const before = await listPlaceRows(kv);
      if (!before.ok) return before;
      for (const { id, folder } of before.value) if (await folder?.handle.isSameEntry(handle)) return ok(id);
      const id = mintId(systemClock.now(), systemRandom);
      const made = newPlaceRow({ id, type: 'folder', name: handle.name, folder: { handle, name } });
      const added = await putPlaceRow(kv, { ...made, ...settings });
      placesChanged();
      return added.ok ? ok(id) : added;
    },

    async barredFolders() {
      const found = await listPlaceRows(kv);
      if (!found.ok) return found;
      const barred = await Promise.all(found.value.map(isBarred));
      return ok(found.value.filter((_, at) => barred[at]).map(({ id, name }) => ({ id, name })));
    },

    async backupFolder(id) {
      const found = await find(id);
      return found.ok ? ok(found.value.folder?.handle ?? null) : found;
    },
  };
}
