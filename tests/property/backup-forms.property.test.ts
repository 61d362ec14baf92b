/** JSON, YAML and ZIP of the same records are the same backup; what is read is written again as the same bytes. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonForm } from '#backup/format/json-form.ts';
import { recordLine } from '#backup/format/record.ts';
import { yamlForm } from '#backup/format/yaml-form.ts';
import { canonicalJson } from '#core/json.ts';
import { aRecord, documentOf } from '#support/backup-content.ts';
import { openWhole, zipOf } from '#support/backup-file.ts';
import { hardText } from '#support/hard-texts.ts';
import { runs } from '#support/property-runs.ts';

const value = fc.oneof(hardText, fc.jsonValue(), fc.array(hardText, { maxLength: 3 }));
const fields = fc.dictionary(
  hardText.filter((name) => name !== '__proto__'),
  value,
  { maxKeys: 4, noNullPrototype: true },
);

test('any records are the same backup in every form', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fields, fc.constantFrom('note', 'chat', 'board')), { maxLength: 6 }),
      hardText,
      async (all, name) => {
        // A member called `__proto__`, at whatever depth, is in a record as text (`toRecord`).
        const plain = all.filter(([some]) => !canonicalJson(some as never).includes('"__proto__"'));
        const records = plain.map(([some, kind], n) => aRecord(n, JSON.parse(canonicalJson(some as never)), kind));
        const more = { device: { id: '01990000-0000-7000-8000-00000000000c', name } };
        const json = await documentOf(jsonForm, records, more);
        const yaml = await documentOf(yamlForm, records, more);
        const opened = await Promise.all(
          [
            new Blob([json]),
            new Blob([yaml]),
            await zipOf(jsonForm, records, [], more),
            await zipOf(yamlForm, records, [], more),
          ].map((file) => openWhole(file)),
        );
        const expected = records.map(recordLine).sort();
        for (const { head, records: read, faults } of opened) {
          expect(faults).toEqual([]);
          expect(head).toEqual(opened[0]?.head);
          expect(head?.device.name).toBe(name);
          expect(read.map(recordLine).sort()).toEqual(expected);
          expect(await documentOf(jsonForm, read, more)).toBe(json);
          expect(await documentOf(yamlForm, read, more)).toBe(yaml);
        }
      },
    ),
    { numRuns: runs(60) },
  );
});
