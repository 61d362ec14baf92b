/** Backups as JSON: written, and read back whatever an editor, a disk or a bad transfer has made of them. */

import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { jsonForm } from '#backup/format/json-form.ts';
import { writeDocument } from '#backup/format/write-document.ts';
import type { JsonObject } from '#core/json.ts';
import { aRecord, collectBytes, documentOf, headOf, linesOf, readBack } from '#support/backup-content.ts';
import { backwards } from '#support/backwards.ts';

const records = [
  aRecord(1, { title: 'Größe 🌱', text: 'a\n\tb\u0000\ud800 "quoted" \\ {[:,]}' }),
  aRecord(2, { title: '', tags: ['x', 'y'], map: { b: { c: [] }, a: null } }),
  aRecord(3, { binnedAt: 5 }),
  aRecord(1, { n: 1.5e-7 }, 'chat'),
];
const written = await documentOf(jsonForm, records, { files: 2 });
const parsed = JSON.parse(written) as JsonObject & { readonly records: readonly JsonObject[] };
const inOrder = parsed.records as unknown as typeof records;
const titles = (read: { readonly records: readonly { readonly fields: JsonObject }[] }): unknown[] =>
  read.records.map(({ fields }) => fields['title']);

/** The document with its text changed, and its checksum made to fit. */
function signed(change: (text: string) => string): string {
  const text = change(written.slice(0, written.lastIndexOf('"sha256"')));
  return `${text}"sha256":"${createHash('sha256').update(text).digest('hex')}"}\n`;
}

describe('a backup as JSON', () => {
  test('is one JSON object, with a record on each line and the checksum of all lines before the last', () => {
    const lines = written.trimEnd().split('\n');
    expect(parsed.records.length).toBe(4);
    expect(lines.filter((line) => line.startsWith('{"fields"'))).toHaveLength(4);
    const before = `${lines.slice(0, -1).join('\n')}\n`;
    expect(parsed['sha256']).toBe(createHash('sha256').update(before).digest('hex'));
    expect(lines.at(-1)).toBe(`"sha256":"${String(parsed['sha256'])}"}`);
  });

  test.each([1, 2, 7, 64, 100_000])('is read back as it was, in chunks of %i bytes', async (chunk) => {
    expect(await readBack(jsonForm, written, { chunk })).toEqual({
      head: headOf(records, { files: 2 }),
      records: inOrder,
      faults: [],
    });
  });

  test('of no records is read back, too', async () => {
    const empty = await documentOf(jsonForm, []);
    expect(await readBack(jsonForm, empty)).toEqual({ head: headOf([]), records: [], faults: [] });
  });

  test('is the same bytes when what was read is written again', async () => {
    const read = await readBack(jsonForm, written);
    const again = collectBytes();
    if (read.head) await writeDocument(jsonForm, read.head, linesOf(read.records), again.sink);
    expect(await again.blob().text()).toBe(written);
  });

  test('ends the file where its records cannot be read any more, and says why', async () => {
    const failing = async function* (): AsyncGenerator<string> {
      yield '{}';
      throw new Error('the disk is gone');
    };
    let aborted: unknown;
    const sink = new WritableStream<Uint8Array>({
      abort(reason) {
        aborted = reason;
      },
    });
    await expect(writeDocument(jsonForm, headOf([]), failing(), sink)).rejects.toThrow('the disk is gone');
    expect(String(aborted)).toContain('the disk is gone');
  });
});

