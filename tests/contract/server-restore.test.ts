/** `backup` and `restore` of a whole server: real processes, real files, real kills, with pictures and files in either place. */
import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { paths } from '#core/paths.ts';
import { hashOf } from '#support/blob-bytes.ts';
import { getBlob, missingBlobs, putBlob } from '#support/blob-requests.ts';
import { startS3 } from '#support/s3-server.ts';
import { runServerCommand } from '#support/server-command.ts';
import { enterDevice, postJson, type TestDevice } from '#support/server-http.ts';
import { type ServerProcess, startServer } from '#support/server-process.ts';
import { makeOp, newId } from '#support/server-world.ts';

vi.setConfig({ testTimeout: 180_000 });
const running: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of running.splice(0).reverse()) await stop();
});

const newFolder = (): string => mkdtempSync(join(tmpdir(), 'holdfast-restore-'));

async function openServer(env: Readonly<Record<string, string>> = {}, dataDir?: string): Promise<ServerProcess> {
  const server = await startServer({ env, ...(dataDir !== undefined && { dataDir }) });
  running.push(() => server.kill('SIGKILL'));
  return server;
}

const run = (dataDir: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  runServerCommand(args, { HOLDFAST_DATA_DIR: dataDir, ...env });

/** A running server with an account of a few notes and three files, and a backup of all of it. */
async function openBackedUp(env: Readonly<Record<string, string>> = {}) {
  const server = await openServer(env);
  const device = await enterDevice(server.url);
  const files = Array.from({ length: 3 }, () => randomBytes(50_000));
  for (const bytes of files) await putBlob(server.url, device, bytes);
  const ops = [makeOp({ blobs: files.map(hashOf) }), makeOp(), makeOp()];
  await device.push(ops);
  const file = join(newFolder(), 'server.tar');
  const made = await run(server.dataDir, ['backup', file], env);
  expect(made).toMatchObject({ code: 0, output: expect.stringContaining('the database, pictures and files') });
  return { server, device, files, ops, file, env };
}

const versionsIn = (dataDir: string): number => {
  const raw = new SqliteDatabase(join(dataDir, 'holdfast.db'), { readonly: true });
  const count = raw.prepare('select count(*) from versions').pluck().get();
  raw.close();
  return Number(count);
};

async function expectWhole(url: string, device: TestDevice, files: readonly Buffer[], notes: number): Promise<TestDevice> {
  const again = await enterDevice(url, device.request);
  expect((await again.pull()).json.changes).toHaveLength(notes);
  for (const bytes of files) expect((await getBlob(url, again, hashOf(bytes))).bytes.equals(bytes)).toBe(true);
  return again;
}

for (const [where, open] of [
  ['files', async () => ({})],
  [
    'an S3-compatible store',
    async () => {
      const s3 = await startS3();
      running.push(s3.stop);
      return s3.env;
    },
  ],
] as const) {
  describe(`with blobs in ${where}`, () => {
    test('a new machine has everything after one command, and devices compare their past', async () => {
      const { server, device, files, file, env } = await openBackedUp(await open());
      const { epoch } = (await device.pull()).json;
      expect(statSync(file).mode & 0o777).toBe(0o600);
      await server.stop();
      // Another folder, and in S3 another prefix: nothing of the first server is left to it.
      const dataDir = join(newFolder(), 'deep', 'data');
      const elsewhere = 'HOLDFAST_S3_PREFIX' in env ? { ...env, HOLDFAST_S3_PREFIX: 'new/' } : {};
      const { code, output } = await run(dataDir, ['restore', file], elsewhere);
      expect([code, output]).toEqual([0, expect.stringContaining('is restored. Start the server')]);
      expect(output).toContain('3 of 3 pictures and files of the database are there');
      const second = await openServer(elsewhere, dataDir);
      const again = await expectWhole(second.url, device, files, 3);
      expect((await again.pull()).json.epoch).not.toBe(epoch);
      expect(await run(dataDir, ['verify'], elsewhere)).toMatchObject({ code: 0 });
      expect(readdirSync(dataDir).filter((name) => /restor|replaced/.test(name))).toEqual([]);
    });

    test('what was lost and what was written since: the first comes back, the second is kept beside', async () => {
      const { server, device, files, file, env } = await openBackedUp(await open());
      await device.push([makeOp(), makeOp()]);
      await server.stop();
      const { code, output } = await run(server.dataDir, ['restore', file], env);
      expect(code).toBe(0);
      const [, kept = ''] = /The database from before is in (\S+)\./.exec(output) ?? [];
      expect(versionsIn(kept)).toBe(5);
      await server.restart();
      await expectWhole(server.url, device, files, 3);
    });
  });
}

test('the archive is one that tar can unpack into a data folder', async () => {
  const { server, device, files, file } = await openBackedUp();
  await server.stop();
  const folder = newFolder();
  execFileSync('tar', ['-xf', file, '-C', folder]);
  const second = await openServer({}, folder);
  await expectWhole(second.url, device, files, 3);
});

test('a backup that is made while files are uploaded and removed is whole, whatever was on its way', async () => {
  const server = await openServer({ HOLDFAST_RATE_PER_ACCOUNT: '100000', HOLDFAST_RATE_PER_ADDRESS: '100000' });
  const device = await enterDevice(server.url);
  let uploading = true;
  const sent: Buffer[] = [];
  const uploads = (async () => {
    while (uploading) {
      const bytes = randomBytes(200_000);
      await putBlob(server.url, device, bytes);
      await device.push([makeOp({ blobs: [hashOf(bytes)] })]);
      sent.push(bytes);
    }
  })();
  while (sent.length < 5) await new Promise((resolve) => setTimeout(resolve, 5));
  const before = [...sent];
  const file = join(newFolder(), 'server.tar');
  expect((await run(server.dataDir, ['backup', file])).code).toBe(0);
  uploading = false;
  await uploads;
  expect(sent.length).toBeGreaterThan(before.length);
  const dataDir = newFolder();
  expect((await run(dataDir, ['restore', file])).code).toBe(0);
  expect(await run(dataDir, ['check'])).toMatchObject({ code: 0 });
  const second = await openServer({}, dataDir);
  const again = await enterDevice(second.url, device.request);
  expect(await missingBlobs(again, before.map(hashOf))).toEqual({ missing: [] });
});

test('a server that has lost a file gives a backup that says so and has all else', async () => {
  const { server, device, files } = await openBackedUp();
  const [lost = Buffer.alloc(0), ...rest] = files;
  writeFileSync(join(server.dataDir, 'blobs', device.accountId, hashOf(lost).slice(0, 2), hashOf(lost)), 'other');
  const file = join(newFolder(), 'server.tar');
  const { code, output } = await run(server.dataDir, ['backup', file]);
  expect(code).toBe(1);
  expect(output).toContain(`blob ${hashOf(lost)}: it has 5 bytes of 50000`);
  const dataDir = newFolder();
  const restored = await run(dataDir, ['restore', file]);
  expect(restored).toMatchObject({ code: 0, output: expect.stringContaining('1 pictures and files were lost on the server') });
  const second = await openServer({}, dataDir);
  const again = await expectWhole(second.url, device, rest, 3);
  expect(await missingBlobs(again, files.map(hashOf))).toEqual({ missing: [hashOf(lost)] });
});

test('a folder that a server uses is refused, and one that a restore uses as well', async () => {
  const { server, device, files, file } = await openBackedUp();
  const { code, output } = await run(server.dataDir, ['restore', file]);
  expect([code, output]).toEqual([1, expect.stringContaining('Stop it first. Nothing was changed.')]);
  await expectWhole(server.url, device, files, 3);
});

test('what is no backup, cut off, changed or damaged is refused in words, and nothing is changed', async () => {
  const { server, device, files, file } = await openBackedUp();
  await device.push([makeOp()]);
  await server.stop();
  const sound = readFileSync(file);
  const at = (text: string | Buffer) => sound.indexOf(text);
  const change = (from: number, bytes = 1) => {
    const copy = Buffer.from(sound);
    for (let index = from; index < from + bytes; index++) copy[index] = (copy[index] ?? 0) ^ 0xff;
    return copy;
  };
  const [first = Buffer.alloc(0)] = files;
  const cases: readonly (readonly [string, Buffer, string])[] = [
    ['nothing', Buffer.alloc(0), 'it is cut off'],
    ['a letter', Buffer.from('a letter to my aunt'.repeat(1000)), 'it is not an archive'],
    ['zeros', Buffer.alloc(10_000), 'it is not a backup of this server'],
    ['half', sound.subarray(0, sound.length / 2), 'it is cut off'],
    ['without its end', sound.subarray(0, sound.length - 4096), 'it is cut off'],
    ['a changed name', change(0), 'it is not an archive, or it is damaged'],
    ['a changed database', change(at('SQLite format 3') + 5000), 'its database is damaged'],
    ['a changed file', change(at(first.subarray(100, 200))), hashOf(first)],
    ['half a database', sound.subarray(at('SQLite format 3'), at('SQLite format 3') + 20_000), 'The database in it is damaged'],
  ];
  const before = readFileSync(join(server.dataDir, 'holdfast.db'));
  const names = readdirSync(server.dataDir).sort();
  for (const [what, bytes, words] of cases) {
    const bad = join(newFolder(), 'bad.tar');
    writeFileSync(bad, bytes);
    const { code, output } = await run(server.dataDir, ['restore', bad]);
    expect([what, code, output]).toEqual([what, 1, expect.stringContaining(words)]);
    expect(output).toContain('Nothing was changed.');
    expect(output).not.toMatch(/^ {4}at /m);
    expect(readFileSync(join(server.dataDir, 'holdfast.db')).equals(before)).toBe(true);
    expect(readdirSync(server.dataDir).sort()).toEqual(names);
  }
  const bad = join(newFolder(), 'bad.tar');
  writeFileSync(bad, change(at(first.subarray(100, 200))));
  // Its file is in the folder still; on another machine it would be asked for.
  const dataDir = newFolder();
  expect((await run(dataDir, ['restore', bad, '--without-damaged'])).code).toBe(0);
  const second = await openServer({}, dataDir);
  const again = await expectWhole(second.url, device, files.slice(1), 3);
  expect(await missingBlobs(again, files.map(hashOf))).toEqual({ missing: [hashOf(first)] });
});

test('a copy of the database alone is restored beside the files that are there, and not where there are none', async () => {
  const { server, device, files } = await openBackedUp();
  const file = join(newFolder(), 'copy.db');
  expect((await run(server.dataDir, ['backup', file, '--database'])).code).toBe(0);
  await server.stop();
  const empty = newFolder();
  const refused = await run(empty, ['restore', file]);
  expect(refused).toMatchObject({ code: 1, output: expect.stringContaining('--lost') });
  expect(existsSync(join(empty, 'holdfast.db'))).toBe(false);
  expect((await run(empty, ['restore', file, '--lost'])).code).toBe(0);
  expect((await run(server.dataDir, ['restore', file])).code).toBe(0);
  await server.restart();
  await expectWhole(server.url, device, files, 3);
});

test('where the disk of pictures and files is not mounted nothing is written under it, until the operator says that they are lost', async () => {
  const { server, device, files, file } = await openBackedUp();
  await server.stop();
  const folder = join(server.dataDir, 'blobs');
  renameSync(folder, `${folder}-away`);
  mkdirSync(folder);
  const refused = await run(server.dataDir, ['restore', file]);
  expect(refused).toMatchObject({ code: 1, output: expect.stringContaining('is its disk mounted?') });
  expect(refused.output).toContain('--lost');
  expect(readdirSync(folder)).toEqual([]);
  expect((await run(server.dataDir, ['restore', file, '--lost'])).code).toBe(0);
  await server.restart();
  await expectWhole(server.url, device, files, 3);
});

test('who was signed out after the backup stays signed out, also on a machine that has the record from it alone', async () => {
  const { server, device } = await openBackedUp();
  const phone = await enterDevice(server.url, { ...device.request, deviceId: newId() });
  const before = join(newFolder(), 'before.tar');
  await run(server.dataDir, ['backup', before]);
  await device.fetch(paths.device(device.accountId, phone.deviceId), { method: 'DELETE' });
  const after = join(newFolder(), 'after.tar');
  await run(server.dataDir, ['backup', after]);
  await server.stop();
  const elsewhere = newFolder();
  for (const [dataDir, file] of [
    [server.dataDir, before],
    [elsewhere, after],
  ] as const) {
    expect((await run(dataDir, ['restore', file])).code).toBe(0);
    const second = await openServer({}, dataDir);
    expect((await postJson(second.url + paths.enter, phone.request)).status).toBe(403);
    expect((await postJson(second.url + paths.enter, device.request)).status).toBe(200);
    await second.stop();
  }
});

test('killed at any step, it has restored everything or nothing once the server starts', async () => {
  const { server, device, files, file } = await openBackedUp();
  await device.push([makeOp(), makeOp()]);
  await server.stop();
  const outcomes = new Set<number>();
  for (let step = 1; ; step++) {
    const dataDir = newFolder();
    cpSync(server.dataDir, dataDir, { recursive: true });
    // Some of the files are gone: bringing them back is among the steps.
    rmSync(join(dataDir, 'blobs', device.accountId, hashOf(files[0] ?? Buffer.alloc(0)).slice(0, 2)), { recursive: true });
    const child = spawn(process.execPath, ['tests/support/killed-restore.ts', dataDir, file, String(step)], { stdio: 'ignore' });
    const [code, signal] = await once(child, 'close');
    // `check` opens no storage: what the server makes of it is seen by a command that does.
    expect((await run(dataDir, ['export', '--all', '--json', join(newFolder(), 'all')])).output).not.toContain('There is no');
    const versions = versionsIn(dataDir);
    outcomes.add(versions);
    expect([step, versions]).toEqual([step, expect.toBeOneOf([3, 5])]);
    expect([step, await run(dataDir, ['check', '--quick'])]).toMatchObject([step, { code: 0 }]);
    if (versions === 3) expect((await run(dataDir, ['verify'])).code).toBe(0);
    expect(readdirSync(dataDir).filter((name) => name.endsWith('restore.json'))).toEqual([]);
    // A later run is not held up by what the killed one has left.
    if (step % 4 === 0) expect((await run(dataDir, ['restore', file])).code).toBe(0);
    if (signal === null) {
      expect(code).toBe(0);
      expect(versions).toBe(3);
      expect(step).toBeGreaterThan(12);
      break;
    }
  }
  expect([...outcomes].sort()).toEqual([3, 5]);
});
