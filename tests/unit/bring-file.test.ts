/** A file that is brought: it counts when all of it has been read and found right, and otherwise nothing of it is left. */
import { describe, expect, test } from 'vitest';
import { jsonForm } from '#backup/format/json-form.ts';
import { type BackupRecord, compareKeys, recordLine } from '#backup/format/record.ts';
import { type PlainSecret, secretRecord } from '#backup/format/secret-record.ts';
import { yamlForm } from '#backup/format/yaml-form.ts';
import { caught } from '#backup/kept/failure.ts';
import { bringFile } from '#backup/restore/bring-file.ts';
import { sortRecords } from '#backup/restore/sort-records.ts';
import type { BackupProgress } from '#core/backups.ts';
import type { BringOptions } from '#core/restores.ts';
import { aRecord, documentOf } from '#support/backup-content.ts';
import { aFile, blobOf, memoryTemp, referTo, zipOf } from '#support/backup-file.ts';
import { type BackupWorld, openBackupWorld } from '#support/backup-world.ts';
import { must } from '#support/memory-workspace.ts';

const records = Array.from({ length: 300 }, (_, n) => aRecord(n));
const asJson = await documentOf(jsonForm, records);
const fileOf = (content: BlobPart, name = 'backup.json'): File => new File([content], name, { lastModified: 1_700_000_000_000 });

/** A place, and the files that a workspace has. */
async function openBringing() {
  const world = await openBackupWorld();
  const temp = memoryTemp();
  const files = new Map<string, string>();
  const secrets = new Map<string, readonly PlainSecret[]>();
  const stopping = new AbortController();
  const told: BackupProgress[] = [];
  const bring = (file: File, options: BringOptions = {}) =>
    caught(() =>
      bringFile(file, options, {
        temp,
        keep: (bringing) => world.kept.bring(bringing, { signal: stopping.signal, pause: async () => {} }),
        haveFiles: async (hashes) => hashes.filter((hash) => files.has(hash)),
        putFile: async (hash, bytes) => void files.set(hash, await (await blobOf(bytes)).text()),
        keepSecrets: async (id, found) => void secrets.set(id, found),
        signal: stopping.signal,
        tell: (progress) => void told.push(progress),
      }),
    );
  /** Nothing lies there, and no temporary file is left. */
  const expectNothing = async (): Promise<void> => {
    expect((await world.kept.list()).backups).toEqual([]);
    expect([...world.place.files.keys()].filter((path) => path.startsWith('parts/'))).toEqual([]);
    expect(temp.left()).toBe(0);
  };
  return { ...world, temp, files, secrets, stopping, told, bring, expectNothing };
}

const recordsOf = async (world: BackupWorld, id: string): Promise<readonly BackupRecord[]> =>
  (await world.linesOf(id)).map((line) => JSON.parse(line) as BackupRecord);

const asYaml = await documentOf(yamlForm, records);
const asZip = await zipOf(jsonForm, records, []);

