/**
 * Files of every version of the backup format, as they were written then: they can always be read. New ones are added beside them; what is here is
 * never changed. `docs/backup-format.md` says what is in them.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { jsonForm } from '#backup/format/json-form.ts';
import { recordLine } from '#backup/format/record.ts';
import { yamlForm } from '#backup/format/yaml-form.ts';
import { documentOf, headOf } from '#support/backup-content.ts';
import { openWhole } from '#support/backup-file.ts';
import { goldenFiles, goldenHead, goldenKeys, goldenRecords } from '#support/golden-backup.ts';

const read = (name: string): Blob => new Blob([new Uint8Array(readFileSync(new URL(`backups/${name}`, import.meta.url)))]);
const lines = goldenRecords.map(recordLine);
const files = Object.fromEntries(goldenFiles.map(({ hash }) => [hash, 'a picture']));

describe('version 1', () => {
  test.each([
    ['v1.json', {}],
    ['v1.yaml', {}],
    ['v1.zip', files],
    ['v1.age', files],
  ])('%s is read as it was written', async (name, found) => {
    const opened = await openWhole(read(name), { passphrase: 'golden' });
    expect(opened.faults).toEqual([]);
    expect(opened.head).toEqual({ ...goldenHead, files: Object.keys(found).length });
    expect(opened.records.map(recordLine)).toEqual(lines);
    expect(opened.files).toEqual(found);
  });

  test('v1-keys.age has the API key that was asked for', async () => {
    const { head, records, faults } = await openWhole(read('v1-keys.age'), { passphrase: 'golden' });
    expect(faults).toEqual([]);
    expect(head).toEqual(headOf(goldenKeys, { madeAt: goldenHead.madeAt, secrets: true }));
    expect(records.map(recordLine)).toEqual(goldenKeys.map(recordLine));
  });

  test.each([
    ['v1.json', jsonForm],
    ['v1.yaml', yamlForm],
  ])('%s is still what is written', async (name, form) => {
    expect(
      await documentOf(form, goldenRecords, { ...goldenHead, files: 0 }),
      'The text of backups of version 1 is another than before: raise FORMAT_VERSION, and add files of the new version beside these.',
    ).toBe(await read(name).text());
  });
});

describe('version 0, the export from before there were backups', () => {
  test('is read with all of its entries, each field as old as the last edit', async () => {
    const { head, form, records, files: found, faults } = await openWhole(read('v0.zip'));
    expect(faults).toEqual([]);
    expect(form).toBe('old');
    expect(head).toMatchObject({ version: 0, files: 1 });
    expect(found).toEqual(files);
    const titles = records.map(({ kind, v, fields }) => [kind, v, fields['title'], fields['binnedAt'] == null]);
    expect(titles).toEqual([
      ['note', 2, 'In the list', true],
      ['note', 2, 'In the bin', false],
      ['chat', 3, 'A chat', true],
    ]);
    for (const { fields, stamps } of records) {
      expect(Object.keys(stamps)).toEqual(Object.keys(fields));
      expect(new Set(Object.values(stamps))).toEqual(
        new Set([`${Date.parse('2026-11-20T10:00:00Z').toString(36).padStart(9, '0')}-0000-00000000`]),
      );
    }
  });
});
