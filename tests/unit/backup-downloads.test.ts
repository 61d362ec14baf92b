/** Backups as files: what is in them, in which form, behind a passphrase, and what becomes of files that are not here. */
import { strFromU8 } from 'fflate';
import { describe, expect, test } from 'vitest';
import { createNamedFiles, type FilePort, findFiles, MISSING_PATH } from '#backup/out/named-files.ts';
import { writeBackup } from '#backup/out/write-backup.ts';
import type { BackupProgress, DownloadChoice } from '#core/backups.ts';
import { blobReference } from '#core/blobs.ts';
import { err, ok } from '#core/result.ts';
import { ledger } from '#entities/index.ts';
import { unzip } from '#support/archive.ts';
import { aHead, aRecord, collectBytes, headOf, linesOf } from '#support/backup-content.ts';
import { openWhole } from '#support/backup-file.ts';
import { hashOf, someBytes } from '#support/blob-bytes.ts';
import { openBlobWorld } from '#support/blob-world.ts';
import { must } from '#support/memory-workspace.ts';

const offline: FilePort['fetch'] = async () => err({ type: 'Network', reason: 'no network' });

/** Key derivation in a moment. */
const FAST = 4;

async function openWorld() {
  const { blobs } = openBlobWorld();
  const bytes = [someBytes(100_000, 1), someBytes(70_000, 2)] as const;
  const away = hashOf(bytes[1]);
  const here = must(await blobs.put(bytes[0], { type: 'image/png' })).hash;
  const lost = 'e'.repeat(64);
  const records = [
    aRecord(1, { title: 'Leaves', text: `![Leaf](${blobReference(here, 'png')}) again files/${here}.png` }),
    aRecord(2, { title: 'Far', text: `files/${away}.jpg files/${lost}.pdf` }),
  ];
  const files: FilePort = { read: (hash) => blobs.read(hash), fetch: offline };
  const { counts } = headOf(records);
  const manifest = {
    ...{ ...aHead, account: aHead.account ?? '', counts, madeAt: Date.parse(aHead.madeAt), records: records.length },
    blobs: [here, away, lost].map((hash) => ({ file: `files/${hash}`, size: null })),
  };
  const progress: BackupProgress[] = [];
  const write = async (
    choice: DownloadChoice,
    source: Partial<FilePort> = {},
    step?: (at: BackupProgress) => void,
    lacking?: number,
  ) => {
    const { sink, blob } = collectBytes();
    progress.length = 0;
    const all = { manifest, lines: () => linesOf(records), files: { ...files, ...source }, ledger };
    const written = await writeBackup({ ...all, ...(lacking !== undefined && { lacking }) }, sink, {
      choice,
      step: step ?? ((at) => progress.push(at)),
      workFactor: FAST,
    });
    return { written, blob: blob() };
  };
  const bring: FilePort['fetch'] = async (hash) =>
    hash === lost ? err({ type: 'BlobMissing' }) : blobs.put(bytes[1], { type: 'image/jpeg', sent: true });
  return { records, write, bring, here, away, lost, progress };
}