describe('a file that is whole', () => {
  test.each([
    ['JSON', fileOf(asJson)],
    ['YAML', fileOf(asYaml, 'backup.yaml')],
    ['a ZIP', fileOf(asZip, 'backup.zip')],
    ['JSON with a byte order mark', fileOf(`\ufeff${asJson}`)],
  ])('as %s is listed as a backup that was brought', async (_name, file) => {
    const world = await openBringing();
    const brought = must(await world.bring(file));
    if (brought.type !== 'brought') throw new Error('not brought');
    const { backup } = brought;
    expect(backup).toMatchObject({ reason: 'brought', from: { type: 'file', name: file.name }, records: 300, isPinned: true });
    expect(backup).toMatchObject({
      madeAt: Date.parse('2026-11-27T08:30:00Z'),
      checkedAt: world.time.ms,
      device: { name: 'Laptop' },
    });
    expect((await world.kept.list()).backups).toEqual([backup]);
    expect(await recordsOf(world, backup.id)).toEqual(records);
    expect(world.temp.left()).toBe(0);
  });

  test('that was made of a damaged backup stays known as one, also where its list is read anew', async () => {
    const world = await openBringing();
    const brought = must(await world.bring(fileOf(await documentOf(jsonForm, records, { lacking: 7 }))));
    expect(brought).toMatchObject({ type: 'brought', backup: { records: 300, lacking: 7, damaged: [] } });
    expect((await world.kept.list()).backups).toMatchObject([{ lacking: 7 }]);
    must(await world.bring(fileOf(asYaml, 'other.yaml')));
    expect((await world.kept.list()).backups).toMatchObject([{ lacking: 0 }]);
  });

  test('may say of itself that it is older than 1970', async () => {
    const world = await openBringing();
    const brought = must(await world.bring(fileOf(await documentOf(jsonForm, records, { madeAt: '1960-01-01T00:00:00.000Z' }))));
    expect(brought).toMatchObject({ type: 'brought', backup: { madeAt: 0, records: 300 } });
  });

  test('is one backup, however often and in whatever form it is brought', async () => {
    const world = await openBringing();
    must(await world.bring(fileOf(asJson)));
    must(await world.bring(fileOf(asJson, 'copy.json')));
    must(await world.bring(fileOf(asYaml, 'backup.yaml')));
    expect((await world.kept.list()).backups).toHaveLength(1);
  });

  test('may have its records in any order', async () => {
    const world = await openBringing();
    const [head = '', rest = ''] = asJson.split('"records":[\n');
    const [list = ''] = rest.split('\n],');
    const mixed = `${head}"records":[\n${list.split(',\n').toReversed().join(',\n')}\n]}\n`;
    const brought = must(await world.bring(fileOf(mixed), { acceptFaults: true }));
    if (brought.type !== 'brought') throw new Error(JSON.stringify(brought.faults));
    expect(await recordsOf(world, brought.backup.id)).toEqual(records);
    expect(world.temp.left()).toBe(0);
  });

  test.each(['sorted', 'mixed'])('gives its API keys away, and keeps none of them (%s)', async (order) => {
    const world = await openBringing();
    const key = { id: records[3]?.id ?? '', origin: 'https://models.example', key: 'sk-canary' };
    const all = [...records, secretRecord(key)].sort(compareKeys);
    const content = await documentOf(jsonForm, order === 'sorted' ? all : all.toReversed());
    const brought = must(await world.bring(fileOf(content)));
    if (brought.type !== 'brought') throw new Error(JSON.stringify(brought.faults));
    expect([...world.secrets]).toEqual([[brought.backup.id, [key]]]);
    expect(await recordsOf(world, brought.backup.id)).toEqual(records);
    expect(brought.backup.counts).toEqual({ note: { live: 300, binned: 0 } });
    expect((await world.linesOf(brought.backup.id)).join()).not.toContain('sk-canary');
  });

  test('with an API key that is none is named by its place', async () => {
    const world = await openBringing();
    const bad = {
      ...secretRecord({ id: records[3]?.id ?? '', origin: 'https://models.example', key: 'k' }),
      fields: { origin: 7 },
    };
    const brought = must(await world.bring(fileOf(await documentOf(jsonForm, [...records, bad]))));
    expect(brought).toMatchObject({
      type: 'faulty',
      faults: [{ type: 'BadMember', member: 'fields.key', place: { record: 301 } }, { type: 'CountsDiffer' }],
    });
  });

  test('leaves what the backups that were made here share with it', async () => {
    const world = await openBringing();
    await world.writeNotes(200);
    const made = must(await world.backUp());
    const lines = await world.linesOf(made.id);
    const own = lines.map((line) => JSON.parse(line) as BackupRecord);
    const brought = must(await world.bring(fileOf(await documentOf(jsonForm, own))));
    if (brought.type !== 'brought') throw new Error('not brought');
    const changed = fileOf((await documentOf(jsonForm, own)).replace(/[0-9a-f]{64}"\}\n$/, `${'0'.repeat(64)}"}\n`));
    expect(must(await world.bring(changed))).toMatchObject({ type: 'faulty', faults: [{ type: 'ChecksumDiffers' }] });
    expect(await world.linesOf(made.id)).toEqual(lines);
    world.time.ms += 10 * 60_000;
    await world.kept.remove(brought.backup.id);
    expect(await world.linesOf(made.id)).toEqual(lines);
  });

  test('tells how far it is, to its end', async () => {
    const world = await openBringing();
    must(await world.bring(fileOf(asJson)));
    const reading = world.told.filter(({ phase }) => phase === 'reading');
    expect(reading.at(-1)).toEqual({ phase: 'reading', done: asJson.length, total: asJson.length });
  });
});

describe('pictures and files', () => {
  const [picture, other, unnamed] = [aFile('a picture', 'png'), aFile('a table', 'csv'), aFile('nobody names it')];
  const naming = [aRecord(1, { text: `${referTo(picture)} ${referTo(other)}` })];

  test('come before the records that name them count, and what no record names stays away', async () => {
    const world = await openBringing();
    const file = fileOf(await zipOf(jsonForm, naming, [picture, other, unnamed]));
    expect(must(await world.bring(file))).toMatchObject({ type: 'brought', backup: { blobs: { files: 2, bytes: 16 } } });
    expect([...world.files.values()].sort()).toEqual(['a picture', 'a table']);
    expect(world.temp.left()).toBe(0);
  });

  test('that are damaged are named, and left out if the person wants the others', async () => {
    const world = await openBringing();
    const broken = { ...picture, bytes: new Blob(['another']) };
    const file = fileOf(await zipOf(jsonForm, naming, [broken, other]));
    expect(must(await world.bring(file))).toEqual({
      type: 'faulty',
      faults: [{ type: 'FileDamaged', hash: picture.hash }],
      usable: { records: 1 },
    });
    await world.expectNothing();
    expect(must(await world.bring(file, { acceptFaults: true })).type).toBe('brought');
    expect([...world.files.values()]).toEqual(['a table']);
  });

  test('that are large are told of as they come, and can be stopped in the middle', async () => {
    const large = aFile('0123456789abcdef'.repeat(40_000), 'bin');
    const file = fileOf(await zipOf(jsonForm, [aRecord(1, { text: `${referTo(large)} ${referTo(other)}` })], [other, large]));
    const world = await openBringing();
    expect(must(await world.bring(file)).type).toBe('brought');
    const done = world.told.filter(({ phase }) => phase === 'files').map((at) => at.done);
    expect(done).toEqual([...done].sort((a, b) => a - b));
    expect(done.filter((at) => at > 1 && at < 2).length).toBeGreaterThan(1);
    expect(done.at(-1)).toBe(2);

    const stopped = await openBringing();
    stopped.told.push = (progress) => {
      if (progress.phase === 'files' && progress.done > 1.2) stopped.stopping.abort();
      return 0;
    };
    expect(await stopped.bring(file)).toEqual({ ok: false, error: { type: 'BackupStopped' } });
    expect([...stopped.files.values()]).toEqual(['a table']);
    await stopped.expectNothing();
  });

  test('that find no room leave nothing', async () => {
    const world = await openBringing();
    world.files.set = () => {
      throw new DOMException('full', 'QuotaExceededError');
    };
    const file = fileOf(await zipOf(jsonForm, naming, [picture, other]));
    expect(await world.bring(file)).toMatchObject({ ok: false, error: { type: 'QuotaExceeded' } });
    await world.expectNothing();
  });
});

describe('a file with faults', () => {
  const withBad = asJson.replace(
    '"kind":"note","stamps":{"title":"0mgq0f0a0-0000-0badcafe"},"v":1},',
    '"kind":"N","stamps":{},"v":1},',
  );

  test('is shown with each of them by its place, and is brought without what they concern if the person says so', async () => {
    const world = await openBringing();
    const seen = must(await world.bring(fileOf(withBad)));
    if (seen.type !== 'faulty') throw new Error('brought');
    expect(seen.faults[0]).toMatchObject({ type: 'BadMember', member: 'kind', place: { record: 1, line: 13 } });
    expect(seen.usable).toEqual({ records: 299 });
    await world.expectNothing();
    const brought = must(await world.bring(fileOf(withBad), { acceptFaults: true }));
    expect(brought).toMatchObject({ type: 'brought', backup: { records: 299 } });
  });

  test.each([
    ['cut in the middle', asJson.slice(0, asJson.length / 2), 'Truncated'],
    ['of a newer format', asJson.replace('"version":1', '"version":2'), 'NewerBackup'],
    ['of another app', JSON.stringify([{ title: 'x', mapping: { a: 1 }, conversation_id: 'y' }]), 'ForeignFile'],
    ['empty', '', 'EmptyFile'],
    ['a web page', '<!doctype html><p>Sign in</p>', 'WebPage'],
  ])('%s is refused whole, whatever the person says', async (_name, content, type) => {
    const world = await openBringing();
    for (const acceptFaults of [false, true]) {
      const seen = must(await world.bring(fileOf(content), { acceptFaults }));
      expect(seen).toMatchObject({ type: 'faulty', usable: null });
      expect(seen.type === 'faulty' && seen.faults.map((fault) => fault.type)).toContain(type);
    }
    await world.expectNothing();
  });
});

test('a file that is stopped leaves nothing', async () => {
  const world = await openBringing();
  const write = world.place.write.bind(world.place);
  let writes = 0;
  world.place.write = async (path, bytes) => {
    await write(path, bytes);
    if (++writes === 2) world.stopping.abort();
  };
  expect(await world.bring(fileOf(asJson))).toEqual({ ok: false, error: { type: 'BackupStopped' } });
  expect(writes).toBe(2);
  await world.expectNothing();
  // While it is read, too.
  expect(await world.bring(fileOf(asJson))).toEqual({ ok: false, error: { type: 'BackupStopped' } });
});

test('a disk that is full in the middle leaves nothing', async () => {
  const world = await openBringing();
  world.place.capacityBytes = 1500;
  expect(await world.bring(fileOf(asJson))).toEqual({ ok: false, error: { type: 'QuotaExceeded' } });
  await world.expectNothing();
});

test('records of any order and number are sorted in runs', async () => {
  const mixed = [...records, ...records.map((one) => ({ ...one, kind: 'chat' }))].sort((a, b) =>
    recordLine(a).slice(-9) + a.id.at(-1) < recordLine(b).slice(-9) + b.id.at(-1) ? 1 : -1,
  );
  const temp = memoryTemp();
  const each = async function* (): AsyncGenerator<BackupRecord> {
    yield* mixed;
  };
  const sorted: BackupRecord[] = [];
  for await (const record of sortRecords(each(), temp, 5000)) sorted.push(record);
  expect(sorted).toEqual([...mixed].sort(compareKeys));
  expect(temp.left()).toBe(0);
});
