/** Notes and chats as a folder of Markdown, and folders of other apps as notes. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BackupRecord } from '#backup/format/record.ts';
import { withChildren } from '#backup/markdown/children.ts';
import { blobReference } from '#core/blobs.ts';
import { formatStamp } from '#core/clock.ts';
import type { Fields } from '#core/entity.ts';
import { mintId, timeOfId } from '#core/ids.ts';
import { knownDocumentKind } from '#entities/documents.ts';
import { systemRandom } from '#platform/system.ts';
import { hashOf, someBytes } from '#support/blob-bytes.ts';
import { aFolder, aFolderFile, filesHere, NOW, readBackFolder, writtenFolder } from '#support/markdown-folder.ts';
import { PIXEL_URL } from '#support/shapes/pictures.ts';

const MADE = Date.UTC(2026, 0, 2, 3, 4, 5);
const stamp = formatStamp({ ms: MADE, counter: 0, tag: '0badcafe' });
const record = (kind: string, fields: Fields, id = mintId(MADE, systemRandom)): BackupRecord => ({
  ...{ kind, id, v: 2, fields },
  stamps: Object.fromEntries(Object.keys(fields).map((field) => [field, stamp])),
});
const note = (fields: Fields): BackupRecord => record('note', fields);
const fieldsOf = (records: readonly BackupRecord[]) => records.map(({ fields }) => fields);
const titles = (records: readonly BackupRecord[]) => records.map(({ fields }) => fields['title']).sort();

describe('a folder of Markdown that is written', () => {
  test('has each note in the folder of its notebook, with front matter, and what it shows beside it', async () => {
    const picture = someBytes(5000, 1);
    const reference = blobReference(hashOf(picture), 'png');
    const lost = `files/${'e'.repeat(64)}.pdf`;
    const one = note({
      ...{ title: 'Leaves', text: `# Light\n\n![Leaf](${reference})`, tags: ['biology/plants', 'exam'], starred: true },
      notebook: 'Biology/Plants',
    });
    const { texts, counts } = await writtenFolder(
      [one, note({ title: 'Top', text: `![](${reference}) [x](${lost})` })],
      filesHere({ [hashOf(picture)]: new Blob([picture]) }),
    );
    expect(texts.get('Biology/Plants/Leaves.md')).toBe(
      `---
id: "${one.id}"
title: Leaves
tags:
  - biology/plants
  - exam
notebook: Biology/Plants
starred: true
created: "2026-01-02T03:04:05.000Z"
updated: "2026-01-02T03:04:05.000Z"
---
# Light

![Leaf](../../${reference})`,
    );
    expect(texts.get('Top.md')).toContain(`![](${reference})`);
    expect(texts.has(reference)).toBe(true);
    expect(texts.get('files/MISSING.txt')).toContain(`${lost}\n  named in Top.md`);
    expect(counts).toEqual({ files: 1, missing: 1 });
  });

  test('has names that every system takes, each once; the bin and chats lie apart', async () => {
    const chat = record('chat', { title: 'Talk: A/B', tags: ['x'] });
    const messages = [2, 1].map((createdAt) =>
      record('message', { chatId: chat.id, role: 'user', text: createdAt === 1 ? 'Why?' : 'Because.', createdAt }),
    );
    const { texts } = await writtenFolder([
      ...['one', 'two'].map((text) => note({ title: 'Plan: A/B', text })),
      note({ title: 'PLAN  A b', text: 'three' }),
      note({ title: 'CON', text: '' }),
      note({ title: '🌱 שלום', text: '' }),
      note({ title: 'x'.repeat(500), text: '', notebook: `${'y'.repeat(300)}/../../etc` }),
      note({ title: 'Old', text: 'gone', binnedAt: MADE }),
      chat,
      ...messages,
    ]);
    const paths = [...texts.keys()];
    expect(new Set(paths.map((path) => path.toLowerCase())).size).toBe(paths.length);
    expect(paths.filter((path) => /^plan a b/i.test(path))).toHaveLength(3);
    expect(paths).toEqual(expect.arrayContaining(['CON_.md', '🌱 שלום.md', 'Bin/Old.md', 'Chats/Talk A B.md']));
    expect(texts.get('Chats/Talk A B.md')).toMatch(/kind: chat[\s\S]*# Talk: A\/B[\s\S]*Why\?[\s\S]*Because\./);
    expect(paths.every((path) => path.length < 240 && !path.includes('..'))).toBe(true);
  });

  test('has pictures that an earlier version kept inside a message as files', async () => {
    const chat = record('chat', { title: 'Old' });
    const message = record('message', { chatId: chat.id, role: 'assistant', text: `![a](${PIXEL_URL})`, createdAt: 1 });
    const { texts, counts } = await writtenFolder([chat, message]);
    expect(texts.get('Chats/Old.md')).toMatch(/!\[a\]\(\.\.\/files\/[0-9a-f]{64}\.png\)/);
    expect(counts).toEqual({ files: 1, missing: 0 });
  });

  test('holds the messages of a few chats in memory at once, and has all of them', async () => {
    const chats = Array.from({ length: 7 }, (_, at) => record('chat', { title: `Chat ${at}` }));
    const all = chats.flatMap((chat, at) => [
      chat,
      ...Array.from({ length: at }, (_, n) => record('message', { chatId: chat.id, text: `${n}`, createdAt: n })),
    ]);
    let passes = 0;
    const found: number[] = [];
    const records = async function* () {
      passes += 1;
      yield* all;
    };
    for await (const { children } of withChildren(knownDocumentKind('chat'), records, 200)) found.push(children.length);
    expect(found.sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(passes).toBeGreaterThan(3);
  });
});

describe('a folder that was written here and comes back', () => {
  test('is the same notes under the same ids, and what they show', async () => {
    const picture = someBytes(5000, 1);
    const reference = blobReference(hashOf(picture), 'png');
    const notes = [
      note({
        title: 'Leaves',
        text: `\n![](${reference}) and \`../x\``,
        tags: ['a, b', '#c'],
        starred: true,
        pinned: false,
        notebook: 'A/B',
      }),
      note({ title: '', text: '---\nnot: matter\n---\nrest', tags: [], starred: false, pinned: true, notebook: '' }),
      note({ title: 'Bin: it', text: '\ufeffx\r\ny', tags: [], starred: false, pinned: false, notebook: 'A', binnedAt: MADE }),
    ];
    const { folder } = await writtenFolder(notes, filesHere({ [hashOf(picture)]: new Blob([picture]) }));
    const { records, faults, fileOf } = await readBackFolder(folder);
    expect(faults).toEqual([]);
    const byId = (all: readonly BackupRecord[]) => new Map(all.map(({ id, fields }) => [id, { binnedAt: null, ...fields }]));
    expect(byId(records)).toEqual(byId(notes));
    expect(fileOf(hashOf(picture))?.path).toBe(reference);
  });

  test('whatever is in it', async () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 200 }).filter((value) => value.isWellFormed());
    const anything = fc.oneof(
      text,
      fc.array(fc.constantFrom('---\n', '\n', '#', '[[', ']]', 'id: x\n', '\r\n', '`', ' ', 'a')).map((parts) => parts.join('')),
    );
    await fc.assert(
      fc.asyncProperty(anything, anything, fc.array(text), text, async (title, words, tags, notebook) => {
        const before = note({ title, text: words, tags, notebook, starred: true, pinned: false, binnedAt: null });
        const { folder } = await writtenFolder([before]);
        const { records, faults } = await readBackFolder(folder);
        expect(faults).toEqual([]);
        expect(fieldsOf(records)).toEqual([before.fields]);
        expect(records[0]?.id).toBe(before.id);
      }),
    );
  });

  test('with chats says that they stay out; a file that was copied is a note of its own', async () => {
    const one = note({ title: 'One', text: 'x' });
    const { folder, texts } = await writtenFolder([one, record('chat', { title: 'Talk' })]);
    const copied = { ...folder, files: [...folder.files, aFolderFile('One copy.md', texts.get('One.md') ?? '')] };
    const { records, faults } = await readBackFolder(copied);
    expect(faults.map(({ type, path }) => [type, path]).sort()).toEqual([
      ['OtherKind', 'Chats/Talk.md'],
      ['SameId', 'One.md'],
    ]);
    expect(new Set(records.map(({ id }) => id)).size).toBe(2);
  });
});

describe('a folder of another app', () => {
  const leaf = someBytes(3000, 7);
  const vault = {
    'My vault/.obsidian/app.json': '{}',
    'My vault/Biology/Photosynthesis.md':
      '---\ntags: [biology/plants, Exam]\naliases: [PS]\ncreated: 2024-05-06\n---\n\n# Light reactions\n\n![[leaf.png|300]] ![Leaf](../img/leaf.png "A leaf") see [[Calvin|the cycle]], [link](Calvin%20cycle.md) and #chapter/one\n\n```\n![[leaf.png]] #no\n```\n',
    'My vault/Biology/Calvin cycle.md': 'Dark.\n![[gone.png]]',
    'My vault/Plain.md': '---\ntitle: [broken\n---\ntext',
    'My vault/img/leaf.png': leaf,
    'My vault/notes.pdf': 'pdf',
    'My vault/Latin.md': new Uint8Array([0xe9, 0x20, 0x41]),
  };

  test('becomes notes, with notebooks, tags, links and files; every fault is named by its file', async () => {
    const { records, faults, fileOf } = await readBackFolder(aFolder(vault));
    expect(titles(records)).toEqual(['Calvin cycle', 'Light reactions', 'Plain']);
    const reference = blobReference(hashOf(leaf), 'png');
    const photo = records.find(({ fields }) => fields['title'] === 'Light reactions');
    expect(photo?.fields).toMatchObject({ notebook: 'Biology', tags: ['biology/plants', 'Exam', 'chapter/one'] });
    expect(photo?.fields['text']).toBe(
      `---\naliases:\n  - PS\n---\n# Light reactions\n\n![leaf.png](${reference}) ![Leaf](${reference} "A leaf") see [[Calvin|the cycle]], [[Calvin cycle|link]] and #chapter/one\n\n\`\`\`\n![[leaf.png]] #no\n\`\`\`\n`,
    );
    expect(timeOfId(photo?.id ?? '')).toBe(Date.UTC(2024, 4, 6));
    expect(fileOf(hashOf(leaf))?.path).toBe('img/leaf.png');
    expect(records.find(({ fields }) => fields['title'] === 'Plain')?.fields['text']).toBe(vault['My vault/Plain.md']);
    expect(faults.map(({ type, path }) => `${type} ${path}`).sort()).toEqual([
      'BadFrontMatter Plain.md',
      'MissingFile Biology/Calvin cycle.md',
      'NotNamed notes.pdf',
      'NotUtf8 Latin.md',
    ]);
  });

  test('comes twice and is the same notes, also where its files have other times', async () => {
    const first = await readBackFolder(aFolder(vault));
    const later = {
      name: 'x',
      files: aFolder(vault).files.map((file) => ({ ...file, modifiedAt: NOW - 10, stream: () => file.stream() })),
    };
    const ids = (records: readonly BackupRecord[]) => records.map(({ id }) => id).sort();
    const again = await readBackFolder(later, ids(first.records));
    expect(ids(again.records)).toEqual(ids(first.records));
    const other = await readBackFolder(aFolder({ 'Other/Plain.md': 'x', 'Other/a.md': '' }), ids(first.records));
    expect(ids(first.records)).not.toContain(other.records[0]?.id);
  });

  test.each([
    [
      'Joplin',
      '---\ntitle: Trip\nupdated: 2021-05-01 16:40:00Z\ncreated: 2021-05-01 16:40:00Z\nlatitude: 1.5\n---\n\nText',
      { title: 'Trip', text: '---\nlatitude: 1.5\n---\nText' },
    ],
    ['a list of tags as text', '---\ntags: "#a, #b/c"\n---\nx', { tags: ['a', 'b/c'] }],
    ['tags with blanks', '---\ntags: "#a #b"\n---\nx', { tags: ['a', 'b'] }],
    ['an alias bomb', `---\na: &a [1]\nb: *a\n---\nx`, { text: '---\na: &a [1]\nb: *a\n---\nx' }],
    ['a line at the beginning', '---\nA text\n---\nmore', { text: '---\nA text\n---\nmore', title: 'File' }],
    ['__proto__', '---\n__proto__: {a: 1}\n---\nx', { title: 'File' }],
    ['CRLF', '---\r\ntitle: Two\r\n---\r\nx\r\ny', { title: 'Two', text: 'x\r\ny' }],
    ['a byte order mark', '\ufeff---\ntitle: Two\n---\nx', { title: 'Two', text: 'x' }],
    ['a foreign id', '---\nid: 42\n---\nx', { text: '---\nid: 42\n---\nx' }],
    ['an empty title', '---\ntitle: ""\n---\nx', { title: 'File', text: 'x' }],
    ['a title that is no text', '---\ntitle: [Draft]\n---\nx', { title: 'File', text: '---\ntitle:\n  - Draft\n---\nx' }],
    ['a title that YAML takes for another value', '---\ntitle: true\n---\nx', { title: 'true', text: 'x' }],
    ['a star in words', '---\nstarred: yes\npinned: On\n---\nx', { starred: true, pinned: true, text: 'x' }],
    ['a star that says nothing', '---\nstarred: 4 of 5\n---\nx', { text: '---\nstarred: "4 of 5"\n---\nx' }],
    ['tags within tags', '---\ntags: [a, [b, 2024], true]\n---\nx', { tags: ['a', 'b', '2024', 'true'], text: 'x' }],
    [
      'tags with more to them',
      '---\ntags:\n  - a\n  - m: b\n---\nx',
      { tags: ['a'], text: '---\ntags:\n  - a\n  - m: b\n---\nx' },
    ],
    ['a notebook that is no name', '---\nnotebook: {a: 1}\n---\nx', { notebook: 'a', text: '---\nnotebook:\n  a: 1\n---\nx' }],
  ])('%s', async (_name, file, fields) => {
    const { records } = await readBackFolder(aFolder({ 'a/File.md': file, 'b/x.md': '' }));
    expect(records[0]?.fields).toMatchObject(fields);
  });

  test.each([
    ['2024-05-06', '2024-05-06'],
    ['20240506', '2024-05-06'],
    ['202405060708', '2024-05-06T07:08'],
    ['"20240506070809"', '2024-05-06T07:08:09'],
    ['06.05.2024', '2024-05-06'],
    ['6.5.2024 07:08', '2024-05-06T07:08'],
    ['2024', '2024-01-01'],
    ['1714953600', '2024-05-06'],
    ['1714953600000', '2024-05-06'],
  ])('reads a time as it is written: %s', async (written, read) => {
    const { records } = await readBackFolder(aFolder({ 'a/File.md': `---\ndate: ${written}\n---\nx`, 'b/x.md': '' }));
    expect(timeOfId(records[0]?.id ?? '')).toBe(Date.parse(read));
    expect(records[0]?.fields['text']).toBe('x');
  });

  test.each(['12', '20241399', '31.02.2024', 'soon'])('leaves in the text what is no time: %s', async (written) => {
    const file = `---\ndate: ${written}\n---\nx`;
    const { records } = await readBackFolder(aFolder({ 'a/File.md': file, 'b/x.md': '' }));
    expect(String(records[0]?.fields['text']).replaceAll('"', '')).toBe(file);
  });

  test('takes no longer for a long line of signs', async () => {
    for (const sign of ['[', '![[', '`', '](', '#', '```\n', '---\n', '<img src="']) {
      const from = performance.now();
      await readBackFolder(aFolder({ 'a.md': sign.repeat(60_000) }));
      expect(performance.now() - from, sign).toBeLessThan(5000);
    }
  });
});