describe('after an editor', () => {
  test.each([
    ['pretty-printed', JSON.stringify(parsed, null, 2)],
    ['with tabs and CRLF', JSON.stringify(parsed, null, '\t').replaceAll('\n', '\r\n')],
    ['on one line', JSON.stringify(parsed)],
    ['with a byte order mark', `\ufeff${written}`],
    ['with its members sorted', JSON.stringify(Object.fromEntries(Object.entries(parsed).sort()))],
    ['with its members the other way round', JSON.stringify(Object.fromEntries(Object.entries(parsed).reverse()))],
    ['with the members of records sorted backwards', JSON.stringify({ ...parsed, records: parsed.records.map(backwards) })],
    ['with blanks behind it', `${written}\n \t\r\n`],
  ])('%s it says the same, and nothing is wrong', async (_name, text) => {
    for (const chunk of [3, 5000]) {
      const read = await readBack(jsonForm, text, { chunk });
      expect(read.faults).toEqual([]);
      expect(read.records).toEqual(inOrder);
      expect(read.head?.files).toBe(2);
    }
  });

  test('with records in another order, all are read, and the change is noticed', async () => {
    const read = await readBack(jsonForm, JSON.stringify({ ...parsed, records: [...parsed.records].reverse() }));
    expect(read.records).toEqual([...inOrder].reverse());
    expect(read.faults).toEqual([{ type: 'ChecksumDiffers' }]);
  });

  test('with a word changed, all is read, and the change is noticed', async () => {
    const read = await readBack(jsonForm, written.replace('Größe', 'Weite'));
    expect(titles(read)).toContain('Weite 🌱');
    expect(read.faults).toEqual([{ type: 'ChecksumDiffers' }]);
  });

  test('with a record taken out, the count says so', async () => {
    const read = await readBack(jsonForm, JSON.stringify({ ...parsed, records: parsed.records.slice(1) }));
    expect(read.faults).toEqual([{ type: 'CountsDiffer', kind: 'chat', said: 1, found: 0 }, { type: 'ChecksumDiffers' }]);
  });

  test('without the checksum, that is said', async () => {
    const { sha256: _, ...rest } = parsed;
    expect((await readBack(jsonForm, JSON.stringify(rest))).faults).toEqual([{ type: 'ChecksumMissing' }]);
  });
});

