/** The server as a process, with its pictures and files in an S3-compatible store that fails, is slow, and comes back. */
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test, vi } from 'vitest';
import { hashOf } from '#support/blob-bytes.ts';
import { getBlob, headBlob, missingBlobs, putBlob } from '#support/blob-requests.ts';
import { answerWith, type Fault, startFaultyProxy } from '#support/faulty-proxy.ts';
import { startS3 } from '#support/s3-server.ts';
import { enterDevice } from '#support/server-http.ts';
import { startServer } from '#support/server-process.ts';
import { makeOp } from '#support/server-world.ts';

vi.setConfig({ testTimeout: 60_000 });
const running: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of running.splice(0).reverse()) await stop();
});

async function openWorld(env: Readonly<Record<string, string>> = {}) {
  const s3 = await startS3();
  const proxy = await startFaultyProxy(s3.place.endpoint);
  const server = await startServer({ env: { ...s3.env, HOLDFAST_S3_ENDPOINT: proxy.url, ...env } });
  running.push(s3.stop, proxy.close, () => server.kill('SIGKILL'));
  const device = await enterDevice(server.url);
  const bytes = randomBytes(300_000);
  const hash = hashOf(bytes);
  return { s3, proxy, server, device, bytes, hash };
}

async function until(check: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await check())) await sleep(20);
}

const onPut =
  (fault: Fault): Fault =>
  (request, response) =>
    request.method === 'PUT' && fault(request, response);

test('pictures and files go into the bucket, and come back byte for byte, ranges too', async () => {
  const { server, device, bytes, hash } = await openWorld();
  expect(await putBlob(server.url, device, bytes)).toMatchObject({ status: 204, at: '300000' });
  expect((await getBlob(server.url, device, hash)).bytes.equals(bytes)).toBe(true);
  const range = await getBlob(server.url, device, hash, { range: 'bytes=100-199' });
  expect([range.status, range.bytes.equals(bytes.subarray(100, 200))]).toEqual([206, true]);
  expect(await missingBlobs(device, [hash])).toEqual({ missing: [] });
  expect(readdirSync(join(server.dataDir, 'blobs', device.accountId, hash.slice(0, 2)))).toEqual([]);
  expect(server.logs()).toContain('pictures, files  bucket holdfast at http://127.0.0.1:');
});

test('a store that is down: uploads are kept and not dropped, words are synced, and it goes on where it was', async () => {
  const { server, device, bytes, hash, proxy } = await openWorld();
  proxy.fail(answerWith(503, 'ServiceUnavailable'));
  const first = await putBlob(server.url, device, bytes.subarray(0, 100_000), { size: bytes.length, hash });
  expect(first).toMatchObject({ status: 204, at: '100000' });
  const rest = { offset: 100_000, size: bytes.length, hash };
  const last = await putBlob(server.url, device, bytes.subarray(100_000), rest);
  expect(last).toMatchObject({ status: 503, json: { type: 'unavailable' } });
  const op = makeOp({ blobs: [hash] });
  expect((await device.push([op])).json.results).toMatchObject([{ type: 'applied', missingBlobs: [hash] }]);
  expect((await device.pull()).json.changes).toHaveLength(1);
  expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
  expect((await headBlob(server.url, device, hash)).status).toBe(503);
  expect(server.logs()).toContain('their place cannot be used');
  proxy.fail(null);
  expect(await headBlob(server.url, device, hash)).toEqual({ status: 200, at: '300000', of: '300000' });
  expect((await getBlob(server.url, device, hash)).bytes.equals(bytes)).toBe(true);
  expect(server.logs()).toContain('can be used again');
});

