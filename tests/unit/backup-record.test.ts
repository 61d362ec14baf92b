/** A record: what of a row is in a backup, and what is refused of a file. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type BackupRecord, compareKeys, MAX_RECORD_CHARS, readRecord, recordLine, toRecord } from '#backup/format/record.ts';
import { openLine } from '#backup/kept/open-line.ts';
import { decodeBody } from '#core/body.ts';
import { defineEntity } from '#core/entity.ts';
import { string } from '#core/fields.ts';
import { canonicalJson, type Json } from '#core/json.ts';
import { ok } from '#core/result.ts';
import { ledger } from '#entities/index.ts';

const ID = '01990000-0000-7000-8000-000000000001';
const STAMP = '0mgq0f0a0-0000-0badcafe';
const PUBLIC_STAMP = '0mgq0f0a1-0000-0badcafe';

const row = (more: Partial<Parameters<typeof toRecord>[0]> = {}): Parameters<typeof toRecord>[0] => ({
  kind: 'note',
  id: ID,
  v: 2,
  fields: { title: 'Plan', binnedAt: null },
  stamps: { title: STAMP },
  deleted: false,
  ...more,
});

const server = defineEntity({
  kind: 'server',
  version: 1,
  scope: 'synced',
  nouns: { one: 'server', many: 'servers' },
  fields: { address: string(''), key: string('', { secret: true }) },
  migrations: {},
  sample: () => ({ address: 'https://models.example', key: 'sk-1' }),
});
const keyed = row({
  kind: 'server',
  v: 1,
  fields: { address: 'https://models.example', key: 'sk-1', spareKey: 'sk-2' },
  stamps: { address: PUBLIC_STAMP, key: STAMP, spareKey: STAMP },
});

const open = { withSecrets: false };
const note = ledger.get('note');

const record = (more: { readonly [member: string]: unknown } = {}): Json =>
  ({ kind: 'note', id: ID, v: 2, fields: {}, stamps: {}, ...more }) as Json;

/** A list of `levels` levels. */
const nested = (levels: number): Json => (levels === 0 ? 1 : [nested(levels - 1)]);

describe('the record of a row', () => {
  test('has the columns that are the entity, and no other', () => {
    const stored = { ...row(), version: null, rev: 3, saves: [] };
    expect(toRecord(stored, note, open)).toEqual({
      kind: 'note',
      id: ID,
      v: 2,
      fields: { title: 'Plan', binnedAt: null },
      stamps: { title: STAMP },
    });
  });

  test('is not made of a tombstone, nor of a kind that never leaves the browser, secrets or not', () => {
    expect(toRecord(row({ deleted: true }), note, open)).toBeNull();
    for (const declaration of [...ledger.values()].filter(({ scope }) => scope === 'private')) {
      expect(toRecord(row({ kind: declaration.kind }), declaration, { withSecrets: true })).toBeNull();
    }
  });

  test('keeps what lies in the bin, unknown kinds, unknown fields and newer versions', () => {
    const fields = { title: 'Plan', binnedAt: 5, mood: { of: ['day'] } };
    expect(toRecord(row({ fields, v: 9 }), note, open)).toMatchObject({ v: 9, fields });
    expect(toRecord(row({ kind: 'board', fields }), undefined, open)).toMatchObject({ kind: 'board', fields });
  });

  test('keeps a body that this app cannot read as the text that it is', () => {
    expect(toRecord(row({ fields: {}, stamps: {}, raw: '{"fields":{},"more":1}' }), note, open)).toEqual({
      ...(record() as object),
      raw: '{"fields":{},"more":1}',
    });
  });

  test('has no secret field, nor its time, nor one that a newer app may have added beside it', () => {
    expect(toRecord(keyed, server, open)).toEqual({
      kind: 'server',
      id: ID,
      v: 1,
      fields: { address: 'https://models.example' },
      stamps: { address: PUBLIC_STAMP },
    });
    expect(recordLine(toRecord(keyed, server, open) as BackupRecord)).not.toMatch(/sk-|spareKey/);
  });

  test('has all of them where they are asked for', () => {
    expect(toRecord(keyed, server, { withSecrets: true })?.fields).toEqual(keyed.fields);
  });

  test('is not made of a text that nobody can look into, where that may hold a secret', () => {
    const unread = { ...keyed, fields: {}, stamps: {}, raw: '{"fields":{"key":"sk-1"}}' };
    expect(toRecord(unread, server, open)).toBeNull();
    expect(toRecord(unread, server, { withSecrets: true })?.raw).toContain('sk-1');
  });

  test.each([
    ['a member called __proto__', { map: JSON.parse('{"__proto__":{"a":1}}') as Json }, {}],
    ['a stamp of another form', { title: 'Plan' }, { title: 'yesterday' }],
    ['more levels than a record has', { deep: nested(100) }, {}],
  ])('with %s is in the backup as text, and reads back as what it was', (_name, fields, stamps) => {
    const made = toRecord(row({ fields, stamps }), note, open) as BackupRecord;
    expect(readRecord(JSON.parse(recordLine(made)) as Json).ok).toBe(true);
    expect(made.raw).toBe(canonicalJson({ fields, stamps }));
    if (!('title' in fields) && !('deep' in fields)) expect(decodeBody(made.raw ?? '')).toEqual(ok({ fields, stamps }));
  });

  test('of every kind of the ledger is read back as it was written', () => {
    for (const declaration of ledger.values()) {
      const made = toRecord(
        row({ kind: declaration.kind, v: declaration.version, fields: declaration.sample(), stamps: {} }),
        declaration,
        open,
      );
      if (made) expect(readRecord(JSON.parse(recordLine(made)) as Json)).toEqual(ok(made));
    }
  });

  test('with any fields is a line that reads back as the same record, and the same line', () => {
    const fields = fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue() as fc.Arbitrary<Json>, { noNullPrototype: true });
    fc.assert(
      fc.property(fields, (some) => {
        const made = toRecord(row({ fields: some }), undefined, open) as BackupRecord;
        const line = recordLine(made);
        expect(line).not.toContain('\n');
        const read = readRecord(JSON.parse(line) as Json);
        expect(read.ok && recordLine(read.value)).toBe(line);
      }),
    );
  });
});

