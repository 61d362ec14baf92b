/** Blobs in an S3-compatible store: the same promises as files, and what only a store across a network can do. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Result } from '#core/result.ts';
import type { BlobError, BlobStore } from '#server/blobs/blob-store.ts';
import { createS3Blobs } from '#server/blobs/s3-blobs.ts';
import { signaturesOf } from '#support/aws-signature.ts';
import { answerWith, type FaultyProxy, startFaultyProxy } from '#support/faulty-proxy.ts';
import { type S3Server, startS3 } from '#support/s3-server.ts';
import { expectErr, expectOk, newId } from '#support/server-world.ts';
import { describeBlobStore, hashOf, inPieces } from './blob-stores.ts';

const newFolder = (): string => mkdtempSync(join(tmpdir(), 'holdfast-parts-'));

let s3: S3Server;
let proxy: FaultyProxy;
beforeAll(async () => {
  s3 = await startS3();
  proxy = await startFaultyProxy(s3.place.endpoint);
});
afterEach(() => proxy.fail(null));
afterAll(async () => {
  await proxy.close();
  await s3.stop();
});

describeBlobStore('blobs in an S3-compatible store', async () => createS3Blobs(s3.place, newFolder()));

const open = (parts = newFolder(), answerMs = 10_000): BlobStore =>
  createS3Blobs({ ...s3.place, endpoint: proxy.url }, parts, { answerMs });

async function put(store: BlobStore, bytes: Uint8Array) {
  const key = { accountId: newId(), hash: hashOf(bytes) };
  expectOk(await store.append(key, 0, inPieces(bytes)));
  expect(expectOk(await store.commit(key))).toBe('whole');
  return key;
}

/** What each question about a whole blob is answered with. */
const ask = (store: BlobStore, key: { accountId: string; hash: string }): Promise<readonly Result<unknown, BlobError>[]> =>
  Promise.all([
    store.size(key),
    store.read(key, null),
    store.read(key, { first: 0, last: 9 }),
    store.list(key.accountId),
    store.accounts(),
  ]);

describe('a store that cannot be used is never a blob that is missing', () => {
  const failures: readonly (readonly [string, ReturnType<typeof answerWith>])[] = [
    ['status 500', answerWith(500, 'InternalError')],
    ['status 503', answerWith(503, 'SlowDown')],
    ['status 403', answerWith(403, 'AccessDenied')],
    ['a clock that is wrong', answerWith(403, 'RequestTimeTooSkewed')],
    ['a bucket that is gone', answerWith(404, 'NoSuchBucket')],
    ['a 404 of something before it', answerWith(404)],
    ['a 200 of something before it', answerWith(200)],
    ['another address', answerWith(307, 'TemporaryRedirect')],
    [
      'a connection that breaks',
      (request) => {
        request.socket.destroy();
        return true;
      },
    ],
    ['a store that never answers', () => true],
  ];
  for (const [name, fault] of failures) {
    test(name, async () => {
      const parts = newFolder();
      const store = open(parts);
      const key = await put(store, randomBytes(1000));
      proxy.fail(fault);
      const answers = await ask(open(parts, 300), key);
      for (const answer of answers) expect(expectErr(answer)).toMatchObject({ type: 'BlobsUnavailable' });
      expect(JSON.stringify(answers)).not.toMatch(/S3RVER|127\.0\.0\.1/);
      proxy.fail(null);
      expect(expectOk(await store.size(key))).toBe(1000);
    });
  }
});

