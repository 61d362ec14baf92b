/**
 * Which value of a setting counts on this device: the device's own where there is one, else the account's, else the
 * initial one. A value that does not fit its field (another version wrote it) is passed over as if it were not there.
 */
import type { FieldDeclaration, Fields } from '#core/entity.ts';
import type { Json } from '#core/json.ts';
import { type conflictPolicies, type motions, settings, type themes } from './settings.ts';

export const visionFilters = ['none', 'protanopia', 'deuteranopia', 'tritanopia', 'greyscale'] as const;

/** The settings that a device may hold for itself, as they read. */
export interface SettingValues {
  readonly theme: (typeof themes)[number];
  readonly effects: boolean;
  readonly model: string;
  readonly textSize: number;
  readonly lineSpacing: number;
  readonly motion: (typeof motions)[number];
  readonly highContrast: boolean;
  readonly visionMode: { readonly filter?: string };
  readonly conflictPolicy: (typeof conflictPolicies)[number];
}

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
  const declaration = settings.fields[name] as FieldDeclaration;
  const fitting = (value: Json | undefined): value is Json => value !== undefined && declaration.check(value);
  const written = fields?.[name];
  const shared = (fitting(written) ? written : declaration.initial) as unknown as SettingValues[N];
  const own = readOverrides(deviceSettings)[name];
  return fitting(own)
    ? { value: own as unknown as SettingValues[N], overridden: true, shared }
    : { value: shared, overridden: false, shared };
}

/** The values that a device holds for itself, by the setting's name. */
export function readOverrides(deviceSettings: Fields | undefined): Fields {
  const overrides = deviceSettings?.['overrides'];
  return overrides != null && typeof overrides === 'object' && !Array.isArray(overrides) ? (overrides as Fields) : {};
}

/** The filter that a vision mode names; `none` for one that this version does not know. */
export function visionFilter(mode: SettingValues['visionMode']): (typeof visionFilters)[number] {
  return visionFilters.find((filter) => filter === mode.filter) ?? 'none';
}

/** Whether this device syncs. Off is only ever the person's word. */
export const isSyncOn = (deviceSettings: Fields | undefined): boolean => deviceSettings?.['cloudSync'] !== false;
