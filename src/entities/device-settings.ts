import { defineEntity } from '#core/entity.ts';
import { flag, map, oneOf, string } from '#core/fields.ts';

/** What belongs to one device. The entity's id is the device's id. */
export const deviceSettings = defineEntity({
  kind: 'device-settings',
  version: 1,
  scope: 'device',
  nouns: { one: 'device settings', many: 'device settings' },
  counts: 'none',
  fields: {
    cloudSync: flag(true),
    notifications: flag(false),
    keepOffline: oneOf(['all', 'recent'], 'all'),
    endpoint: string(''),
    featureFlags: map({}),
    /** Fields of `settings` that read differently on this device. */
    overrides: map({}),
  },
  migrations: {},
  sample: () => ({
    cloudSync: true,
    notifications: true,
    keepOffline: 'recent',
    endpoint: 'http://localhost:11434/v1',
    featureFlags: { newCanvas: true },
    overrides: { theme: 'light' },
  }),
});
