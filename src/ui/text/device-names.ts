import type { App } from '#app/app.ts';
import type { DeviceId } from '#core/ids.ts';
import { isolate } from './isolate.ts';

export interface DeviceNames {
  /** What to call a device in a sentence: *this device*, its name, or *another device* where that is not known. */
  of(deviceId: DeviceId): string;
}

/** Asks the server for the names once, when one is first wanted; offline, other devices stay nameless. */
export function createDeviceNames(app: App, onNames: () => void): DeviceNames {
  let names: ReadonlyMap<string, string> = new Map();
  let asked = false;
  const ask = async (): Promise<void> => {
    asked = true;
    const result = await app.account.devices();
    if (!result.ok) return;
    names = new Map(result.value.devices.map(({ deviceId, name }) => [deviceId, name]));
    onNames();
  };
  return {
    of(deviceId) {
      if (deviceId === app.deviceId) return 'this device';
      if (!asked) void ask();
      const name = names.get(deviceId);
      return name === undefined ? 'another device' : isolate(name);
    },
  };
}
