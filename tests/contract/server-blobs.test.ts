/** Blobs over real HTTP: uploads that break and go on, hostile ones, and what goes out. */
import { randomBytes } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, test } from 'vitest';
import { blobPartPath, MAX_BLOB_PART_BYTES } from '#core/blob-protocol.ts';
import { paths } from '#core/paths.ts';
import { defaultLimits } from '#server/limits.ts';
import { getBlob as get, headBlob as head, missingBlobs as missing, putBlob as put } from '#support/blob-requests.ts';
import { enterDevice, type RunningApp, sendRaw, startApp, type TestDevice } from '#support/server-http.ts';
import { type ServerProcess, startServer } from '#support/server-process.ts';
import { makeOp } from '#support/server-world.ts';
import { hashOf } from './blob-stores.ts';

const running: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of running.splice(0)) await one.close();
});

async function openApp(limits: Partial<typeof defaultLimits> = {}): Promise<{ app: RunningApp; device: TestDevice }> {
  const app = await startApp({ config: { limits: { ...defaultLimits, ...limits } } });
  running.push(app);
  return { app, device: await enterDevice(app.url) };
}

async function openProcess(dataDir?: string): Promise<ServerProcess> {
  const server = await startServer({ ...(dataDir !== undefined && { dataDir }), env: { HOLDFAST_LOG_LEVEL: 'error' } });
  running.push({ close: () => server.stop() });
  return server;
}

