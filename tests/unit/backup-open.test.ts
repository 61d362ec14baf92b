/** One reader for every file that a person may take for a backup. */
import { zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { jsonForm } from '#backup/format/json-form.ts';
import { openBackupFile } from '#backup/format/open-file.ts';
import { yamlForm } from '#backup/format/yaml-form.ts';
import { aRecord, documentOf, headOf } from '#support/backup-content.ts';
import { memoryTemp, openWhole, zipOf } from '#support/backup-file.ts';

const records = [aRecord(1), aRecord(2)];
const asJson = await documentOf(jsonForm, records);
const asYaml = await documentOf(yamlForm, records);
const asZip = await zipOf(yamlForm, records, []);
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const zip = (files: { readonly [path: string]: string }): Blob =>
  new Blob([new Uint8Array(zipSync(Object.fromEntries(Object.entries(files).map(([path, text]) => [path, encode(text)]))))]);
const utf16 = (text: string): Blob => new Blob(['\ufeff', text].map((part) => new Uint8Array(Buffer.from(part, 'utf16le'))));

describe('a backup', () => {
  test.each([
    ['JSON', new Blob([asJson]), 'json'],
    ['YAML', new Blob([asYaml]), 'yaml'],
    ['JSON with a byte order mark', new Blob(['\ufeff', asJson]), 'json'],
    ['a ZIP', asZip, 'yaml'],
  ])('as %s is known by what is in it', async (_name, file, form) => {
    expect(await openWhole(file)).toMatchObject({ head: headOf(records), records, faults: [], form });
  });

  test('says how far reading it is', async () => {
    const file = new Blob([
      await documentOf(
        jsonForm,
        Array.from({ length: 3000 }, (_, n) => aRecord(n)),
      ),
    ]);
    const seen: number[] = [];
    const signal = new AbortController().signal;
    const onProgress = ({ done, total }: { readonly done: number; readonly total: number }) => void seen.push(done / total);
    const opened = await openBackupFile(file, { temp: memoryTemp(), signal, onProgress });
    seen.length = 0;
    if (opened.ok) for await (const _ of opened.value.records());
    expect(seen.length).toBeGreaterThan(3);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen.at(-1)).toBe(1);
  });

  test('is read again from the beginning, each time that it is asked for', async () => {
    const file = new Blob([(await documentOf(jsonForm, records)).replace('Note 1', 'Note 7')]);
    const opened = await openBackupFile(file, { temp: memoryTemp(), signal: new AbortController().signal });
    for (let time = 0; opened.ok && time < 3; time++) {
      let count = 0;
      for await (const _ of opened.value.records()) count++;
      expect(count).toBe(2);
      expect(opened.value.faults).toEqual([{ type: 'ChecksumDiffers' }]);
    }
    expect(opened.ok).toBe(true);
  });

  test('is stopped wherever it is', async () => {
    const file = new Blob([
      await documentOf(
        jsonForm,
        Array.from({ length: 3000 }, (_, n) => aRecord(n)),
      ),
    ]);
    const stop = new AbortController();
    const opened = await openBackupFile(file, { temp: memoryTemp(), signal: stop.signal });
    const read = async (): Promise<void> => {
      let count = 0;
      if (opened.ok) for await (const _ of opened.value.records()) if (++count === 5) stop.abort(new Error('enough'));
    };
    await expect(read()).rejects.toThrow('enough');
    await expect(openBackupFile(file, { temp: memoryTemp(), signal: stop.signal })).rejects.toThrow('enough');
  });

  test('of a newer version is named as that', async () => {
    const file = new Blob(['{"format":"holdfast-backup","version":7,"records":{}}']);
    const newer = await openWhole(new Blob([(await file.text()).replace(',"records":{}', '')]));
    expect(newer.faults).toEqual([{ type: 'NewerBackup', version: 7 }]);
    expect((await openWhole(new Blob(['format: holdfast-backup\nversion: 7\nmore: 1\n']))).faults).toEqual([
      { type: 'NewerBackup', version: 7 },
    ]);
  });

  test('that is larger than anything is refused before it is read', async () => {
    const file = new Blob([await documentOf(jsonForm, records)]);
    expect((await openWhole(file, { limits: { totalBytes: 10 } })).faults).toEqual([{ type: 'BackupTooLarge', limitBytes: 10 }]);
  });
});

