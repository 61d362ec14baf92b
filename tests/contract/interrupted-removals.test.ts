/** A process that ends inside of a collection: nobody waits long for what it was about to remove, in either place of the bytes. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createBlobApi } from '#server/api/blobs.ts';
import type { BlobStore } from '#server/blobs/blob-store.ts';
import { createFileBlobs } from '#server/blobs/file-blobs.ts';
import { createS3Blobs } from '#server/blobs/s3-blobs.ts';
import { defaultLimits } from '#server/limits.ts';
import type { Storage } from '#server/storage/storage.ts';
import { collectBlobs } from '#server/upkeep/collector.ts';
import { type S3Server, startS3 } from '#support/s3-server.ts';
import { createServerWorld, expectErr, expectOk } from '#support/server-world.ts';
import { hashOf, inPieces } from './blob-stores.ts';

const KEEP_MS = 30 * 86_400_000;
const MINUTE_MS = 60_000;
const newFolder = (): string => mkdtempSync(join(tmpdir(), 'holdfast-blobs-'));

let s3: S3Server;
beforeAll(async () => {
  s3 = await startS3();
});
afterAll(() => s3.stop());

describe.each([
  ['files', () => createFileBlobs(newFolder())],
  ['an S3-compatible store', () => createS3Blobs(s3.place, newFolder())],
] as const)('a removal that was interrupted, with the bytes in %s', (_place, open) => {
  async function createWorld() {
    const { storage, clock, accountId } = await createServerWorld();
    const blobs = open();
    const api = createBlobApi({ storage, clock, blobs, limits: defaultLimits });
    const bytes = randomBytes(1000);
    const hash = hashOf(bytes);
    const key = { accountId, hash };
    const put = (from = 0) =>
      api.takePart(key, { offset: from, size: bytes.length, bytes: () => inPieces(bytes.subarray(from)) });
    const collect = (place: BlobStore = blobs, over: Storage = storage) =>
      collectBlobs({ storage: over, blobs: place, clock, keepMs: KEEP_MS }, accountId);
    const isWhole = async () =>
      expectOk(await blobs.size(key)) === bytes.length && expectOk(await api.missing(accountId, [hash])).missing.length === 0;
    /** What nothing names has waited long enough. */
    const grow = async () => {
      expectOk(await put());
      expectOk(await collect());
      clock.advance(KEEP_MS);
    };
    return { storage, clock, blobs, api, bytes, key, put, collect, isWhole, grow };
  }

  const kills: readonly (readonly [string, (blobs: BlobStore) => Partial<BlobStore>])[] = [
    ['before the bytes went', () => ({ remove: () => Promise.reject(new Error('killed')) })],
    ['after the bytes went', (blobs) => ({ remove: (key) => blobs.remove(key).then(() => Promise.reject(new Error('killed'))) })],
  ];

  test.each(kills)('%s is over within minutes for whoever sends the blob again, without a collection', async (_when, killed) => {
    const { clock, blobs, api, key, bytes, put, collect, isWhole, grow } = await createWorld();
    await grow();
    await expect(collect({ ...blobs, ...killed(blobs) })).rejects.toThrow('killed');
    // Somebody may be at it still: this blob alone waits, and its device takes the server for no broken one.
    expect(expectErr(await api.upload(key))).toMatchObject({ status: 404 });
    expect(expectErr(await put())).toMatchObject({ status: 409, error: { type: 'unavailable' } });
    clock.advance(5 * MINUTE_MS);
    expect(expectOk(await put())).toEqual({ offset: bytes.length, size: bytes.length });
    expect(await isWhole()).toBe(true);
    expect([expectOk(await collect()), await isWhole()]).toEqual([0, true]);
  });

  test('a collection that comes to a blob of its list late leaves what has come again meanwhile', async () => {
    const { clock, blobs, put, collect, isWhole, grow, storage } = await createWorld();
    await grow();
    let isLate = false;
    const late: Storage = {
      ...storage,
      async write(accountId, body) {
        const written = await storage.write(accountId, body);
        if (isLate) return written;
        isLate = true;
        // All were claimed at once, and those before it in the list have taken long.
        clock.advance(6 * MINUTE_MS);
        expectOk(await put());
        return written;
      },
    };
    expect(expectOk(await collect(blobs, late))).toBe(0);
    expect(await isWhole()).toBe(true);
    expect(expectOk(await collect())).toBe(0);
  });

  // Each of two processes over one storage has the other's writes between its own.
  test.each([1, 2])(
    'a process that sleeps after its write %i, while another takes the blob over, leaves nothing said that is not so',
    async (nth) => {
      const { clock, blobs, api, bytes, key, put, collect, isWhole, grow, storage } = await createWorld();
      await grow();
      let writes = 0;
      const sleepy: Storage = {
        ...storage,
        async write(accountId, body) {
          const written = await storage.write(accountId, body);
          writes += 1;
          if (writes !== nth) return written;
          clock.advance(6 * MINUTE_MS);
          expectErr(await api.open(key, null));
          expectOk(await put());
          return written;
        },
      };
      await collect(blobs, sleepy);
      const { missing } = expectOk(await api.missing(key.accountId, [key.hash]));
      if (missing.length > 0) expectOk(await put());
      expect(await isWhole(), 'what the server says to have, it has').toBe(true);
      expect(expectOk(await api.upload(key))).toEqual({ offset: bytes.length, size: bytes.length });
    },
  );

  test('bytes that came again while their removal was on its way are asked for once more where it took them', async () => {
    const { clock, blobs, api, key, put, collect, isWhole, grow } = await createWorld();
    for (const parts of [1, 2]) {
      await grow();
      let first = true;
      const remove: BlobStore['remove'] = async (removed) => {
        if (!first) return blobs.remove(removed);
        first = false;
        clock.advance(6 * MINUTE_MS);
        if (parts === 1) expectOk(await put());
        else await api.takePart(key, { offset: 0, size: 1000, bytes: () => inPieces(randomBytes(10)) });
        return blobs.remove(removed);
      };
      await collect({ ...blobs, remove });
      expect(expectOk(await api.missing(key.accountId, [key.hash])).missing).toEqual([key.hash]);
      expectOk(await put());
      expect(await isWhole()).toBe(true);
    }
  });

  test('a clock that was set back keeps no blob from its device', async () => {
    const { clock, blobs, put, collect, isWhole, grow } = await createWorld();
    await grow();
    await expect(collect({ ...blobs, remove: () => Promise.reject(new Error('killed')) })).rejects.toThrow('killed');
    clock.advance(-10 * KEEP_MS);
    expectOk(await put());
    expect(await isWhole()).toBe(true);
  });
});
