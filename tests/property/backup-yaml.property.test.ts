/**
 * Any text survives YAML: what is written is read back as the same by js-yaml and by PyYAML, and is the same text when it is written again.
 * All 100,000 texts of it: `npm run properties -- --times 50 tests/property/backup-yaml.property.test.ts`.
 */
import fc from 'fast-check';
import { CORE_SCHEMA, load, YAML11_SCHEMA } from 'js-yaml';
import { expect, test } from 'vitest';
import { recordLine } from '#backup/format/record.ts';
import { yamlForm } from '#backup/format/yaml-form.ts';
import { yamlMembers } from '#backup/format/yaml-write.ts';
import { canonicalJson, type Json } from '#core/json.ts';
import { aRecord, documentOf, readBack } from '#support/backup-content.ts';
import { hardText } from '#support/hard-texts.ts';
import { runs } from '#support/property-runs.ts';
import { pythonWithYaml, readByPyYaml } from '#support/pyyaml.ts';

/** In every place that a text can have in a record. */
const around = (text: string): Json => ({
  value: text,
  list: [text, [text, [text]], { key: text, [`k${text}`]: [] }, {}, ''],
  [`k${text}`]: { deep: { deeper: text } },
});
const write = (value: Json): string => yamlMembers(Object.entries(value as { readonly [member: string]: Json }));
const key = fc.oneof(hardText, fc.constantFrom('text', 'title', '1', '<<')).filter((name) => name !== '__proto__');
const anyValue = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.oneof(hardText, fc.constantFrom(null, true, false), fc.integer(), fc.double({ noDefaultInfinity: true, noNaN: true })),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(key, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ) as fc.Arbitrary<Json>,
})).value;

test('a text is read back as it was, wherever it is, by YAML 1.2 and 1.1', () => {
  fc.assert(
    fc.property(hardText, (text) => {
      const value = around(text);
      const yaml = write(value);
      expect(load(yaml, { schema: CORE_SCHEMA })).toEqual(value);
      expect(load(yaml, { schema: YAML11_SCHEMA })).toEqual(value);
    }),
    { numRuns: runs(2000) },
  );
});

test('a value is read back as it was, and written again as the same text', () => {
  fc.assert(
    fc.property(fc.dictionary(key, anyValue, { minKeys: 1, maxKeys: 5, noNullPrototype: true }), (some) => {
      const value = JSON.parse(canonicalJson(some)) as Json;
      const yaml = write(value);
      const read = load(yaml, { schema: CORE_SCHEMA }) as Json;
      expect(read).toEqual(value);
      expect(write(read)).toBe(yaml);
    }),
    { numRuns: runs(300) },
  );
});

test.skipIf(!pythonWithYaml)('PyYAML reads the same (skipped where Python or PyYAML is not there)', () => {
  const values = fc.sample(
    fc.oneof(hardText.map(around), fc.dictionary(key, anyValue, { minKeys: 1, noNullPrototype: true })),
    runs(150),
  );
  const plain = values.map((value) => JSON.parse(canonicalJson(value as Json)) as Json);
  const yaml = (all: readonly Json[]): string => all.map((value) => `---\n${write(value)}`).join('');
  expect(readByPyYaml(yaml(plain), 'SafeLoader')).toEqual(plain);
  // The reader in C knows no half of a surrogate pair, in whatever form.
  const whole = plain.filter((value) => !/\\ud[89a-f]/.test(JSON.stringify(value)));
  expect(readByPyYaml(yaml(whole), 'CSafeLoader')).toEqual(whole);
});

test('a backup of any texts is read back as it was, and written again as the same bytes', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.dictionary(key, anyValue, { maxKeys: 3, noNullPrototype: true }), { maxLength: 5 }),
      fc.integer({ min: 1, max: 300 }),
      async (all, chunk) => {
        const records = all.map((fields, n) => aRecord(n, JSON.parse(canonicalJson(fields))));
        const written = await documentOf(yamlForm, records);
        const read = await readBack(yamlForm, written, { chunk });
        expect(read.faults).toEqual([]);
        expect(read.records.map(recordLine)).toEqual(records.map(recordLine));
        expect(await documentOf(yamlForm, read.records)).toBe(written);
      },
    ),
    { numRuns: runs(50) },
  );
});
