/** Backups as YAML: for a person to read, and read back whatever an editor, a disk or a stranger has made of them. */
import { createHash } from 'node:crypto';
import { load } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import { writeDocument } from '#backup/format/write-document.ts';
import { yamlForm } from '#backup/format/yaml-form.ts';
import { aRecord, collectBytes, documentOf, headOf, linesOf, readBack } from '#support/backup-content.ts';

const text = '# Light\u00a0reactions\n\n- Water in\n\t- oxygen out 🌱\n\n```\n  code\n```\n';
const records = [
  aRecord(1, { title: 'Photosynthesis', text, tags: ['biology', 'exam 1'], pinned: true, binnedAt: null }),
  aRecord(2, { title: '2026-11-27', text: 'no end of line', map: { a: { b: [] }, c: [[1, 2], { d: 0.5 }] } }),
  aRecord(3, { title: '', text: 'a\r\nb', big: 1e21, small: 1e-7, most: Number.MAX_SAFE_INTEGER, more: 2 ** 60 }),
];
const written = await documentOf(yamlForm, records);
const inOrder = (await readBack(yamlForm, written)).records;

function signed(change: (text: string) => string): string {
  const before = change(written.slice(0, written.lastIndexOf('sha256:')));
  return `${before}sha256: "${createHash('sha256').update(before).digest('hex')}"\n`;
}

describe('a backup as YAML', () => {
  test('is a document for the head, one for each record, and one for the checksum of all lines before the last', () => {
    const documents = written.split(/^---\n/m);
    expect(documents).toHaveLength(5);
    expect(load(documents[0] ?? '')).toEqual(headOf(records));
    const lines = written.trimEnd().split('\n');
    const hash = createHash('sha256')
      .update(`${lines.slice(0, -1).join('\n')}\n`)
      .digest('hex');
    expect(lines.at(-1)).toBe(`sha256: "${hash}"`);
  });

  test('has text of several lines as a person wrote it, and the members of a record in an order that makes sense', () => {
    const [, first = ''] = written.split(/^---\n/m);
    expect(first).toBe(`kind: note
id: "01990000-0000-7000-8000-000000000001"
v: 1
fields:
  binnedAt: null
  pinned: true
  tags:
    - biology
    - exam 1
  text: |
    # Light\u00a0reactions

    - Water in
    \t- oxygen out 🌱

    \`\`\`
      code
    \`\`\`
  title: Photosynthesis
stamps:
  binnedAt: "0mgq0f0a0-0000-0badcafe"
  pinned: "0mgq0f0a0-0000-0badcafe"
  tags: "0mgq0f0a0-0000-0badcafe"
  text: "0mgq0f0a0-0000-0badcafe"
  title: "0mgq0f0a0-0000-0badcafe"
`);
  });

  test.each([1, 2, 3, 7, 64, 100_000])('is read back as it was, in chunks of %i bytes', async (chunk) => {
    const read = await readBack(yamlForm, written, { chunk });
    expect(read).toEqual({ head: headOf(records), records: inOrder, faults: [] });
    const again = collectBytes();
    if (read.head) await writeDocument(yamlForm, read.head, linesOf(read.records), again.sink);
    expect(await again.blob().text()).toBe(written);
  });

  test('of no records is read back, too', async () => {
    expect(await readBack(yamlForm, await documentOf(yamlForm, []))).toEqual({ head: headOf([]), records: [], faults: [] });
  });

  test('with a text of 5 million characters, on one line or on many, is read back', async () => {
    const long = [
      aRecord(1, { text: 'word '.repeat(1_000_000) }),
      aRecord(2, { text: 'a line\n'.repeat(700_000) }),
      aRecord(3, { text: '"\\'.repeat(2_500_000) }),
    ];
    const read = await readBack(yamlForm, await documentOf(yamlForm, long), { chunk: 65_536, recordBytes: 20_000_000 });
    expect(read.faults).toEqual([]);
    expect(
      read.records.map(
        ({ fields }) => fields['text'] === long.find(({ fields: all }) => all['text'] === fields['text'])?.fields['text'],
      ),
    ).toEqual([true, true, true]);
  });
});

describe('after an editor', () => {
  test.each([
    ['with CRLF', written.replaceAll('\n', '\r\n')],
    ['with a byte order mark', `\ufeff${written}`],
    ['with comments', `# my backup\n---\n${written.replace('kind: note', '# this one\nkind: note')}`],
    [
      'with another style',
      written
        .replace('title: Photosynthesis', "title: 'Photosynthesis'")
        .replace('tags:\n    - biology\n    - exam 1', 'tags: [biology, "exam 1"]'),
    ],
    ['with an empty document', written.replace('---\nkind', '---\n\n---\nkind')],
    ['with the head behind the records', moveHead(written)],
    ['with blanks behind it', `${written}\n  \n`],
    ['with an end of document', `${written}...\n`],
  ])('%s it says the same, and nothing is wrong', async (_name, changed) => {
    const read = await readBack(yamlForm, changed, { chunk: 10 });
    expect(read.faults).toEqual([]);
    expect(read.records).toEqual(inOrder);
  });

  test('with a word changed, all is read, and the change is noticed', async () => {
    const read = await readBack(yamlForm, written.replace('oxygen out', 'oxygen in'));
    expect(read.faults).toEqual([{ type: 'ChecksumDiffers' }]);
    expect(read.records).toHaveLength(3);
  });
});