test('a bucket that was emptied is reported as a whole by one small listing, and nothing is put into it; of others single objects may be lost', async () => {
  const place = { ...s3.place, endpoint: proxy.url, prefix: `${newId()}/` };
  const state = { isExpected: false };
  const openHere = () => createS3Blobs(place, newFolder(), { isExpected: async () => state.isExpected });
  const store = openHere();
  const [one, other, third] = [
    await put(store, randomBytes(1000)),
    await put(store, randomBytes(2000)),
    await put(store, randomBytes(10)),
  ];
  state.isExpected = true;
  expectOk(await store.remove(one));
  expect([expectOk(await store.size(one)), expectOk(await store.read(one, null))]).toEqual([null, null]);
  expectOk(await store.remove(third));
  expectOk(await store.remove(other));
  const asked: string[] = [];
  proxy.fail((request) => {
    asked.push(`${request.method} ${request.url}`);
    return false;
  });
  for (const key of [one, other]) {
    expect(expectErr(await store.size(key))).toMatchObject({
      type: 'BlobsUnavailable',
      reason: expect.stringContaining('the bucket'),
    });
    expect(expectErr(await store.read(key, { first: 0, last: 9 })).type).toBe('BlobsUnavailable');
  }
  expect(asked.filter((request) => request.includes('max-keys=1'))).toHaveLength(4);
  // A server that has just begun.
  const now = openHere();
  const bytes = randomBytes(500);
  const added = { accountId: newId(), hash: hashOf(bytes) };
  expectOk(await now.append(added, 0, inPieces(bytes)));
  expect(expectErr(await now.commit(added)).type).toBe('BlobsUnavailable');
  expect(asked.filter((request) => request.startsWith('PUT'))).toEqual([]);
  // The person who runs it says that it is lost, and then it is as new.
  state.isExpected = false;
  expectOk(await now.append(added, 0, inPieces(bytes)));
  expect(expectOk(await now.commit(added))).toBe('whole');
  state.isExpected = true;
  expect(expectOk(await now.size(one))).toBe(null);
});

test('who may not list the bucket may put into it, and nothing that is not there counts as missing', async () => {
  const place = { ...s3.place, endpoint: proxy.url, prefix: `${newId()}/` };
  const store = createS3Blobs(place, newFolder(), { isExpected: async () => true });
  proxy.fail((request, response) => {
    if (!request.url?.includes('prefix=')) return false;
    response.writeHead(403).end('<Error><Code>AccessDenied</Code></Error>');
    return true;
  });
  const key = await put(store, randomBytes(1000));
  expect(expectOk(await store.size(key))).toBe(1000);
  expect(expectErr(await store.size({ ...key, hash: hashOf(randomBytes(5)) })).type).toBe('BlobsUnavailable');
});

test('each request is signed, names with their prefix and bytes by their hash included', async () => {
  const signatures: ReturnType<typeof signaturesOf>[] = [];
  const hashes: unknown[] = [];
  proxy.fail((request) => {
    signatures.push(signaturesOf(request, s3.place.secretAccessKey));
    if (request.method === 'PUT') hashes.push(request.headers['x-amz-content-sha256']);
    return false;
  });
  const store = createS3Blobs({ ...s3.place, endpoint: `${proxy.url}/`, prefix: 'a-b/c_d.e/' }, newFolder());
  const key = await put(store, randomBytes(1000));
  for (const answer of await ask(store, key)) expectOk(answer);
  expectOk(await store.remove(key));
  expect(signatures.length).toBeGreaterThan(5);
  for (const { given, expected, signedHeaders } of signatures) {
    expect(given).toBe(expected);
    expect(signedHeaders.split(';')).toEqual(expect.arrayContaining(['host', 'x-amz-content-sha256', 'x-amz-date']));
  }
  expect(hashes).toEqual([key.hash]);
});

test('a store that fails for a moment is asked again', async () => {
  const store = open();
  const key = await put(store, randomBytes(1000));
  for (const broken of [answerWith(500, 'InternalError'), answerWith(429, 'SlowDown')]) {
    let left = 2;
    proxy.fail((request, response) => left-- > 0 && broken(request, response));
    expect(expectOk(await store.size(key))).toBe(1000);
  }
});

