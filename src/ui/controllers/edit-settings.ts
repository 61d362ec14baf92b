import type { ReactiveControllerHost } from 'lit';
import type { App } from '#app/app.ts';
import type { Fields } from '#core/entity.ts';
import type { StoreError } from '#core/errors.ts';
import type { Json } from '#core/json.ts';
import {
  type EffectiveSetting,
  effectiveSetting,
  readOverrides,
  type SettingName,
  type SettingValues,
} from '#entities/effective-settings.ts';
import { liveEntities } from './live-entities.ts';

/** The settings as they count on this device, live, and the ways to change one. */
export interface SettingEditor {
  /** False until both entities have been read: nothing may be changed before. */
  readonly loaded: boolean;
  /** Why the last change was not saved. */
  readonly failure: StoreError | null;
  read<N extends SettingName>(name: N): EffectiveSetting<N>;
  /** Changes the setting where it counts: for this device if it has a value of its own, else for all. */
  write<N extends SettingName>(name: N, value: SettingValues[N]): Promise<void>;
  /** Gives this device a value of its own, as it is now, or takes it back. */
  keepHere(name: SettingName, only: boolean): Promise<void>;
  /** Fields of the device's own settings. */
  readonly device: Fields | undefined;
  writeDevice(patch: Fields): Promise<void>;
}

export function editSettings(host: ReactiveControllerHost, app: () => App | undefined): SettingEditor {
  const entities = liveEntities(host, app, ({ settingsId, deviceId }) => [
    ['settings', settingsId],
    ['device-settings', deviceId],
  ]);
  let failure: StoreError | null = null;
  /** One after the other: each change of the overrides is built on the one before. */
  let last: Promise<void> = Promise.resolve();

  const view = (kind: 'settings' | 'device-settings') => {
    const current = app();
    return current && entities.get(kind, kind === 'settings' ? current.settingsId : current.deviceId);
  };
  const patch = async (kind: 'settings' | 'device-settings', fields: Fields): Promise<void> => {
    const current = app();
    if (!current) return;
    const result = await current.patch(kind, kind === 'settings' ? current.settingsId : current.deviceId, fields);
    failure = result.ok ? null : result.error;
    host.requestUpdate();
  };
  const inTurn = (change: () => Promise<void>): Promise<void> => {
    last = last.then(change, change);
    return last;
  };
  const changeOverrides = async (change: (overrides: Fields) => Fields): Promise<void> => {
    const current = app();
    const stored = await current?.get('device-settings', current.deviceId);
    if (stored?.ok) await patch('device-settings', { overrides: change(readOverrides(stored.value?.fields)) });
    else if (stored) failure = stored.error;
  };

  const editor: SettingEditor = {
    get loaded() {
      return view('settings') !== undefined && view('device-settings') !== undefined;
    },
    get failure() {
      return failure;
    },
    get device() {
      return view('device-settings')?.fields;
    },
    read: (name) =>
      effectiveSetting(name, { settings: view('settings')?.fields, deviceSettings: view('device-settings')?.fields }),
    write: (name, value) =>
      inTurn(async () => {
        const json = value as Json;
        if (editor.read(name).overridden) await changeOverrides((overrides) => ({ ...overrides, [name]: json }));
        else await patch('settings', { [name]: json });
      }),
    keepHere: (name, only) =>
      inTurn(() => {
        const value = editor.read(name).value as Json;
        return changeOverrides(({ [name]: _, ...others }) => (only ? { ...others, [name]: value } : others));
      }),
    writeDevice: (fields) => inTurn(() => patch('device-settings', fields)),
  };
  return editor;
}
