/** `verify`, `--restored` and the documented copy of the data folder, with pictures and files in either place. */
import { randomBytes } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { hashOf } from '#support/blob-bytes.ts';
import { getBlob, missingBlobs, putBlob } from '#support/blob-requests.ts';
import { type S3Server, startS3 } from '#support/s3-server.ts';
import { runServerCommand } from '#support/server-command.ts';
import { enterDevice, type TestDevice } from '#support/server-http.ts';
import { type ServerProcess, startServer } from '#support/server-process.ts';
import { makeOp } from '#support/server-world.ts';

vi.setConfig({ testTimeout: 120_000 });
const running: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of running.splice(0).reverse()) await stop();
});

const newFolder = (): string => mkdtempSync(join(tmpdir(), 'holdfast-verify-'));

async function openServer(env: Readonly<Record<string, string>> = {}, dataDir?: string): Promise<ServerProcess> {
  const server = await startServer({ env, ...(dataDir !== undefined && { dataDir }) });
  running.push(() => server.kill('SIGKILL'));
  return server;
}

const rowsOf = (dataDir: string): unknown[] => {
  const raw = new SqliteDatabase(join(dataDir, 'holdfast.db'), { readonly: true });
  const rows = raw.prepare('select hash, state from blobs order by hash').all();
  raw.close();
  return rows;
};

const nameIn = ({ accountId }: TestDevice, hash: string) => `${accountId}/${hash.slice(0, 2)}/${hash}`;

/** A place of blobs as a test can damage it. */
interface Place {
  readonly env: Readonly<Record<string, string>>;
  write(server: ServerProcess, name: string, bytes: Uint8Array): Promise<void> | void;
  remove(server: ServerProcess, name: string): Promise<void> | void;
}

const asFiles = async (): Promise<Place> => ({
  env: {},
  write: ({ dataDir }, name, bytes) => writeFileSync(join(dataDir, 'blobs', name), bytes),
  remove: ({ dataDir }, name) => rmSync(join(dataDir, 'blobs', name)),
});

async function asObjects(): Promise<Place> {
  const s3: S3Server = await startS3();
  running.push(s3.stop);
  return { env: s3.env, write: (_server, name, bytes) => s3.put(name, bytes), remove: (_server, name) => s3.remove(name) };
}

