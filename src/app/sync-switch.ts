import type { DeviceId } from '#core/ids.ts';
import { isSyncOn } from '#entities/effective-settings.ts';
import type { WorkspaceCalls } from '#store/calls/worker-api.ts';
import type { Store, StoreChange } from '#store/store.ts';
import { createSource, type Observable } from './observable.ts';
import type { SyncDriver } from './sync-driver.ts';

export interface SyncSwitch {
  /** Whether the person lets this device sync. */
  readonly enabled: Observable<boolean>;
  /** A start found nothing where there was work before, and the person has yet to say how to go on: nothing is sent. */
  readonly isUndecided: Observable<boolean>;
  /** Reads it, and tells the driver. */
  read(): Promise<void>;
  /** Something was committed; `keys` null means "many". */
  onChange(keys: StoreChange['keys']): void;
}

/** The person's switch of this device, as its settings say. */
export function createSyncSwitch(
  store: Pick<Store, 'get'> & Pick<WorkspaceCalls, 'isUndecided'>,
  deviceId: DeviceId,
  driver: Pick<SyncDriver, 'setEnabled'>,
): SyncSwitch {
  const enabled = createSource(true);
  const undecided = createSource(false);
  const read = async (): Promise<void> => {
    const [own, waits] = await Promise.all([store.get('device-settings', deviceId), store.isUndecided()]);
    if (waits.ok && waits.value !== undecided.value) undecided.set(waits.value);
    if (!own.ok || (isSyncOn(own.value?.fields) && !undecided.value) === enabled.value) return;
    enabled.set(!enabled.value);
    driver.setEnabled(enabled.value);
  };
  return {
    enabled,
    isUndecided: undecided,
    read,
    onChange(keys) {
      if (keys === null || keys.some(([kind]) => kind === 'device-settings')) void read();
    },
  };
}