function moveHead(yaml: string): string {
  const [head = '', ...others] = yaml.split(/^---\n/m);
  const checksum = others.pop() ?? '';
  return ['', ...others, head, checksum].join('---\n');
}

describe('what is wrong is named by its place', () => {
  const lineOf = (part: string): number => written.slice(0, written.indexOf(part)).split('\n').length;

  test('in one record: the others are read', async () => {
    const read = await readBack(
      yamlForm,
      signed((yaml) => yaml.replace('  pinned: true', '  pinned: true\n bad: [')),
    );
    expect(read.records).toHaveLength(2);
    expect(read.faults[0]).toMatchObject({ type: 'BadSyntax', place: { record: 1 } });
    const shape = await readBack(
      yamlForm,
      signed((yaml) => yaml.replace('v: 1', 'v: one')),
    );
    expect(shape.faults[0]).toMatchObject({
      type: 'BadMember',
      member: 'v',
      place: { record: 1, line: lineOf('kind: note') - 1 },
    });
  });

  test('a file that was cut, at every byte', async () => {
    const bytes = new TextEncoder().encode(written);
    for (let end = 1; end < bytes.length - 2; end += 7) {
      const { faults, head } = await readBack(yamlForm, bytes.subarray(0, end));
      if (head) expect(faults.at(-1), `cut at ${end}`).toMatchObject({ type: 'Truncated', place: { line: expect.any(Number) } });
      else expect(faults).toHaveLength(1);
    }
  });

  test('more behind the end', async () => {
    const read = await readBack(yamlForm, `${written}---\nkind: note\n`);
    expect(read.records).toEqual(inOrder);
    expect(read.faults).toMatchObject([{ type: 'TrailingBytes', place: { offset: new TextEncoder().encode(written).length } }]);
  });

  test('a record that is there twice', async () => {
    const [, first = ''] = written.split(/^---\n/m);
    const read = await readBack(
      yamlForm,
      signed((yaml) => `${yaml}${first}---\n`),
    );
    expect(read.faults[0]).toMatchObject({ type: 'DuplicateRecord', place: { record: 4 } });
  });

  test.each([
    ['a key that is there twice', 'pinned: true\n  pinned: false', { type: 'DuplicateKey', key: 'pinned' }],
    ['an alias', 'pinned: &a [1]\n  more: *a', { type: 'BadSyntax' }],
    ['aliases of aliases', 'pinned: &a [x,x]\n  b: &b [*a,*a]\n  c: [*b,*b]', { type: 'BadSyntax' }],
    ['a list in itself', 'pinned: &a [*a]', { type: 'BadSyntax' }],
    ['a tag of another schema', 'pinned: !!js/function "x"', { type: 'BadSyntax' }],
    ['bytes in base64', 'pinned: !!binary aGk=', { type: 'BadSyntax' }],
    ['a tag of its own', 'pinned: !foo x', { type: 'BadSyntax' }],
    ['a member called __proto__', '__proto__: {polluted: true}', { type: 'BadMember', member: 'fields.__proto__' }],
    ['a number that is infinite', 'pinned: .inf', { type: 'BadMember', member: 'fields.pinned' }],
    ['what is no number', 'pinned: [.nan]', { type: 'BadMember', member: 'fields.pinned.0' }],
    ['a whole number with more digits than are kept', 'pinned: 9007199254740993', { type: 'BadSyntax' }],
    ['such a number below zero', 'pinned: -9007199254740993', { type: 'BadSyntax' }],
    ['such a number in hexadecimal', 'pinned: 0xffffffffffffffff', { type: 'BadSyntax' }],
    ['100 levels', `pinned: ${'['.repeat(100)}${']'.repeat(100)}`, { type: 'RecordTooDeep' }],
    ['100,000 levels', `pinned: ${'['.repeat(100_000)}`, { type: 'RecordTooDeep' }],
    ['a key that is a list', '? [a]\n  : b', { type: 'BadSyntax' }],
    ['NUL', 'pinned: "\u0000"', { type: 'BadSyntax' }],
  ])('%s', async (_name, instead, fault) => {
    const read = await readBack(
      yamlForm,
      signed((yaml) => yaml.replace('pinned: true', instead)),
    );
    expect(read.faults[0]).toMatchObject({ ...fault, place: { record: 1 } });
    expect(read.records).toHaveLength(2);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  test('a merge key is a key like any other', async () => {
    const read = await readBack(
      yamlForm,
      signed((yaml) => yaml.replace('pinned: true', '<<: {a: 1}\n  pinned: true')),
    );
    expect(read.records[0]?.fields).toMatchObject({ '<<': { a: 1 }, pinned: true });
  });

  test('millions of values in a small text', async () => {
    const many = signed((yaml) => yaml.replace('pinned: true', `pinned: [${','.repeat(0)}${'1,'.repeat(9_000_000)}1]`));
    const read = await readBack(yamlForm, many, { chunk: 65_536, recordBytes: 100_000_000 });
    expect(read.faults[0]).toMatchObject({ type: 'RecordTooLarge', place: { record: 1 } });
    expect(read.records).toHaveLength(2);
  });

  test('a record that is too large, without it being kept in memory', async () => {
    const read = await readBack(
      yamlForm,
      signed((yaml) => yaml.replace('oxygen', 'x'.repeat(5000))),
      { recordBytes: 4000 },
    );
    expect(read.faults[0]).toMatchObject({ type: 'RecordTooLarge', place: { record: 1 } });
    expect(read.records).toHaveLength(2);
  });
});
