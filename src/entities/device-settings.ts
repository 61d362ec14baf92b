import { defineEntity } from '#core/entity.ts';
import { flag, json, map, oneOf, string } from '#core/fields.ts';
import { openAddress } from '#core/open-address.ts';

/** What belongs to one device. The entity's id is the device's id. */
export const deviceSettings = defineEntity({
  kind: 'device-settings',
  version: 3,
  scope: 'device',
  nouns: { one: 'device settings', many: 'device settings' },
  counts: 'none',
  fields: {
    cloudSync: flag(true),
    notifications: flag(false),
    /** Which files stay on this device once the server has them: all, or those that were used in the last weeks. */
    keepFiles: oneOf(['all', 'recent'], 'all'),
    /** The address of the model server, as typed. */
    endpoint: string('', { open: (value) => (typeof value === 'string' ? openAddress(value).address : value) }),
    /** What that server has refused, and is not sent to it again: `{ base, without }`, or null. */
    requestForm: json(null, { bookkeeping: true }),
    featureFlags: map({}),
    /** Fields of `settings` that read differently on this device. */
    overrides: map({}),
  },
  // `keepOffline` was declared before there were files, and never written.
  migrations: { 2: (fields) => fields, 3: ({ keepOffline: _, ...fields }) => fields },
  sample: () => ({
    cloudSync: true,
    notifications: true,
    keepFiles: 'recent',
    endpoint: 'http://localhost:11434/v1',
    requestForm: { base: 'http://localhost:11434/v1', without: ['usage'] },
    featureFlags: { newCanvas: true },
    overrides: { theme: 'light' },
  }),
});
