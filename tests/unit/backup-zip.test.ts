/** Backups as ZIP: written, read back, and what a stranger may have put into one. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BlobReader, BlobWriter, ZipReader, ZipWriter, type ZipWriterAddDataOptions } from '@zip.js/zip.js';
import { zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { jsonForm } from '#backup/format/json-form.ts';
import { yamlForm } from '#backup/format/yaml-form.ts';
import { aRecord, documentOf, headOf } from '#support/backup-content.ts';
import { aFile, memoryTemp, openWhole, referTo, zipOf } from '#support/backup-file.ts';

const files = [aFile('a picture', 'png'), aFile('a sound', 'ogg')];
const records = [aRecord(1, { text: files.map(referTo).join('\n') }), aRecord(2)];
const byHash = Object.fromEntries([
  [files[0]?.hash, 'a picture'],
  [files[1]?.hash, 'a sound'],
]);

const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const document = encode(await documentOf(jsonForm, records, { files: 2 }));
const filePaths = files.map(({ hash, extension }) => `files/${hash}.${extension}`);
/** An archive by another program, with these files besides. */
const packed = (more: { readonly [path: string]: Uint8Array } = {}): Blob => {
  const all = {
    'backup.json': document,
    [filePaths[0] ?? '']: encode('a picture'),
    [filePaths[1] ?? '']: encode('a sound'),
    ...more,
  };
  return new Blob([new Uint8Array(zipSync(all))]);
};

async function bytesOf(blob: Blob): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await blob.arrayBuffer());
}

describe('a backup as ZIP', () => {
  test.each([jsonForm, yamlForm])('has the $name document and each file, and is read back as it was', async (form) => {
    const zip = await zipOf(form, records, files);
    const temp = memoryTemp();
    expect(await openWhole(zip, { temp })).toMatchObject({
      ...{ head: headOf(records, { files: 2 }), records, files: byHash, faults: [], form: form.name, encrypted: false },
    });
    expect(temp.left()).toBe(0);
    const paths = (await new ZipReader(new BlobReader(zip)).getEntries()).map(({ filename }) => filename);
    expect(paths).toEqual([`backup.${form.name}`, ...filePaths]);
  });

  test('is the same bytes when the same is written again', async () => {
    expect(await bytesOf(await zipOf(jsonForm, records, files))).toEqual(await bytesOf(await zipOf(jsonForm, records, files)));
  });

  test('is opened by the system’s own unzip (skipped where there is none)', async ({ skip }) => {
    if (spawnSync('unzip', ['-v']).status !== 0) skip('unzip is not installed');
    const folder = mkdtempSync(join(tmpdir(), 'backup-zip-'));
    writeFileSync(join(folder, 'x.zip'), await bytesOf(await zipOf(jsonForm, records, files)));
    expect(spawnSync('unzip', ['-q', 'x.zip'], { cwd: folder }).status).toBe(0);
    expect(readFileSync(join(folder, filePaths[0] ?? ''), 'utf8')).toBe('a picture');
    rmSync(folder, { recursive: true });
  });

  test('packed again by a person, in a folder and with what the system adds, is read as well', async () => {
    const inFolder = new Blob([
      new Uint8Array(
        zipSync({
          'My backup/backup.json': document,
          [`My backup/${filePaths[0]}`]: encode('a picture'),
          [`My backup/${filePaths[1]}`]: encode('a sound'),
          'My backup/.DS_Store': encode('x'),
          '__MACOSX/My backup/._backup.json': encode('x'),
        }),
      ),
    ]);
    expect(await openWhole(inFolder)).toMatchObject({ records, files: byHash, faults: [] });
  });
});