describe('a file that is no backup is named for what it is', () => {
  const chatGpt = '[{"title":"x","create_time":1.5,"mapping":{"a":{"parent":null}},"current_node":"a"}]';
  test.each<[string, Blob, object]>([
    ['nothing', new Blob([]), { type: 'EmptyFile' }],
    ['blanks', new Blob(['  \n\n']), { type: 'EmptyFile' }],
    ['zeros', new Blob([new Uint8Array(5000)]), { type: 'NotText' }],
    ['a picture', new Blob([new Uint8Array([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13])]), { type: 'NotText' }],
    ['a program', new Blob([new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0])]), { type: 'NotText' }],
    ['gzip', new Blob([new Uint8Array([0x1f, 0x8b, 8, 0, 0, 0, 0, 0])]), { type: 'NotText' }],
    ['words in another encoding', new Blob([new Uint8Array([0x47, 0x72, 0xf6, 0xdf, 0x65])]), { type: 'NotText' }],
    ['UTF-16', utf16('{"format":"holdfast-backup"}'), { type: 'OtherEncoding', encoding: 'UTF-16' }],
    ['a web page', new Blob(['\n<!DOCTYPE html><html><title>502</title>']), { type: 'WebPage' }],
    ['a web page without its type', new Blob(['<html><body>Sign in']), { type: 'WebPage' }],
    ['words', new Blob(['Dear diary']), { type: 'NotABackup' }],
    ['JSON of something else', new Blob(['{"a":1}']), { type: 'NotABackup' }],
    ['a list', new Blob(['[1,2]']), { type: 'NotABackup' }],
    ['an export of ChatGPT', new Blob([chatGpt]), { type: 'ForeignFile', app: 'ChatGPT' }],
    ['its ZIP', zip({ 'chat.html': '<html>', 'conversations.json': chatGpt }), { type: 'ForeignFile', app: 'ChatGPT' }],
    ['its newer ZIP', zip({ 'conversations-000.json': chatGpt }), { type: 'ForeignFile', app: 'ChatGPT' }],
    [
      'an export of Claude',
      new Blob(['[{"uuid":"x","chat_messages":[{"sender":"human"}]}]']),
      { type: 'ForeignFile', app: 'Claude' },
    ],
    ['its ZIP', zip({ 'conversations.json': '[{"uuid":"x","chat_messages":[]}]' }), { type: 'ForeignFile', app: 'Claude' }],
    [
      'Open WebUI',
      new Blob(['[{"id":"x","chat":{"models":[],"history":{"currentId":"a","messages":{}}}}]']),
      { type: 'ForeignFile', app: 'Open WebUI' },
    ],
    ['LibreChat', new Blob(['{"conversationId":"x","messagesTree":[]}']), { type: 'ForeignFile', app: 'LibreChat' }],
    [
      'a note of Google Keep',
      new Blob(['{"color":"DEFAULT","textContent":"x","userEditedTimestampUsec":1}']),
      { type: 'ForeignFile', app: 'Google Keep' },
    ],
    ['Takeout of Keep', zip({ 'Takeout/Keep/a.json': '{}' }), { type: 'ForeignFile', app: 'Google Keep' }],
    [
      'Evernote',
      new Blob(['<?xml version="1.0"?>\n<!DOCTYPE en-export SYSTEM "x">\n<en-export>']),
      { type: 'ForeignFile', app: 'Evernote' },
    ],
    ['a vault of Obsidian', zip({ 'v/.obsidian/app.json': '{}', 'v/a.md': '# A' }), { type: 'ForeignFile', app: 'Obsidian' }],
    ['Notion', zip({ 'Export-1234-Part-1.zip': 'PK' }), { type: 'ForeignFile', app: 'Notion' }],
    ['pages of Notion', zip({ [`A ${'0'.repeat(32)}.md`]: '# A' }), { type: 'ForeignFile', app: 'Notion' }],
    [
      'a note of Joplin',
      new Blob(['---\ntitle: A\ncreated: 2026-01-01 00:00:00Z\n---\n\nText\n']),
      { type: 'ForeignFile', app: 'Joplin' },
    ],
    [
      'JEX of Joplin',
      new Blob([`${'0'.repeat(32)}.md${'\u0000'.repeat(222)}ustar\u000000`]),
      { type: 'ForeignFile', app: 'Joplin' },
    ],
    ['Markdown with front matter', new Blob(['---\ntitle: A\n---\n\nText\n']), { type: 'ForeignFile', app: 'Markdown' }],
    ['a folder of Markdown', zip({ 'a/b.md': '# B' }), { type: 'ForeignFile', app: 'Markdown' }],
    ['a ZIP of something else', zip({ 'a.txt': 'x' }), { type: 'NotABackup' }],
    ['a broken ZIP', new Blob(['PK\u0003\u0004 and then nothing']), { type: 'BadArchive' }],
  ])('%s', async (_name, file, fault) => {
    expect((await openWhole(file)).faults).toEqual([expect.objectContaining(fault)]);
  });
});

test('a note about a backup, or one that quotes it, is not taken for one', async () => {
  expect((await openWhole(new Blob(['My holdfast-backup is on the stick.']))).faults).toEqual([{ type: 'NotABackup' }]);
});
