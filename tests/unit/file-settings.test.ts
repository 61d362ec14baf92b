/** How added files are kept, as the settings say. */
import { expect, test } from 'vitest';
import { readFileSettings } from '#app/pictures/read-file-settings.ts';
import type { Fields } from '#core/entity.ts';
import { migrateFields } from '#core/entity.ts';
import { err, ok } from '#core/result.ts';
import { deviceSettings } from '#entities/device-settings.ts';
import { fileSettings } from '#entities/file-settings.ts';

const initial = { maxEdge: null, stripLocation: true, keepFiles: 'all' };

test('pictures keep their size and lose their location, and all files stay, unless the person has said otherwise', () => {
  expect(fileSettings({ settings: undefined, deviceSettings: undefined })).toEqual(initial);
  expect(
    fileSettings({ settings: { pictureEdge: '2048', stripLocation: false }, deviceSettings: { keepFiles: 'recent' } }),
  ).toEqual({ maxEdge: 2048, stripLocation: false, keepFiles: 'recent' });
});

test('a device may have its own, and values of another version are passed over', () => {
  const settings: Fields = { pictureEdge: '2048', stripLocation: 'perhaps' };
  expect(fileSettings({ settings, deviceSettings: { overrides: { pictureEdge: 'original' }, keepFiles: 'some' } })).toEqual(
    initial,
  );
});

test('the settings of files are read with the two entities, and a failed read counts as never written', async () => {
  const read = (found: { readonly [kind: string]: Fields }) =>
    readFileSettings({
      settingsId: 's',
      deviceId: 'd',
      get: async (kind: string, id: string) =>
        found[`${kind}/${id}`] ? ok({ fields: found[`${kind}/${id}`] } as never) : err({ type: 'WorkerTimeout' }),
    });
  expect(await read({ 'settings/s': { pictureEdge: '2048' } })).toEqual({ ...initial, maxEdge: 2048 });
  expect(await read({ 'device-settings/d': { keepFiles: 'recent' } })).toEqual({ ...initial, keepFiles: 'recent' });
  expect(await read({})).toEqual(initial);
});

test('device settings of an earlier version lose the field that nothing ever wrote', () => {
  expect(migrateFields(deviceSettings, 2, { keepOffline: 'recent', cloudSync: false })).toEqual({ cloudSync: false });
});
