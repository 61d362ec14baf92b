/** The disk with the pictures and files of a real server is not mounted: nothing of them counts as lost, and nothing is written in its place. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { hashOf } from '#support/blob-bytes.ts';
import { getBlob, headBlob, missingBlobs, putBlob } from '#support/blob-requests.ts';
import { runServerCommand } from '#support/server-command.ts';
import { enterDevice } from '#support/server-http.ts';
import { type ServerProcess, startServer } from '#support/server-process.ts';
import { makeOp } from '#support/server-world.ts';

vi.setConfig({ testTimeout: 120_000 });
const running: ServerProcess[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) await server.kill('SIGKILL');
});

/** A server with one file, and the folder of it. */
async function openWorld() {
  const server = await startServer({ env: { HOLDFAST_LOG_LEVEL: 'error' } });
  running.push(server);
  const device = await enterDevice(server.url);
  const bytes = randomBytes(50_000);
  await putBlob(server.url, device, bytes);
  await device.push([makeOp({ blobs: [hashOf(bytes)] })]);
  const folder = join(server.dataDir, 'blobs');
  const files = async () => ((await (await fetch(`${server.url}/readyz`)).json()) as { files: string }).files;
  return { server, device, bytes, hash: hashOf(bytes), folder, away: `${folder}-unmounted`, files };
}

test.each(['no folder at all', 'an empty folder'])(
  '%s in its place is said, and everything is there when it is back',
  async (what) => {
    const { server, device, bytes, hash, folder, away, files } = await openWorld();
    expect(await files()).toBe('ok');
    renameSync(folder, away);
    if (what === 'an empty folder') mkdirSync(folder);
    const other = randomBytes(1000);
    expect((await getBlob(server.url, device, hash)).status).toBe(503);
    expect(await putBlob(server.url, device, other)).toMatchObject({ status: 503, json: { type: 'unavailable' } });
    expect(await missingBlobs(device, [hash]), 'nobody is asked for it').toEqual({ missing: [] });
    expect(await files()).toContain('is its disk mounted?');
    expect(server.logs()).toContain('is its disk mounted?');
    expect((await device.push([makeOp({ blobs: [hash] })])).json.results, 'words are synced').toMatchObject([
      { type: 'applied' },
    ]);
    await server.restart();
    expect((await getBlob(server.url, device, hash)).status).toBe(503);
    expect(existsSync(folder) ? readdirSync(folder) : []).toEqual([]);

    rmSync(folder, { recursive: true, force: true });
    renameSync(away, folder);
    expect((await getBlob(server.url, device, hash)).bytes.equals(bytes)).toBe(true);
    expect(await putBlob(server.url, device, other)).toMatchObject({ status: 204 });
    expect(await files()).toBe('ok');
  },
);

test('a folder that is permanently lost is begun anew once that is said, and devices send what they have', async () => {
  const { server, device, bytes, hash, folder, files } = await openWorld();
  rmSync(folder, { recursive: true });
  await putBlob(server.url, device, randomBytes(1000));
  expect((await headBlob(server.url, device, hash)).status).toBe(200);
  expect((await runServerCommand(['verify', '--lost'], { HOLDFAST_DATA_DIR: server.dataDir })).code).toBe(1);
  expect(await missingBlobs(device, [hash])).toEqual({ missing: [hash] });
  expect(await putBlob(server.url, device, bytes)).toMatchObject({ status: 204 });
  expect((await getBlob(server.url, device, hash)).bytes.equals(bytes)).toBe(true);
  expect(await files()).toBe('ok');
});

test('a folder of an earlier version is known by what is in it', async () => {
  const { server, device, bytes, hash, folder } = await openWorld();
  await server.stop();
  rmSync(join(folder, 'holdfast-blobs'));
  await server.restart();
  expect((await getBlob(server.url, device, hash)).bytes.equals(bytes)).toBe(true);
});