describe('a kept backup as a file', () => {
  test('says the same in each form, and in the ZIP its files are with it', async () => {
    const { write, records, bring, here, away, progress } = await openWorld();
    for (const form of ['json', 'yaml', 'zip'] as const) {
      const { blob } = await write({ form }, { fetch: bring });
      const read = await openWhole(blob);
      expect(read.records, form).toEqual(records);
      expect(read.faults, form).toEqual([]);
      expect(Object.keys(read.files).sort(), form).toEqual(form === 'zip' ? [here, away].sort() : []);
    }
    expect(progress.filter(({ phase }) => phase === 'files').map(({ done }) => done)).toEqual([0, 1, 2]);
    // The records are looked through for what they name: with very many of them that takes seconds.
    const looking = progress.filter(({ phase }) => phase === 'comparing');
    expect(looking.map(({ done, total }) => [done, total])).toEqual([
      [0, 2],
      [1, 2],
    ]);
    const writing = progress.filter(({ phase }) => phase === 'writing');
    expect(writing.map(({ done }) => done)).toEqual([0, 1, 2, 3]);
    expect(writing.every(({ total }) => total === 4)).toBe(true);
  });

  test('that is the rest of a damaged one says how much is not in it, and is sound', async () => {
    const { write, records } = await openWorld();
    for (const form of ['json', 'yaml', 'zip'] as const) {
      const { blob, written } = await write({ form }, {}, undefined, 3);
      expect(written.lacking, form).toBe(3);
      expect(await openWhole(blob), form).toMatchObject({ head: { lacking: 3 }, records, faults: [] });
      expect(await openWhole((await write({ form }, {}, undefined, Number.MAX_SAFE_INTEGER + 1)).blob), form).toMatchObject({
        faults: [],
      });
      expect((await openWhole((await write({ form })).blob)).head, form).not.toHaveProperty('lacking');
    }
  });

  test('as Markdown is an archive of documents, whose files are with it', async () => {
    const { write, bring, here, away } = await openWorld();
    const { blob, written } = await write({ form: 'markdown' }, { fetch: bring });
    const files = unzip(new Uint8Array(await blob.arrayBuffer()));
    expect([...files.keys()]).toEqual([
      ...['README.txt', 'Leaves.md', 'Far.md', `files/${here}.png`, `files/${away}.jpg`, MISSING_PATH],
    ]);
    expect(strFromU8(files.get('Leaves.md') ?? new Uint8Array())).toContain(`![Leaf](files/${here}.png)`);
    expect(hashOf(files.get(`files/${away}.jpg`) ?? new Uint8Array())).toBe(away);
    expect(written).toMatchObject({ files: 2, missing: 1 });
  });

  test('has a list of the files that nobody has, with what names them, and is whole all the same', async () => {
    const { write, bring, lost } = await openWorld();
    const { written, blob } = await write({ form: 'zip' }, { fetch: bring });
    expect(written).toMatchObject({ files: 2, missing: 1 });
    const texts = unzip(new Uint8Array(await blob.arrayBuffer()));
    expect(strFromU8(texts.get(MISSING_PATH) ?? new Uint8Array())).toContain(
      `files/${lost}.pdf\n  named in note “Far”: it is not on this device, and the server does not have it`,
    );
  });

  test.each(['json', 'yaml', 'zip'] as const)('behind a passphrase, %s is opened by it alone', async (form) => {
    const { write, records } = await openWorld();
    const { blob } = await write({ form, passphrase: 'six words' });
    expect(await blob.text()).not.toContain('Leaves');
    expect((await openWhole(blob)).faults).toEqual([{ type: 'PassphraseNeeded' }]);
    expect((await openWhole(blob, { passphrase: 'other' })).faults).toEqual([{ type: 'WrongPassphrase' }]);
    expect(await openWhole(blob, { passphrase: 'six words' })).toMatchObject({ records, faults: [], encrypted: true });
  });

  test.each([undefined, 'six words'])('that is stopped at any step gives no file (passphrase: %s)', async (passphrase) => {
    const { write, bring, progress } = await openWorld();
    const choice = { form: 'zip', ...(passphrase !== undefined && { passphrase }) } as const;
    await write(choice, { fetch: bring });
    const steps = progress.length;
    expect(steps).toBeGreaterThan(5);
    for (let at = 0; at < steps; at++) {
      let taken = 0;
      const step = (): void => {
        if (taken++ === at) throw new Error('stopped');
      };
      await expect(write(choice, { fetch: bring }, step), String(at)).rejects.toThrow('stopped');
    }
  });

  test('fails as the disk does', async () => {
    const { records } = await openWorld();
    const full = new WritableStream<Uint8Array>({
      write() {
        throw new DOMException('no room', 'QuotaExceededError');
      },
    });
    const manifest = { ...aHead, account: '', madeAt: 0, records: records.length, blobs: [] };
    const files: FilePort = { read: async () => ok(null), fetch: offline };
    const source = { manifest, lines: () => linesOf(records), files, ledger };
    const options = { choice: { form: 'json', passphrase: 'six words' }, step: () => {}, workFactor: FAST } as const;
    await expect(writeBackup(source, full, options)).rejects.toThrow('no room');
  });
});

describe('without a network', () => {
  const named = (count: number) => {
    const names = createNamedFiles();
    for (let at = 0; at < count; at++) names.note(`files/${at.toString(16).padStart(64, '0')}.png`, () => 'note “A”');
    return names;
  };
  const lookFor = async (count: number, fetch: FilePort['fetch'], read: FilePort['read'] = async () => ok(null)) =>
    findFiles(named(count), { read, fetch }, () => {});

  test('the server is not asked for each of a thousand files', async () => {
    let asked = 0;
    const { here, missing } = await lookFor(1000, async (hash) => {
      asked += 1;
      return offline(hash);
    });
    expect({ asked, here: here.length, missing }).toEqual({ asked: 2, here: 0, missing: 1000 });
  });

  test('one file that the server does not have stops no other', async () => {
    let asked = 0;
    const { missing } = await lookFor(10, async (hash) => {
      asked += 1;
      return asked % 2 === 0 ? err({ type: 'BlobMissing' }) : offline(hash);
    });
    expect([asked, missing]).toEqual([10, 10]);
  });

  test('one that cannot be read is listed', async () => {
    const { missingText } = await lookFor(1, offline, async () => err({ type: 'StorageFailed', reason: 'disk' }));
    expect(missingText).toContain('could not be read');
  });
});