test('what is in a store that cannot be read is asked for again later, and never counts as missing', async () => {
  const { server, device, bytes, hash, proxy, s3 } = await openWorld();
  await putBlob(server.url, device, bytes);
  for (const fault of [answerWith(403, 'AccessDenied'), answerWith(404, 'NoSuchBucket'), answerWith(404), answerWith(200)]) {
    proxy.fail(fault);
    expect((await getBlob(server.url, device, hash)).status).toBe(503);
    expect(await missingBlobs(device, [hash])).toEqual({ missing: [] });
  }
  proxy.fail(null);
  await s3.stop();
  expect((await getBlob(server.url, device, hash)).status).toBe(503);
  await s3.start();
  expect((await getBlob(server.url, device, hash)).bytes.equals(bytes)).toBe(true);
});

test('what is gone from the bucket is missing again, and is taken again', async () => {
  const { server, device, bytes, hash, s3 } = await openWorld();
  // A bucket without anything is another matter.
  for (const one of [bytes, randomBytes(100), randomBytes(200)]) await putBlob(server.url, device, one);
  await s3.remove(`${device.accountId}/${hash.slice(0, 2)}/${hash}`);
  expect((await getBlob(server.url, device, hash)).status).toBe(404);
  expect(await missingBlobs(device, [hash])).toEqual({ missing: [hash] });
  expect(await putBlob(server.url, device, bytes)).toMatchObject({ status: 204 });
  expect((await getBlob(server.url, device, hash)).bytes.equals(bytes)).toBe(true);
});

/** Where the server is killed: before the store has the bytes, and after it has them and before the server knows. */
const kills: readonly (readonly [string, Fault])[] = [
  ['before the store has it', () => true],
  [
    'behind the store, before it is said',
    (_request, response) => {
      response.end = () => response;
      return false;
    },
  ],
];
for (const [when, fault] of kills) {
  test(`a server that is killed while it puts a file, ${when}, has it after the next start`, async () => {
    const { server, device, bytes, hash, proxy } = await openWorld();
    proxy.fail(onPut(fault));
    const answer = putBlob(server.url, device, bytes).catch(() => null);
    await until(() => proxy.seen.some((line) => line.startsWith('PUT')));
    await sleep(200);
    await server.kill('SIGKILL');
    expect(await answer).toBeNull();
    proxy.fail(null);
    await server.restart();
    expect(await headBlob(server.url, device, hash)).toEqual({ status: 200, at: '300000', of: '300000' });
    expect((await getBlob(server.url, device, hash)).bytes.equals(bytes)).toBe(true);
    expect(readdirSync(join(server.dataDir, 'blobs', device.accountId, hash.slice(0, 2)))).toEqual([]);
  });
}

test('two processes that share the data folder finish one upload', async () => {
  const { server, device, bytes, hash, proxy, s3 } = await openWorld();
  const second = await startServer({ dataDir: server.dataDir, env: { ...s3.env, HOLDFAST_S3_ENDPOINT: proxy.url } });
  running.push(() => second.kill('SIGKILL'));
  await putBlob(server.url, device, bytes.subarray(0, 100_000), { size: bytes.length, hash });
  const rest = { offset: 100_000, size: bytes.length, hash };
  const both = await Promise.all([server, second].map(({ url }) => putBlob(url, device, bytes.subarray(100_000), rest)));
  expect(both.map(({ status }) => status)).toContain(204);
  for (const { url } of [server, second]) expect((await getBlob(url, device, hash)).bytes.equals(bytes)).toBe(true);
});

test('the secret is in no log, whatever fails', async () => {
  const secret = 'a-secret-that-nobody-may-see';
  const { server, device, bytes, hash, proxy } = await openWorld({
    HOLDFAST_S3_KEY_ID: 'nobody',
    HOLDFAST_S3_SECRET: secret,
    HOLDFAST_LOG_LEVEL: 'trace',
  });
  expect((await putBlob(server.url, device, bytes)).status).toBe(503);
  proxy.fail((request) => !request.socket.destroy());
  await putBlob(server.url, device, bytes);
  await getBlob(server.url, device, hash);
  expect(server.logs()).toMatch(/their place cannot be used \(\w+: status 403/);
  expect(server.logs()).not.toContain(secret);
  expect(server.logs()).not.toContain('AWS4-HMAC');
  expect(existsSync(join(server.dataDir, 'blobs'))).toBe(true);
});
