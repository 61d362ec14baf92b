import { defineEntity } from '#core/entity.ts';
import { flag, list, map, number, oneOf, string } from '#core/fields.ts';

/** The one settings entity of an account has this id on every device. */
export const SETTINGS_ID = '00000000-0000-7000-8000-000000000001';

export const themes = ['system', 'light', 'dark', 'matrix', 'tron'] as const;
export const conflictPolicies = ['newer', 'ask'] as const;

/** What follows a person to all devices. Each may be overridden on one device, in its device settings. */
export const settings = defineEntity({
  kind: 'settings',
  version: 1,
  scope: 'synced',
  fields: {
    theme: oneOf(themes, 'system'),
    effects: flag(true),
    model: string(''),
    savedPrompts: list({}),
    textSize: number(1),
    lineSpacing: number(1),
    reducedMotion: flag(false),
    highContrast: flag(false),
    visionMode: map({}),
    conflictPolicy: oneOf(conflictPolicies, 'newer'),
  },
  migrations: {},
  title: () => 'Settings',
  sample: () => ({
    theme: 'dark',
    effects: false,
    model: 'llama-3.3',
    savedPrompts: { p1: { order: 'a0', name: 'Explain', text: 'Explain this simply.' } },
    textSize: 1.25,
    lineSpacing: 1.5,
    reducedMotion: true,
    highContrast: false,
    visionMode: { filter: 'deuteranopia' },
    conflictPolicy: 'ask',
  }),
});