describe('what a stranger may have put into one', () => {
  test('a file whose bytes are not those of its name is left out and named', async () => {
    const temp = memoryTemp();
    const read = await openWhole(packed({ [filePaths[0] ?? '']: encode('another') }), { temp });
    expect(read.files).toEqual({ [files[1]?.hash ?? '']: 'a sound' });
    expect(read.faults).toEqual([{ type: 'FileDamaged', hash: files[0]?.hash }]);
    expect(temp.left()).toBe(0);
  });

  test('fewer files than the head says', async () => {
    const read = await openWhole(new Blob([new Uint8Array(zipSync({ 'backup.json': document }))]));
    expect(read.faults).toEqual([{ type: 'FilesDiffer', said: 2, found: 0 }]);
  });

  test.each(['../evil.md', '/etc/passwd', 'C:/x', 'c:x', 'a/../../b', 'a\\..\\b', '..', 'a\u0000b', './x'])(
    'the path %j',
    async (path) => {
      const read = await openWhole(packed({ [path]: encode('x') }));
      expect(read.records).toEqual([]);
      expect(['BadPath', 'BadArchive']).toContain(read.faults[0]?.type);
    },
  );

  test('a path of 5,000 characters, or two documents', async () => {
    expect((await openWhole(packed({ ['x'.repeat(5000)]: encode('x') }))).faults[0]).toMatchObject({ type: 'BadPath' });
    expect((await openWhole(packed({ 'backup.yaml': document }))).faults[0]).toMatchObject({ type: 'BadPath' });
  });

  test('names that mean something on some systems are never used as names', async () => {
    expect(await openWhole(packed({ 'con.md': encode('x'), 'files/x. ': encode('x'), 'files/nul': encode('x') }))).toMatchObject({
      records,
      faults: [],
    });
  });

  test('a path that is there twice', async () => {
    const zip = new ZipWriter(new BlobWriter());
    const options: ZipWriterAddDataOptions = { useWebWorkers: false };
    await zip.add('backup.json', new Blob([document]).stream(), options);
    await zip.add('backup.jsoX', new Blob([document]).stream(), options);
    const bytes = await bytesOf(await zip.close());
    const text = Buffer.from(bytes).toString('latin1').replaceAll('backup.jsoX', 'backup.json');
    const read = await openWhole(new Blob([Buffer.from(text, 'latin1')]));
    expect(['BadPath', 'BadArchive']).toContain(read.faults[0]?.type);
  });

  test('a bomb: a document or a file that unpacks to more than it may', async () => {
    const bomb = new Uint8Array(60_000_000);
    expect((await openWhole(packed({ [filePaths[0] ?? '']: bomb }))).faults[0]).toMatchObject({ type: 'BackupTooLarge' });
    // Each of them is within the limit, and small where it lies; together they are not.
    const large = [aFile('a'.repeat(60_000)), aFile('b'.repeat(60_000))];
    const both = Object.fromEntries(large.map(({ hash }, at) => [`files/${hash}.txt`, encode('ab'.charAt(at).repeat(60_000))]));
    const read = await openWhole(packed(both), { limits: { totalBytes: 100_000 } });
    expect(read.faults.map(({ type }) => type)).toContain('BackupTooLarge');
    expect(large.filter(({ hash }) => hash in read.files)).toHaveLength(1);
  });

  test('a file that lies where another one is, as it is and with the right hash', async () => {
    const [picture] = files;
    if (!picture) throw new Error('no picture');
    const bytes = Buffer.from(await bytesOf(await zipOf(jsonForm, records, [picture, { ...picture, extension: 'jpg' }])));
    const names = ['png', 'jpg'].map((extension) => `files/${picture.hash}.${extension}`);
    // In the directory, which is behind the files, a name is 46 bytes behind the beginning of its entry, and 4 behind where the file begins.
    const [own, others] = names.map((name) => bytes.lastIndexOf(name) - 4);
    bytes.copy(bytes, others, own, (own ?? 0) + 4);
    const read = await openWhole(new Blob([bytes]));
    expect(read.faults).toContainEqual({ type: 'FileDamaged', hash: picture.hash });
  });

  test('a size that lies', async () => {
    const bytes = await bytesOf(packed({ 'other.txt': encode('x'.repeat(10_000)) }));
    const size = Buffer.from(bytes).lastIndexOf(Buffer.from([0x10, 0x27, 0, 0]));
    bytes[size] = 0x20;
    bytes[size + 1] = 0;
    const read = await openWhole(new Blob([bytes]));
    expect(read.faults.length === 0 ? read.records : read.faults[0]?.type).not.toBeUndefined();
  });

  test('a file that was cut, or changed, anywhere', async () => {
    const bytes = await bytesOf(await zipOf(jsonForm, records, files));
    for (let end = 4; end < bytes.length; end += 37) {
      const { faults } = await openWhole(new Blob([bytes.subarray(0, end)]));
      expect(faults.length, `cut at ${end}`).toBeGreaterThan(0);
    }
  });

  test('an archive with a ZIP password, more files than any backup has, or no files', async () => {
    const locked = new ZipWriter(new BlobWriter(), { password: 'x', useWebWorkers: false });
    await locked.add('backup.json', new Blob([document]).stream());
    expect((await openWhole(await locked.close())).faults[0]).toMatchObject({ type: 'BadArchive' });
    expect((await openWhole(packed(), { limits: { entries: 2 } })).faults[0]).toMatchObject({ type: 'BadArchive' });
    expect((await openWhole(new Blob([new Uint8Array(zipSync({}))]))).faults[0]).toMatchObject({ type: 'NotABackup' });
  });
});