/** Sends the head of a part and some of its bytes, and leaves the connection open. Gives what closes it. */
function putHalf(port: number, { accountId, cookie }: TestDevice, hash: string, some: Uint8Array, size: number, offset = 0) {
  const request = httpRequest({
    host: '127.0.0.1',
    port,
    method: 'PUT',
    path: blobPartPath(accountId, hash, offset, size),
    headers: {
      cookie,
      'content-type': 'application/octet-stream',
      'content-length': Math.min(size - offset, MAX_BLOB_PART_BYTES),
    },
    agent: false,
  });
  const answer = new Promise<number>((resolve) => {
    request.on('response', (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    request.on('error', () => resolve(0));
  });
  request.write(some);
  return { answer, cut: () => request.destroy() };
}

async function until(check: () => Promise<boolean>): Promise<void> {
  while (!(await check())) await sleep(10);
}

test('a blob comes in parts, counts once it is whole, and is given back byte for byte', async () => {
  const { app, device } = await openApp();
  const bytes = randomBytes(900_000);
  const hash = hashOf(bytes);
  expect(await head(app.url, device, hash)).toMatchObject({ status: 404 });
  expect(await put(app.url, device, bytes.subarray(0, 400_000), { size: bytes.length, hash })).toMatchObject({
    status: 204,
    at: '400000',
    of: '900000',
  });
  expect(await missing(device, [hash])).toEqual({ missing: [hash] });
  expect((await get(app.url, device, hash)).status).toBe(404);
  expect(await head(app.url, device, hash)).toEqual({ status: 200, at: '400000', of: '900000' });
  const rest = await put(app.url, device, bytes.subarray(400_000), { offset: 400_000, size: bytes.length, hash });
  expect(rest).toMatchObject({ status: 204, at: '900000' });
  expect(await head(app.url, device, hash)).toEqual({ status: 200, at: '900000', of: '900000' });
  expect((await get(app.url, device, hash)).bytes.equals(bytes)).toBe(true);
  expect(await missing(device, [hash])).toEqual({ missing: [] });
  expect(await put(app.url, device, bytes, { hash })).toMatchObject({ status: 204, at: '900000' });
});

test('what goes out is a file to be saved, of no type, in a sandbox, and never a page of this origin', async () => {
  const { app, device } = await openApp();
  const bytes = Buffer.from('<!doctype html><script>alert(1)</script>');
  const hash = hashOf(bytes);
  await put(app.url, device, bytes);
  const { headers } = await get(app.url, device, hash);
  expect(Object.fromEntries(headers)).toMatchObject({
    'content-type': 'application/octet-stream',
    'content-disposition': 'attachment',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "sandbox; default-src 'none'",
    'cache-control': 'private, max-age=31536000, immutable',
    'cross-origin-resource-policy': 'same-origin',
    'accept-ranges': 'bytes',
    etag: `"${hash}"`,
    'content-length': String(bytes.length),
  });
  expect((await get(app.url, device, hash, { 'if-none-match': `"${hash}"` })).status).toBe(304);
});

test('ranges are answered with their bytes, and one outside with 416', async () => {
  const { app, device } = await openApp();
  const bytes = randomBytes(1000);
  const hash = hashOf(bytes);
  await put(app.url, device, bytes);
  for (const [range, first, end] of [
    ['bytes=0-0', 0, 1],
    ['bytes=990-', 990, 1000],
    ['bytes=990-5000', 990, 1000],
    ['bytes=-10', 990, 1000],
  ] as const) {
    const answer = await get(app.url, device, hash, { range });
    expect([answer.status, answer.headers.get('content-range')]).toEqual([206, `bytes ${first}-${end - 1}/1000`]);
    expect(answer.bytes.equals(bytes.subarray(first, end))).toBe(true);
  }
  const outside = await get(app.url, device, hash, { range: 'bytes=1000-' });
  expect([outside.status, outside.headers.get('content-range')]).toEqual([416, 'bytes */1000']);
  for (const range of ['bytes=0-1,5-6', 'lines=1-2', 'bytes=9-3'])
    expect((await get(app.url, device, hash, { range })).status).toBe(200);
  expect((await get(app.url, device, hash, { range: 'bytes=0-0', 'if-range': '"other"' })).status).toBe(200);
});

test('bytes with another hash are refused with 422 and dropped; the right ones then pass', async () => {
  const { app, device } = await openApp();
  const bytes = randomBytes(5000);
  const hash = hashOf(bytes);
  const wrong = await put(app.url, device, randomBytes(5000), { hash });
  expect(wrong).toMatchObject({ status: 422, json: { type: 'hash-mismatch' } });
  expect(await head(app.url, device, hash)).toMatchObject({ status: 404 });
  expect(await put(app.url, device, bytes)).toMatchObject({ status: 204, at: '5000' });
});

test('a part at another offset is answered with the one where the upload goes on', async () => {
  const { app, device } = await openApp();
  const bytes = randomBytes(5000);
  const hash = hashOf(bytes);
  const ahead = await put(app.url, device, bytes.subarray(100), { offset: 100, size: 5000, hash });
  expect(ahead).toMatchObject({ status: 409, at: '0', of: '5000', json: { type: 'wrong-offset' } });
  await put(app.url, device, bytes.subarray(0, 2000), { size: 5000, hash });
  const again = await put(app.url, device, bytes.subarray(0, 2000), { size: 5000, hash });
  expect(again).toMatchObject({ status: 409, at: '2000' });
  expect(await put(app.url, device, bytes.subarray(2000), { offset: 2000, size: 5000, hash })).toMatchObject({ status: 204 });
});

test('a size that differs from the one said first begins the upload again', async () => {
  const { app, device } = await openApp();
  const bytes = randomBytes(5000);
  const hash = hashOf(bytes);
  await put(app.url, device, bytes.subarray(0, 2000), { size: 9999, hash });
  const differs = await put(app.url, device, bytes.subarray(2000), { offset: 2000, size: 5000, hash });
  expect(differs).toMatchObject({ status: 409, at: '0', of: '5000' });
  expect(await put(app.url, device, bytes)).toMatchObject({ status: 204, at: '5000' });
});

test('what is malformed, longer than said, too large or encoded is refused before it is read', async () => {
  const { app, device } = await openApp({ maxBlobBytes: 10_000_000 });
  const bytes = randomBytes(1000);
  const hash = hashOf(bytes);
  expect(await put(app.url, device, bytes, { hash, size: 999 })).toMatchObject({ status: 400, json: { type: 'malformed' } });
  expect(await put(app.url, device, bytes, { hash, offset: 2000, size: 1000 })).toMatchObject({ status: 400 });
  expect(await put(app.url, device, bytes, { hash, size: 10_000_001 })).toMatchObject({
    status: 413,
    json: { type: 'too-large' },
  });
  expect(await put(app.url, device, bytes, { headers: { 'content-encoding': 'gzip' } })).toMatchObject({ status: 415 });
  expect(await put(app.url, device, bytes, { headers: { 'content-type': 'text/html' } })).toMatchObject({ status: 415 });
  expect(await put(app.url, device, bytes, { hash: 'nothex' })).toMatchObject({ status: 404 });
  const path = `${paths.blob(device.accountId, hash)}?offset=-1&size=1e3`;
  expect((await device.fetch(path, { method: 'PUT' })).status).toBe(400);
  expect(await head(app.url, device, hash)).toMatchObject({ status: 404 });
});

test('a part above 8 MB is refused with 413, announced or not', async () => {
  const { app, device } = await openApp();
  const bytes = Buffer.alloc(MAX_BLOB_PART_BYTES + 1);
  const hash = hashOf(bytes);
  expect(await put(app.url, device, bytes).catch(() => ({ status: 413 }))).toMatchObject({ status: 413 });
  const answer = await fetch(app.url + blobPartPath(device.accountId, hash, 0, 101_000_000), {
    method: 'PUT',
    headers: { cookie: device.cookie, 'content-type': 'application/octet-stream' },
    body: new ReadableStream({
      pull(controller) {
        controller.enqueue(new Uint8Array(1_000_000));
      },
    }),
    duplex: 'half',
  } as RequestInit).catch(() => ({ status: 413 }));
  expect(answer.status).toBe(413);
});

test('a blob above the limit of the server is refused with 413 before a byte of it is sent', async () => {
  const { app, device } = await openApp();
  const answer = await put(app.url, device, randomBytes(10), { size: defaultLimits.maxBlobBytes + 1 });
  expect(answer).toMatchObject({ status: 413 });
});

test('a file of no bytes is a blob, under its own hash only', async () => {
  const { app, device } = await openApp();
  const nothing = new Uint8Array();
  expect(await put(app.url, device, nothing, { hash: hashOf(randomBytes(1)) })).toMatchObject({ status: 422 });
  expect(await put(app.url, device, nothing)).toMatchObject({ status: 204, at: '0', of: '0' });
  expect(await missing(device, [hashOf(nothing)])).toEqual({ missing: [] });
  const got = await get(app.url, device, hashOf(nothing));
  expect([got.status, got.bytes.length]).toEqual([200, 0]);
});

test('the quota covers bodies and blobs together, and what shrinks always passes', async () => {
  const { app, device } = await openApp({ quotaBytes: 10_000 });
  const op = makeOp({ body: 'a'.repeat(3000) });
  expect((await device.push([op])).json.results[0]?.type).toBe('applied');
  expect(await put(app.url, device, randomBytes(7001))).toMatchObject({ status: 507, json: { type: 'over-quota' } });
  expect(await put(app.url, device, randomBytes(7000))).toMatchObject({ status: 204 });
  const more = await device.push([makeOp({ body: 'b' })]);
  expect(more.json.results[0]).toMatchObject({ type: 'rejected', reason: 'over-quota' });
  const smaller = makeOp({ id: op.id, base: op.opId, body: 'a' });
  expect((await device.push([smaller])).json.results[0]?.type).toBe('applied');
  expect((await device.push([makeOp({ id: op.id, base: smaller.opId, body: null })])).json.results[0]?.type).toBe('applied');
});

test('a push is told exactly which of the blobs that it names the account lacks, repeated or not', async () => {
  const { app, device } = await openApp();
  const [there, half, never] = [randomBytes(100), randomBytes(200), randomBytes(300)];
  await put(app.url, device, there);
  await put(app.url, device, half.subarray(0, 50), { size: 200, hash: hashOf(half) });
  const op = makeOp({ blobs: [hashOf(there), hashOf(half), hashOf(never), hashOf(never)] });
  const lacking = { type: 'applied', missingBlobs: [hashOf(half), hashOf(never)] };
  expect((await device.push([op])).json.results).toMatchObject([lacking]);
  expect((await device.push([op])).json.results).toMatchObject([lacking]);
  await put(app.url, device, never);
  expect((await device.push([op])).json.results).toMatchObject([{ missingBlobs: [hashOf(half)] }]);
});

test('another account learns nothing of a blob: neither by its own path nor by that of the owner', async () => {
  const { app, device } = await openApp();
  const stranger = await enterDevice(app.url);
  const bytes = randomBytes(1000);
  const hash = hashOf(bytes);
  await put(app.url, device, bytes);
  const [foreign, unknown] = [await get(app.url, stranger, hash), await get(app.url, stranger, hashOf(randomBytes(9)))];
  expect([foreign.status, foreign.bytes.toString()]).toEqual([404, unknown.bytes.toString()]);
  expect(await head(app.url, stranger, hash)).toMatchObject({ status: 404 });
  expect(await missing(stranger, [hash])).toEqual({ missing: [hash] });
  const inOwnersPath = { ...stranger, accountId: device.accountId };
  expect((await get(app.url, inOwnersPath, hash)).status).toBe(401);
  expect((await put(app.url, inOwnersPath, bytes)).status).toBe(401);
  // The bytes have to be sent: knowing the hash is not having them.
  expect(await put(app.url, stranger, bytes.subarray(0, 10), { size: 1000, hash })).toMatchObject({ status: 204, at: '10' });
});

test('another site may send nothing', async () => {
  const { app, device } = await openApp();
  const answer = await put(app.url, device, randomBytes(10), { headers: { 'sec-fetch-site': 'cross-site' } });
  expect(answer).toMatchObject({ status: 403 });
});

test('a broken connection leaves what came, and a device that comes back does not wait for its old request', async () => {
  const { app, device } = await openApp();
  const bytes = randomBytes(3_000_000);
  const hash = hashOf(bytes);
  const stuck = putHalf(app.port, device, hash, bytes.subarray(0, 1_000_000), bytes.length);
  await until(async () => Number((await head(app.url, device, hash)).at) > 0);
  const other = await put(app.url, device, bytes.subarray(0, 10), { size: bytes.length, hash });
  expect(other).toMatchObject({ status: 409 });
  expect(await stuck.answer).toBe(409);
  const half = putHalf(app.port, device, hash, bytes.subarray(Number(other.at), 2_000_000), bytes.length, Number(other.at));
  await until(async () => Number((await head(app.url, device, hash)).at) > Number(other.at));
  half.cut();
  await until(async () => {
    const at = Number((await head(app.url, device, hash)).at);
    const rest = await put(app.url, device, bytes.subarray(at), { offset: at, size: bytes.length, hash });
    return rest.status === 204;
  });
  expect((await get(app.url, device, hash)).bytes.equals(bytes)).toBe(true);
});

test('bytes that are gone from the disk are missing again, and are taken again', async () => {
  const server = await openProcess();
  const device = await enterDevice(server.url);
  const bytes = randomBytes(1000);
  await put(server.url, device, bytes);
  rmSync(join(server.dataDir, 'blobs', device.accountId), { recursive: true });
  expect((await get(server.url, device, hashOf(bytes))).status).toBe(404);
  expect(await missing(device, [hashOf(bytes)])).toEqual({ missing: [hashOf(bytes)] });
  expect(await put(server.url, device, bytes)).toMatchObject({ status: 204 });
  expect((await get(server.url, device, hashOf(bytes))).bytes.equals(bytes)).toBe(true);
});

test('an upload goes on where a killed server stopped, and is byte for byte what was sent', async () => {
  const server = await openProcess();
  const device = await enterDevice(server.url);
  const bytes = randomBytes(20_000_000);
  const hash = hashOf(bytes);
  const part = (at: number) => bytes.subarray(at, Math.min(at + MAX_BLOB_PART_BYTES, bytes.length));
  await put(server.url, device, part(0), { size: bytes.length, hash });
  const cut = putHalf(
    server.port,
    device,
    hash,
    part(MAX_BLOB_PART_BYTES).subarray(0, 3_000_000),
    bytes.length,
    MAX_BLOB_PART_BYTES,
  );
  await until(async () => Number((await head(server.url, device, hash)).at) > MAX_BLOB_PART_BYTES);
  await server.kill('SIGKILL');
  expect(await cut.answer).toBe(0);
  await server.restart();
  for (;;) {
    const at = Number((await head(server.url, device, hash)).at);
    if (at === bytes.length) break;
    expect(at).toBeGreaterThan(MAX_BLOB_PART_BYTES);
    expect((await put(server.url, device, part(at), { offset: at, size: bytes.length, hash })).status).toBe(204);
  }
  expect((await get(server.url, device, hash)).bytes.equals(bytes)).toBe(true);
  await server.restart();
  expect((await get(server.url, device, hash)).bytes.equals(bytes)).toBe(true);
  const folder = join(server.dataDir, 'blobs', device.accountId, hash.slice(0, 2));
  expect(readdirSync(folder)).toEqual([hash]);
});

test('two processes on one data folder take the parts of one upload in turn', async () => {
  const first = await openProcess();
  const second = await openProcess(first.dataDir);
  const device = await enterDevice(first.url);
  const bytes = randomBytes(3_000_000);
  const hash = hashOf(bytes);
  const size = bytes.length;
  await put(first.url, device, bytes.subarray(0, 1_000_000), { size, hash });
  expect(await head(second.url, device, hash)).toMatchObject({ at: '1000000' });
  await put(second.url, device, bytes.subarray(1_000_000, 2_000_000), { offset: 1_000_000, size, hash });
  const both = await Promise.all(
    [first, second].map((server) => put(server.url, device, bytes.subarray(2_000_000), { offset: 2_000_000, size, hash })),
  );
  expect(both.map(({ status }) => status)).toContain(204);
  for (const { url } of [first, second]) {
    expect(await head(url, device, hash)).toMatchObject({ at: String(size) });
    expect((await get(url, device, hash)).bytes.equals(bytes)).toBe(true);
  }
});

test('the body of an op comes and goes compressed; what is left of it after a break is a range of its bytes', async () => {
  const { app, device } = await openApp();
  const text = Buffer.from('the same words again and again, '.repeat(100_000));
  const hash = hashOf(text);
  const half = 1_600_000;
  const packed = { 'content-encoding': 'gzip' };
  const path = (offset: number, body = '&body=1') => blobPartPath(device.accountId, hash, offset, text.length) + body;
  const send = (offset: number, bytes: Uint8Array, body?: string) =>
    device.fetch(path(offset, body), {
      method: 'PUT',
      headers: { 'content-type': 'application/octet-stream', ...packed },
      body: new Uint8Array(bytes),
    });
  expect((await send(0, gzipSync(text), '')).status).toBe(415);
  expect((await send(0, Buffer.from('no gzip at all'))).status).toBe(400);
  const cut = gzipSync(text.subarray(0, half));
  expect((await send(0, cut.subarray(0, cut.length - 200))).status).toBe(400);
  const at = Number((await head(app.url, device, hash)).at);
  expect((await send(at, gzipSync(text.subarray(at, half)))).headers.get('upload-offset')).toBe(String(half));
  expect((await send(0, gzipSync(text))).status).toBe(409);
  await send(half, gzipSync(text.subarray(half)));
  const bomb = blobPartPath(device.accountId, hashOf(Buffer.from('small')), 0, 5);
  const init = {
    method: 'PUT',
    headers: { 'content-type': 'application/octet-stream', ...packed },
    body: new Uint8Array(gzipSync(Buffer.alloc(20_000_000))),
  };
  expect((await device.fetch(`${bomb}&body=1`, init)).status).toBe(400);
  const raw = await sendRaw(app.port, {
    path: paths.blob(device.accountId, hash),
    headers: { cookie: device.cookie, 'accept-encoding': 'gzip', host: 'localhost' },
  });
  expect(raw.headers).toMatchObject({ 'content-encoding': 'gzip', 'upload-length': String(text.length) });
  expect((await get(app.url, device, hash)).bytes.equals(text)).toBe(true);
  const range = await get(app.url, device, hash, { range: `bytes=${half}-` });
  expect([range.status, range.bytes.equals(text.subarray(half))]).toEqual([206, true]);
});