describe('what is wrong is named by its place', () => {
  const recordLines = written.split('\n').findIndex((line) => line.startsWith('{"fields"')) + 1;
  const at = (record: number): object => ({
    offset: new TextEncoder().encode(written.split('{"fields"').slice(0, record).join('{"fields"')).length,
    line: recordLines + record - 1,
    record,
  });

  test('a record of another shape: the others are read', async () => {
    const read = await readBack(
      jsonForm,
      signed((text) => text.replace('"kind":"note","stamps":{"binnedAt"', '"kind":"Note","stamps":{"binnedAt"')),
    );
    expect(read.records).toHaveLength(3);
    expect(read.faults[0]).toEqual({ type: 'BadMember', member: 'kind', place: at(4) });
  });

  test('a name that a record has twice', async () => {
    const read = await readBack(
      jsonForm,
      signed((text) => text.replace('"tags":', '"title":"Other","tags":')),
    );
    expect(read.faults[0]).toEqual({ type: 'DuplicateKey', key: 'title', place: at(3) });
    expect(read.records).toHaveLength(3);
  });

  test('a record that is there twice', async () => {
    const line = written.split('\n').find((one) => one.includes('"binnedAt"')) ?? '';
    const read = await readBack(
      jsonForm,
      signed((text) => text.replace(line, `${line},\n${line}`)),
    );
    expect(read.faults[0]).toMatchObject({ type: 'DuplicateRecord', kind: 'note', id: records[2]?.id, place: { record: 5 } });
    expect(read.records).toHaveLength(4);
  });

  test('the head twice, or the records twice', async () => {
    const twice = signed((text) => text.replace('"version":1,', '"version":1,\n"version":1,'));
    expect((await readBack(jsonForm, twice)).faults[0]).toMatchObject({ type: 'DuplicateKey', key: 'version' });
    const records = signed((text) => `${text}"records":[],`);
    expect((await readBack(jsonForm, records)).faults[0]).toMatchObject({ type: 'DuplicateKey', key: 'records' });
  });

  test('a file that was cut, at every byte', async () => {
    const bytes = new TextEncoder().encode(written);
    for (let end = 1; end < bytes.length - 1; end++) {
      const { faults } = await readBack(jsonForm, bytes.subarray(0, end));
      expect(faults.at(-1), `cut at ${end}`).toMatchObject({ type: 'Truncated', place: { line: expect.any(Number) } });
    }
  });

  test('bytes behind the end', async () => {
    const { faults, records: read } = await readBack(jsonForm, `${written}{"more":1}`);
    expect(read).toEqual(inOrder);
    const offset = new TextEncoder().encode(written).length;
    expect(faults).toEqual([{ type: 'TrailingBytes', place: { offset, line: written.split('\n').length, record: null } }]);
  });

  test('a second byte order mark', async () => {
    expect((await readBack(jsonForm, `\ufeff\ufeff${written}`)).faults[0]).toMatchObject({
      type: 'BadSyntax',
      place: { offset: 3 },
    });
  });

  test('text that is no JSON, in the record where it is', async () => {
    for (const wrong of ["{'fields':1}", '{"fields":tru}', '{"fields":"a\nb"}', '{"fields":01}', '{"fields":"\\x"}', '[}']) {
      const read = await readBack(
        jsonForm,
        signed((text) => text.replace(/\{"fields".*"binnedAt".*\}/, wrong)),
      );
      expect(read.faults[0], wrong).toMatchObject({ type: 'BadSyntax', place: { record: 4 } });
    }
  });

  test.each([
    ['no comma between records', (text: string) => text.replace('},\n{', '}\n{'), ', or ]'],
    ['a comma behind the last', (text: string) => text.replace('}\n]', '},\n]'), 'a record'],
    [
      'records that are no list',
      (text: string) => text.replace(/"records":\[.*\],\n$/s, '"records":{},\n'),
      'records is not a list',
    ],
  ])('%s', async (_name, change, reason) => {
    const { faults } = await readBack(jsonForm, signed(change));
    expect(faults[0]).toMatchObject({ type: 'BadSyntax', reason: expect.stringContaining(reason) });
  });

  test('what is said of a record that cannot be read has nothing of it: the list of faults is handed on', async () => {
    const { faults } = await readBack(
      jsonForm,
      signed((text) => text.replace('"Größe', 'geheim"Größe')),
    );
    expect(faults[0]).toMatchObject({ type: 'BadSyntax', place: { record: 2 } });
    expect(JSON.stringify(faults)).not.toMatch(/gehei|Größe|fields/);
  });

  test('bytes that are no UTF-8', async () => {
    const bytes = new TextEncoder().encode(written);
    const copy = bytes.slice();
    copy[new TextEncoder().encode(written.slice(0, written.indexOf('Größe'))).length + 2] = 0xff;
    expect((await readBack(jsonForm, copy)).faults[0]).toMatchObject({ type: 'NotUtf8', place: { record: 2 } });
  });

  test('a record that is too deep or too large: the others are read, and nothing of it is kept in memory', async () => {
    const deep = signed((text) => text.replace('"tags":["x","y"]', `"tags":${'['.repeat(100_000)}${']'.repeat(100_000)}`));
    const read = await readBack(jsonForm, deep);
    expect(read.faults[0]).toMatchObject({ type: 'RecordTooDeep', place: at(3) });
    expect(read.records).toHaveLength(3);
    const large = await readBack(
      jsonForm,
      signed((text) => text.replace('"x","y"', `"${'x'.repeat(5000)}"`)),
      { recordBytes: 4000 },
    );
    expect(large.faults[0]).toMatchObject({ type: 'RecordTooLarge', place: at(3) });
    expect(large.records).toHaveLength(3);
  });

  test('more faults than anybody reads end the list', async () => {
    const read = await readBack(jsonForm, JSON.stringify({ ...parsed, records: Array.from({ length: 5000 }, () => 1) }));
    expect(read.faults).toHaveLength(201);
    expect(read.faults.at(-1)).toMatchObject({ type: 'TooManyFaults' });
  });
});