test('what cannot be put stays an upload, whole, and is put once the store answers again', async () => {
  const parts = newFolder();
  const store = open(parts);
  const bytes = randomBytes(400_000);
  const key = { accountId: newId(), hash: hashOf(bytes) };
  expectOk(await store.append(key, 0, inPieces(bytes)));
  const put = (fault: ReturnType<typeof answerWith>) =>
    proxy.fail((request, response) => request.method === 'PUT' && fault(request, response));
  put(answerWith(403, 'AccessDenied'));
  expect(expectErr(await store.commit(key))).toEqual({ type: 'BlobsUnavailable', reason: 'PUT: status 403 (AccessDenied)' });
  put(answerWith(507, 'XMinioStorageFull'));
  expect(expectErr(await store.commit(key))).toEqual({ type: 'BlobsFull' });
  expect(expectOk(await store.arrived(key))).toBe(bytes.length);
  expect(readdirSync(join(parts, key.accountId, key.hash.slice(0, 2)))).toEqual([`${key.hash}.part`]);
  proxy.fail(null);
  expect(expectOk(await store.commit(key))).toBe('whole');
  expect(expectOk(await store.size(key))).toBe(bytes.length);
});

test('a removal that the store did not take is said, and can be repeated', async () => {
  const store = open();
  const key = await put(store, randomBytes(1000));
  proxy.fail(answerWith(403, 'AccessDenied'));
  expectErr(await store.remove(key));
  proxy.fail(null);
  expect(expectOk(await store.size(key))).toBe(1000);
  for (let time = 0; time < 2; time++) expectOk(await store.remove(key));
  expect(expectOk(await store.size(key))).toBeNull();
});

test('a range from a store that does not know ranges is an error, not other bytes', async () => {
  const store = open();
  const key = await put(store, randomBytes(1000));
  proxy.fail((request) => {
    delete request.headers.range;
    return false;
  });
  expect(expectErr(await store.read(key, { first: 10, last: 19 }))).toMatchObject({ type: 'BlobsUnavailable' });
});

test('bytes that break off while they are read end with an error, not as if they were all', async () => {
  const store = open();
  const key = await put(store, randomBytes(1000));
  proxy.fail((request, response) => {
    if (request.method !== 'GET') return false;
    response.writeHead(200, { 'content-length': 1000, etag: '"some"' });
    response.write(Buffer.alloc(100));
    setTimeout(() => response.destroy(), 50);
    return true;
  });
  const stream = expectOk(await store.read(key, null));
  const readAll = async () => {
    let read = 0;
    for await (const chunk of stream ?? []) read += (chunk as Uint8Array).length;
    return read;
  };
  await expect(readAll()).rejects.toThrow();
});

describe('a listing', () => {
  test('of more than a page is read to its end', async () => {
    const store = open();
    const key = await put(store, randomBytes(10));
    const entry = (hash: string) =>
      `<Contents><Key>some/prefix/${key.accountId}/${hash.slice(0, 2)}/${hash}</Key><LastModified>2026-11-27T00:00:00.000Z</LastModified><Size>7</Size></Contents>`;
    const hashes = Array.from({ length: 2500 }, (_, at) => hashOf(Buffer.from(String(at))));
    proxy.fail((request, response) => {
      const token = new URL(request.url ?? '', 'http://s3').searchParams.get('continuation-token');
      const from = token === null ? 0 : Number(token.slice('a&<é '.length));
      const next =
        from + 1000 < hashes.length ? `<NextContinuationToken>a&amp;&lt;&#233;&#x20;${from + 1000}</NextContinuationToken>` : '';
      response.end(
        `<?xml version="1.0"?><ListBucketResult>${hashes
          .slice(from, from + 1000)
          .map(entry)
          .join('\n')}${entry('other')}${next}</ListBucketResult>`,
      );
      return true;
    });
    const listed = expectOk(await store.list(key.accountId));
    expect(listed.map(({ hash }) => hash)).toEqual(hashes);
    expect(listed[0]).toEqual({ hash: hashes[0], state: 'whole', bytes: 7, changedAt: Date.UTC(2026, 10, 27) });
  });

  test('that does not move on ends with an error', async () => {
    proxy.fail((_request, response) => {
      response.end('<ListBucketResult><NextContinuationToken>same</NextContinuationToken></ListBucketResult>');
      return true;
    });
    expect(expectErr(await open().list(newId()))).toMatchObject({ type: 'BlobsUnavailable' });
  });
});
