import type { DeviceId } from '#core/ids.ts';
import { isSyncOn } from '#entities/effective-settings.ts';
import type { Store, StoreChange } from '#store/store.ts';
import { createSource, type Observable } from './observable.ts';
import type { SyncDriver } from './sync-driver.ts';

export interface SyncSwitch {
  /** Whether the person lets this device sync. */
  readonly enabled: Observable<boolean>;
  /** Reads it, and tells the driver. */
  read(): Promise<void>;
  /** Something was committed; `keys` null means "many". */
  onChange(keys: StoreChange['keys']): void;
}

/** The person's switch of this device, as its settings say. */
export function createSyncSwitch(
  store: Pick<Store, 'get'>,
  deviceId: DeviceId,
  driver: Pick<SyncDriver, 'setEnabled'>,
): SyncSwitch {
  const enabled = createSource(true);
  const read = async (): Promise<void> => {
    const own = await store.get('device-settings', deviceId);
    if (!own.ok || isSyncOn(own.value?.fields) === enabled.value) return;
    enabled.set(!enabled.value);
    driver.setEnabled(enabled.value);
  };
  return {
    enabled,
    read,
    onChange(keys) {
      if (keys === null || keys.some(([kind]) => kind === 'device-settings')) void read();
    },
  };
}
