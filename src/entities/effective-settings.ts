/**
 * Which value of a setting counts on this device: the device's own where there is one, else the account's, else the
 * initial one. A value that does not fit its field (another version wrote it) is passed over as if it were not there.
 */
import { type Fields, type FieldsOf, readFields } from '#core/entity.ts';
import { deviceSettings as ownSettings } from './device-settings.ts';
import { settings } from './settings.ts';

export const visionFilters = ['none', 'protanopia', 'deuteranopia', 'tritanopia', 'greyscale'] as const;

/** The settings that a device may hold for itself, as they read. */
export type SettingValues = Omit<FieldsOf<typeof settings>, 'savedPrompts'>;

export type SettingName = keyof SettingValues;

/** The fields of the two entities; undefined where one has never been written. */
export interface SettingSources {
  readonly settings: Fields | undefined;
  readonly deviceSettings: Fields | undefined;
}

export interface EffectiveSetting<N extends SettingName> {
  readonly value: SettingValues[N];
  /** The value is this device's own. */
  readonly overridden: boolean;
  /** What the other devices have. */
  readonly shared: SettingValues[N];
}

/** One setting as it counts here. */
export function effectiveSetting<N extends SettingName>(
  name: N,
  { settings: fields, deviceSettings }: SettingSources,
): EffectiveSetting<N> {
  const shared = readFields(settings, fields ?? {})[name];
  const own = readOverrides(deviceSettings);
  const written = Object.hasOwn(own, name) ? own[name] : undefined;
  return written !== undefined && settings.fields[name].check(written)
    ? { value: readFields(settings, own)[name], overridden: true, shared }
    : { value: shared, overridden: false, shared };
}

/** The values that a device holds for itself, by the setting's name. */
export const readOverrides = (deviceSettings: Fields | undefined): Fields =>
  readFields(ownSettings, deviceSettings ?? {}).overrides;

/** The filter that a vision mode names; `none` for one that this version does not know. */
export function visionFilter(mode: SettingValues['visionMode']): (typeof visionFilters)[number] {
  return visionFilters.find((filter) => filter === mode.filter) ?? 'none';
}

/** Whether this device syncs. Off is only ever the person's word. */
export const isSyncOn = (deviceSettings: Fields | undefined): boolean => readFields(ownSettings, deviceSettings ?? {}).cloudSync;
