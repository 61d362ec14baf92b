/** The places of backups of a tab's workspace: what its page asks about them, and copies to them. */

import { specIn } from '#backup/kept/find-backups.ts';
import { isAllowedInto } from '#backup/kept/picked-folder.ts';
import type { PlaceSpec } from '#backup/kept/place-spec.ts';
import { ON_DEVICE } from '#backup/kept/place-spec.ts';
import { createPlacesDriver, type PlacesDriver } from '#backup/kept/places-driver.ts';
import type { BackupDriver } from '#backup/kept/schedule-driver.ts';
import type { BackupInfo, BackupPlace, PlaceSettings } from '#core/backups.ts';
import { DEVICE_PLACE } from '#core/backups.ts';
import type { BackupError, KvError } from '#core/errors.ts';
import { mintId, timeOfId } from '#core/ids.ts';
import { err, ok, type Result } from '#core/result.ts';
import { systemClock, systemRandom } from '#platform/system.ts';
import {
  addServerRow,
  listPlaceRows,
  newPlaceRow,
  putPlaceRow,
  removePlaceRow,
  updatePlaceRow,
} from '#store/backup/place-rows.ts';
import { createRowReader } from '#store/backup/read-rows.ts';
import type { BackupPart } from '#store/calls/worker-api.ts';
import type { ActiveWorkspace } from '#store/calls/workspace-calls.ts';
import type { BackupPlaceRow } from '#store/schema/meta-rows.ts';
import { handOn, type InWorker } from './in-backup-worker.ts';

const GONE: Result<never, BackupError> = err({ type: 'PlaceGone' });

/** How the worker is told of a place of this workspace. */
function specOf({ type, folder }: BackupPlaceRow, { accountId, deviceId }: ActiveWorkspace['row']): PlaceSpec | null {
  if (type === 'server') return { type, accountId, deviceId };
  return folder ? { type: 'folder', ...folder } : null;
}

/** The browser asks the person before it lets this app into the folder again. */
const isBarred = async ({ folder }: BackupPlaceRow): Promise<boolean> =>
  folder !== undefined && !(await isAllowedInto(folder.handle, 'readwrite').catch(() => true));

export interface PlaceWorld {
  readonly active: Pick<ActiveWorkspace, 'row' | 'kv' | 'isSyncOn'>;
  readonly inWorker: InWorker;
  readonly device: () => Promise<Result<BackupDriver, BackupError>>;
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
  /** The place of that id, as the worker is told of it; this device where none is named. */
  spec(id: string | undefined): Promise<Result<PlaceSpec, BackupError>>;
  readonly driver: PlacesDriver<BackupPlaceRow>;
};

export function createPlaceCalls({
  active: { row, kv, isSyncOn },
  inWorker,
  device,
  announce,
  placesChanged,
}: PlaceWorld): PlaceCalls {
  const rows = createRowReader(kv);
  /** Every account begins with its server among its places. */
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
    const place = found.value.find((one) => one.id === id);
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
    const found = await withSpec(place, (spec) => inWorker((api) => api.list(row.id, spec)));
    if (!found.ok) return found;
    const since = timeOfId(id) ?? 0;
    if (!found.value.backups.some(({ workspace, madeAt }) => workspace !== row.id && madeAt > since)) return withSpec(place, use);
    const own = { ...folder, name: row.id };
    const updated = await updatePlaceRow(kv, id, { folder: own });
    return updated.ok ? withSpec({ ...place, folder: own }, use) : updated;
  };
  const asDevice = async (ask: (driver: BackupDriver) => Promise<Result<BackupInfo, BackupError>>) => {
    const found = await device();
    return found.ok ? ask(found.value) : found;
  };
  const driver = createPlacesDriver<BackupPlaceRow>({
    clock: systemClock,
    workspaceId: row.id,
    state: rows.state,
    places: usable,
    fresh: () => asDevice((started) => started.fresh()),
    copy: (place, id, watch) => withOwnSpec(place, (spec) => inWorker((api) => api.copy(row.id, id, spec, handOn(watch)))),
    mirror: (place) => withOwnSpec(place, (spec) => inWorker((api) => api.mirror(row.id, spec))),
    list: (place) => withSpec(place, (spec) => inWorker((api) => api.list(row.id, spec))),
    verify: (place, id) => withSpec(place, (spec) => inWorker((api) => api.verify(row.id, id, spec))),
    verifyHere: (id) => inWorker((api) => api.verify(row.id, id, ON_DEVICE)),
    async update(place, patch) {
      const updated = await updatePlaceRow(kv, place.id, patch);
      announce();
      return updated;
    },
  });

  async function here(): Promise<Result<BackupPlace, BackupError>> {
    const found = await device();
    if (!found.ok) return found;
    return found.value.place();
  }

  async function there(place: BackupPlaceRow): Promise<Result<BackupPlace, BackupError>> {
    const now = await rows.state();
    if (!now.ok) return now;
    const { id, type, name, pace, isMirror, state, failure } = place;
    return ok({
      ...{ id, type, name, pace, isMirror, state, failure },
      nextAt: driver.nextAt(place, now.value),
      isBarred: await isBarred(place),
      isBusy: driver.isBusy(id),
    });
  }

  return {
    driver,
    async spec(id = DEVICE_PLACE) {
      if (id === DEVICE_PLACE) return ok(ON_DEVICE);
      const found = await find(id);
      return found.ok ? withSpec(found.value, async (spec) => ok(spec)) : found;
    },

    async backupPlaces() {
      const [own, others] = await Promise.all([here(), listPlaces()]);
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