describe('a record in a file', () => {
  test.each([
    ['a list', [], { type: 'NotARecord' }],
    ['a text', 'note', { type: 'NotARecord' }],
    ['nothing', null, { type: 'NotARecord' }],
    ['another member', record({ place: 1 }), { type: 'UnknownMember', member: 'place' }],
    ['__proto__ as a member', JSON.parse('{"__proto__":{},"kind":"note"}'), { type: 'UnknownMember', member: '__proto__' }],
    ['a kind of another form', record({ kind: 'Note' }), { type: 'BadMember', member: 'kind' }],
    ['a kind that is too long', record({ kind: 'n'.repeat(41) }), { type: 'BadMember', member: 'kind' }],
    ['an id in capitals', record({ id: ID.toUpperCase().replace('0199', 'ABCD') }), { type: 'BadMember', member: 'id' }],
    ['no id', { kind: 'note', v: 1, fields: {}, stamps: {} }, { type: 'BadMember', member: 'id' }],
    ['version 0', record({ v: 0 }), { type: 'BadMember', member: 'v' }],
    ['version 1.5', record({ v: 1.5 }), { type: 'BadMember', member: 'v' }],
    ['a version that is text', record({ v: '1' }), { type: 'BadMember', member: 'v' }],
    ['fields in a list', record({ fields: [] }), { type: 'BadMember', member: 'fields' }],
    ['no stamps', record({ stamps: null }), { type: 'BadMember', member: 'stamps' }],
    ['a time for a stamp', record({ stamps: { title: 5 } }), { type: 'BadMember', member: 'stamps.title' }],
    ['a raw that is no text', record({ raw: {} }), { type: 'BadMember', member: 'raw' }],
    ['raw and fields', record({ raw: '{}', fields: { a: 1 } }), { type: 'BadMember', member: 'fields' }],
    [
      '__proto__ in a field',
      record({ fields: { a: [JSON.parse('{"__proto__":1}')] } }),
      { type: 'BadMember', member: 'fields.a.0.__proto__' },
    ],
    ['an infinite number', record({ fields: { a: Number.POSITIVE_INFINITY } }), { type: 'BadMember', member: 'fields.a' }],
    ['what is no number', record({ fields: { a: [1, Number.NaN] } }), { type: 'BadMember', member: 'fields.a.1' }],
    ['what JSON has no form for', record({ fields: { a: 1n } }), { type: 'BadMember', member: 'fields.a' }],
    ['81 levels', record({ fields: { a: nested(79) } }), { type: 'RecordTooDeep' }],
    ['a million levels', record({ fields: { a: deepList(1_000_000) } }), { type: 'RecordTooDeep' }],
    ['two million values', record({ fields: { a: Array.from({ length: 2_000_001 }, () => 0) } }), { type: 'RecordTooLarge' }],
    ['too much text', record({ fields: { a: ' '.repeat(MAX_RECORD_CHARS) } }), { type: 'RecordTooLarge' }],
  ])('is refused with %s', (_name, value, error) => {
    expect(readRecord(value as Json)).toEqual({ ok: false, error });
  });

  test('may have 80 levels', () => {
    expect(readRecord(record({ fields: { a: nested(78) } })).ok).toBe(true);
  });
});

/** As `nested`, made without recursion. */
function deepList(levels: number): Json {
  let value: Json = 1;
  for (let level = 0; level < levels; level++) value = [value];
  return value;
}

test('records are in the order of kind, then of id, by code units', () => {
  const keys = [
    { kind: 'note', id: 'b' },
    { kind: 'chat', id: 'c' },
    { kind: 'note-x', id: 'a' },
    { kind: 'note', id: 'a' },
    { kind: 'chat', id: 'a' },
  ];
  expect(keys.sort(compareKeys).map(({ kind, id }) => `${kind}/${id}`)).toEqual([
    'chat/a',
    'chat/c',
    'note/a',
    'note/b',
    'note-x/a',
  ]);
  expect(compareKeys({ kind: 'note', id: 'a' }, { kind: 'note', id: 'a' })).toBe(0);
});

test('what an earlier version wrote into a backup is read without the key in an address; nothing else changes', () => {
  const settings = { kind: 'device-settings', id: '0198c0de-0000-7000-8000-00000000b001', v: 3, stamps: {} };
  const written = {
    ...settings,
    fields: { cloudSync: true, endpoint: 'https://ann:canary@models.example/v1?api-version=1&key=canary' },
  };
  expect(openLine(recordLine(written))).toBe(
    recordLine({ ...settings, fields: { cloudSync: true, endpoint: 'https://models.example/v1?api-version=1' } }),
  );
  const note = recordLine({ ...written, kind: 'note', fields: { text: `"kind":"device-settings" ${written.fields.endpoint}` } });
  expect(openLine(note)).toBe(note);
  expect(openLine('no JSON')).toBe('no JSON');
});