for (const [where, openPlace] of [
  ['files', asFiles],
  ['an S3-compatible store', asObjects],
] as const) {
  describe(`with blobs in ${where}`, () => {
    async function openWorld() {
      const place = await openPlace();
      const server = await openServer(place.env);
      const device = await enterDevice(server.url);
      const files = Array.from({ length: 4 }, () => randomBytes(50_000));
      for (const bytes of files) await putBlob(server.url, device, bytes);
      await device.push([makeOp({ blobs: files.map(hashOf) })]);
      const run = (...args: readonly string[]) => runServerCommand(args, { HOLDFAST_DATA_DIR: server.dataDir, ...place.env });
      return { place, server, device, files, run };
    }

    test('verify names what is damaged or missing, does not serve it any more, and takes it again', async () => {
      const { place, server, device, files, run } = await openWorld();
      expect(await run('verify')).toEqual({ code: 0, output: 'All 4 pictures and files are sound.\n' });
      const [changed, short, gone, sound] = files.map(hashOf) as [string, string, string, string];
      await place.write(server, nameIn(device, changed), Buffer.from(files[0] as Buffer).fill(1, 100, 101));
      await place.write(server, nameIn(device, short), (files[1] as Buffer).subarray(1));
      await place.remove(server, nameIn(device, gone));
      const { code, output } = await run('verify');
      expect(code).toBe(1);
      for (const [hash, words] of [
        [changed, 'its bytes do not match its hash'],
        [short, 'it has 49999 bytes of 50000'],
        [gone, 'it is missing'],
      ])
        expect(output).toContain(`account ${device.accountId}, blob ${hash}: ${words}`);
      expect(output).toContain('3 of 4 pictures and files are damaged or missing');
      expect(output).not.toContain(sound);
      const lost = [changed, short, gone];
      expect(await missingBlobs(device, files.map(hashOf))).toEqual({ missing: lost });
      for (const hash of lost) expect((await getBlob(server.url, device, hash)).status).toBe(404);
      const named = await device.push([makeOp({ blobs: files.map(hashOf) })]);
      expect(named.json.results).toMatchObject([{ missingBlobs: lost }]);
      for (const bytes of files) {
        expect(await putBlob(server.url, device, bytes)).toMatchObject({ status: 204, at: '50000' });
        expect((await getBlob(server.url, device, hashOf(bytes))).bytes.equals(bytes)).toBe(true);
      }
      expect(await run('verify')).toEqual({ code: 0, output: 'All 4 pictures and files are sound.\n' });
    });

    test('a database that is older than the bytes takes up what it does not know, once it was read', async () => {
      const { place, server, device, files, run } = await openWorld();
      const copy = join(newFolder(), 'copy.db');
      expect((await run('backup', copy, '--database')).code).toBe(0);
      const later = [randomBytes(10_000), randomBytes(20_000)] as const;
      for (const bytes of later) await putBlob(server.url, device, bytes);
      await server.stop();
      for (const suffix of ['', '-wal', '-shm']) rmSync(join(server.dataDir, `holdfast.db${suffix}`), { force: true });
      cpSync(copy, join(server.dataDir, 'holdfast.db'));
      await place.write(server, nameIn(device, hashOf(later[1])), randomBytes(20_000));
      const { code, output } = await run('--restored');
      expect(code).toBe(0);
      expect(output).toContain('4 of 4 pictures and files of the database are there');
      expect(output).toContain('1 that the database did not know were found');
      await server.restart();
      const hashes = [...files, ...later].map(hashOf);
      expect(await missingBlobs(device, hashes)).toEqual({ missing: [hashOf(later[1])] });
      expect((await getBlob(server.url, device, hashOf(later[0]))).bytes.equals(later[0])).toBe(true);
      expect(await putBlob(server.url, device, later[1])).toMatchObject({ status: 204, at: '20000' });
      expect((await getBlob(server.url, device, hashOf(later[1]))).bytes.equals(later[1])).toBe(true);
    });

    test('a database that is newer than the bytes says of those that are not there that they are missing', async () => {
      const { place, server, device, files, run } = await openWorld();
      await server.stop();
      const [gone, cut, ...rest] = files.map(hashOf) as [string, string, string, string];
      await place.remove(server, nameIn(device, gone));
      await place.write(server, nameIn(device, cut), (files[1] as Buffer).subarray(0, 10));
      const { code, output } = await run('--restored');
      expect(code).toBe(0);
      expect(output).toContain('2 of 4 pictures and files of the database are there');
      await server.restart();
      expect(await missingBlobs(device, [gone, cut, ...rest])).toEqual({ missing: [gone, cut] });
      for (const bytes of files) expect(await putBlob(server.url, device, bytes)).toMatchObject({ status: 204 });
      expect((await run('verify')).code).toBe(0);
    });

    test('a place where nothing at all is there is taken for the wrong one, unless it is said to be lost', async () => {
      const { place, server, device, files, run } = await openWorld();
      const elsewhere = place.env.HOLDFAST_S3_PREFIX
        ? { ...place.env, HOLDFAST_S3_PREFIX: 'mistyped' }
        : { HOLDFAST_S3_PREFIX: '' };
      if (!place.env.HOLDFAST_S3_PREFIX) rmSync(join(server.dataDir, 'blobs'), { recursive: true });
      const before = rowsOf(server.dataDir);
      const wrong = (...args: readonly string[]) => runServerCommand(args, { HOLDFAST_DATA_DIR: server.dataDir, ...elsewhere });
      const { code, output } = await wrong('verify');
      expect([code, output]).toEqual([2, expect.stringContaining('Are the settings those of the server')]);
      await server.stop();
      expect((await wrong('--restored')).code).toBe(1);
      expect(rowsOf(server.dataDir)).toEqual(before);
      const lost = await wrong('verify', '--lost');
      expect([lost.code, lost.output]).toEqual([1, expect.stringContaining('4 of 4 pictures and files are damaged or missing')]);
      await server.restart();
      expect(await missingBlobs(device, files.map(hashOf))).toEqual({ missing: files.map(hashOf) });
      // With the settings put right, what was there all the time is known again.
      if (place.env.HOLDFAST_S3_PREFIX) {
        expect((await run('verify')).output).toContain('4 that the database did not know were found');
        expect(await missingBlobs(device, files.map(hashOf))).toEqual({ missing: [] });
      }
    });
  });
}

