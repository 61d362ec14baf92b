/** Which value of a setting counts on a device, and how the page then looks. */
import { describe, expect, test } from 'vitest';
import { migrateFields } from '#core/entity.ts';
import { effectiveSetting, isSyncOn, visionFilter } from '#entities/effective-settings.ts';
import { settings } from '#entities/settings.ts';
import { lineSpacings, lookAttributes, nearest, textSizes } from '#ui/shell/look.ts';

const calm = { reducedMotion: false, moreContrast: false };
const nothing = { settings: undefined, deviceSettings: undefined };

describe('a setting', () => {
  test('that was never written has its initial value', () => {
    expect(effectiveSetting('theme', nothing)).toEqual({ value: 'system', overridden: false, shared: 'system' });
    expect(effectiveSetting('textSize', { settings: {}, deviceSettings: {} }).value).toBe(1);
    expect(effectiveSetting('effects', nothing).value).toBe(true);
  });

  test('of the account counts on every device that has none of its own', () => {
    const sources = { settings: { theme: 'dark' }, deviceSettings: { overrides: { textSize: 1.5 } } };
    expect(effectiveSetting('theme', sources)).toEqual({ value: 'dark', overridden: false, shared: 'dark' });
  });

  test('of the device goes before that of the account, which stays to be put back', () => {
    const sources = { settings: { theme: 'dark' }, deviceSettings: { overrides: { theme: 'light' } } };
    expect(effectiveSetting('theme', sources)).toEqual({ value: 'light', overridden: true, shared: 'dark' });
  });

  test('of the device counts although it is the initial one', () => {
    const sources = {
      settings: { effects: false, textSize: 1.5 },
      deviceSettings: { overrides: { effects: true, textSize: 1 } },
    };
    expect(effectiveSetting('effects', sources)).toMatchObject({ value: true, overridden: true });
    expect(effectiveSetting('textSize', sources)).toMatchObject({ value: 1, overridden: true });
  });

  test('that does not fit its field is passed over: first the device, then the account', () => {
    const odd = { settings: { theme: 'sepia' }, deviceSettings: { overrides: { theme: 7 } } };
    expect(effectiveSetting('theme', odd)).toEqual({ value: 'system', overridden: false, shared: 'system' });
    const half = { settings: { theme: 'tron' }, deviceSettings: { overrides: ['theme'] } };
    expect(effectiveSetting('theme', half)).toMatchObject({ value: 'tron', overridden: false });
  });

  test('of an older version keeps its meaning', () => {
    expect(migrateFields(settings, 1, { reducedMotion: true, theme: 'dark' })).toEqual({ motion: 'reduce', theme: 'dark' });
    expect(migrateFields(settings, 1, { reducedMotion: false })).toEqual({});
    expect(migrateFields(settings, 2, { motion: 'full' })).toEqual({ motion: 'full' });
  });

  test('sync is on unless the person has switched it off', () => {
    expect(isSyncOn(undefined)).toBe(true);
    expect(isSyncOn({})).toBe(true);
    expect(isSyncOn({ cloudSync: true })).toBe(true);
    expect(isSyncOn({ cloudSync: false })).toBe(false);
  });

  test('a filter of another version is none', () => {
    expect(visionFilter({ filter: 'tritanopia' })).toBe('tritanopia');
    expect(visionFilter({ filter: 'ultraviolet' })).toBe('none');
    expect(visionFilter({})).toBe('none');
  });
});

describe('the look', () => {
  test('leaves no attribute where nothing was chosen', () => {
    expect(lookAttributes(nothing, calm)).toEqual({});
  });

  test('carries every choice, the device’s own first', () => {
    const fields = { theme: 'matrix', textSize: 1.25, lineSpacing: 1.3, motion: 'full', highContrast: true, effects: false };
    const deviceSettings = { overrides: { theme: 'tron', visionMode: { filter: 'greyscale' } } };
    expect(lookAttributes({ settings: fields, deviceSettings }, { ...calm, reducedMotion: true })).toEqual({
      theme: 'tron',
      effects: 'off',
      text: '1.25',
      lines: '1.3',
      motion: 'full',
      contrast: 'more',
      vision: 'greyscale',
    });
  });

  test('is still by the person’s word, else by the system’s', () => {
    const still = (motion: string, reducedMotion: boolean): boolean =>
      lookAttributes({ settings: { motion }, deviceSettings: undefined }, { ...calm, reducedMotion }).still === '';
    expect([still('system', false), still('system', true)]).toEqual([false, true]);
    expect([still('reduce', false), still('full', true)]).toEqual([true, false]);
  });

  test('follows the system to more contrast, and never to less', () => {
    const high = { settings: { highContrast: true }, deviceSettings: undefined };
    expect(lookAttributes(nothing, { ...calm, moreContrast: true }).contrast).toBe('more');
    expect(lookAttributes(high, calm).contrast).toBe('more');
  });

  test('takes the nearest size that it knows', () => {
    expect(nearest(textSizes, 1.3)).toBe(1.25);
    expect(nearest(textSizes, 9)).toBe(1.5);
    expect(nearest(lineSpacings, 0)).toBe(1);
    expect(nearest(textSizes, Number.NaN)).toBe(1);
  });
});
