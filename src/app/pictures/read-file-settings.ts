import type { App } from '#app/app.ts';
import { type FileSettings, fileSettings } from '#entities/file-settings.ts';

/** Reads how files are kept on this device. What cannot be read counts as never written: adding a file does not fail for it. */
export async function readFileSettings({
  get,
  settingsId,
  deviceId,
}: Pick<App, 'get' | 'settingsId' | 'deviceId'>): Promise<FileSettings> {
  const [settings, deviceSettings] = await Promise.all([get('settings', settingsId), get('device-settings', deviceId)]);
  return fileSettings({
    settings: settings.ok ? settings.value?.fields : undefined,
    deviceSettings: deviceSettings.ok ? deviceSettings.value?.fields : undefined,
  });
}