test('verify and --restored change nothing where the store does not answer', async () => {
  const s3 = await startS3();
  running.push(s3.stop);
  const server = await openServer(s3.env);
  const device = await enterDevice(server.url);
  await putBlob(server.url, device, randomBytes(1000));
  await server.stop();
  const before = rowsOf(server.dataDir);
  await s3.stop();
  for (const [command, expected] of [
    ['verify', 2],
    ['--restored', 1],
    ['check', 2],
  ] as const) {
    const { code, output } = await runServerCommand([command], { HOLDFAST_DATA_DIR: server.dataDir, ...s3.env });
    expect([command, code, output]).toEqual([command, expected, expect.stringContaining('cannot be read (')]);
    expect(output).not.toContain('    at ');
  }
  expect(rowsOf(server.dataDir)).toEqual(before);
});

test('the documented copy of a running server holds every file that was acknowledged before it began', async () => {
  const server = await openServer({ HOLDFAST_RATE_PER_ACCOUNT: '100000', HOLDFAST_RATE_PER_ADDRESS: '100000' });
  const device = await enterDevice(server.url);
  let uploading = true;
  const sent: { readonly bytes: Buffer; readonly hash: string }[] = [];
  const uploads = (async () => {
    while (uploading) {
      const bytes = randomBytes(200_000);
      const hash = hashOf(bytes);
      await putBlob(server.url, device, bytes.subarray(0, 100_000), { size: bytes.length, hash });
      await device.push([makeOp({ blobs: [hash] })]);
      await putBlob(server.url, device, bytes.subarray(100_000), { offset: 100_000, size: bytes.length, hash });
      sent.push({ bytes, hash });
    }
  })();
  while (sent.length < 5) await new Promise((resolve) => setTimeout(resolve, 5));
  const before = [...sent];
  const folder = newFolder();
  const backup = await runServerCommand(['backup', join(folder, 'holdfast.db'), '--database'], {
    HOLDFAST_DATA_DIR: server.dataDir,
  });
  expect(backup.code).toBe(0);
  const during = sent.length;
  cpSync(join(server.dataDir, 'blobs'), join(folder, 'blobs'), { recursive: true });
  uploading = false;
  await uploads;
  expect(during).toBeGreaterThan(before.length);
  const env = { HOLDFAST_DATA_DIR: folder };
  expect(await runServerCommand(['check'], env)).toMatchObject({ code: 0 });
  expect(await runServerCommand(['--restored'], env)).toMatchObject({ code: 0 });
  expect((await runServerCommand(['verify'], env)).code).toBe(0);
  const second = await openServer({}, folder);
  const again = await enterDevice(second.url, device.request);
  for (const { bytes, hash } of before) expect((await getBlob(second.url, again, hash)).bytes.equals(bytes)).toBe(true);
  expect(existsSync(join(folder, 'blobs', device.accountId))).toBe(true);
  expect(readdirSync(folder)).toContain('holdfast.db');
});
