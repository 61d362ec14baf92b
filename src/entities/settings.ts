import { BACKUP_PACES } from '#core/backup-places.ts';
import { defineEntity } from '#core/entity.ts';
import { flag, list, map, number, oneOf, string } from '#core/fields.ts';

/** The one settings entity of an account has this id on every device. */
export const SETTINGS_ID = '00000000-0000-7000-8000-000000000001';

export const themes = ['system', 'light', 'dark', 'matrix', 'tron'] as const;
export const conflictPolicies = ['newer', 'ask'] as const;
/** `system`: as the device is set. */
export const motions = ['system', 'reduce', 'full'] as const;
export const pictureEdges = ['original', '2048'] as const;

/** What follows a person to all devices. Each may be overridden on one device: `effective-settings.ts`. */
export const settings = defineEntity({
  kind: 'settings',
  version: 4,
  scope: 'synced',
  nouns: { one: 'settings', many: 'settings' },
  fields: {
    theme: oneOf(themes, 'system'),
    /** The moving parts of the themes that have some. */
    effects: flag(true),
    model: string(''),
    savedPrompts: list({}),
    /** Factors of the default sizes. */
    textSize: number(1),
    lineSpacing: number(1),
    motion: oneOf(motions, 'system'),
    highContrast: flag(false),
    /** `{ filter }`: one of `visionFilters`. */
    visionMode: map({}),
    conflictPolicy: oneOf(conflictPolicies, 'newer'),
    /** The longer edge in pixels to which added pictures are scaled down. */
    pictureEdge: oneOf(pictureEdges, 'original'),
    /** Whether place, person and camera are taken out of added pictures. */
    stripLocation: flag(true),
    /** Minutes between two backups in this browser, or one a day. */
    backupEvery: oneOf(BACKUP_PACES, '30'),
  },
  migrations: {
    // A flag could not say "as the system" and "moving all the same".
    2: ({ reducedMotion, ...fields }) => (reducedMotion === true ? { motion: 'reduce', ...fields } : fields),
    3: (fields) => fields,
    4: (fields) => fields,
  },
  sample: () => ({
    theme: 'dark',
    effects: false,
    model: 'llama-3.3',
    savedPrompts: { p1: { order: 'a0', name: 'Explain', text: 'Explain this simply.' } },
    textSize: 1.25,
    lineSpacing: 1.5,
    motion: 'reduce',
    highContrast: false,
    visionMode: { filter: 'deuteranopia' },
    conflictPolicy: 'ask',
    pictureEdge: '2048',
    stripLocation: false,
    backupEvery: 'daily',
  }),
});
