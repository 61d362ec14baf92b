/** What the blobs of a workspace promise, over whatever keeps their bytes. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { BlobHash } from '#core/blobs.ts';
import type { KvError } from '#core/errors.ts';
import type { Kv } from '#core/ports.ts';
import type { Result } from '#core/result.ts';
import type { BlobStore } from '#store/blob-store.ts';
import type { WorkspaceTables } from '#store/schema/schema.ts';
import { bytesOf, hashOf, passingPieces, someBytes } from '#support/blob-bytes.ts';
import { must } from '#support/memory-workspace.ts';

export interface BlobWorld {
  readonly blobs: BlobStore;
  readonly kv: Kv<WorkspaceTables>;
  /** The names of the files that there are; null where bytes are rows. */
  readonly files: () => Promise<readonly string[] | null>;
  /** Lets one go that the server has said to have. */
  readonly letGo: (hash: BlobHash) => Promise<Result<boolean, KvError>>;
}

const SIZES = [0, 1, 64 * 1024, 64 * 1024 + 1, 1024 * 1024, 5 * 1024 * 1024 + 7, 33 * 1024 * 1024];
const LARGE = 3 * 1024 * 1024 + 5;
const picture = { type: 'image/png', width: 3, height: 2 };

export function describeBlobs(name: string, open: () => Promise<BlobWorld>): void {
  describe(`blobs over ${name}`, () => {
    let world: BlobWorld;
    let blobs: BlobStore;
    beforeEach(async () => {
      world = await open();
      ({ blobs } = world);
    });
    const put = async (bytes: Uint8Array<ArrayBuffer>, about: Parameters<BlobStore['put']>[1] = picture) =>
      must(await blobs.put(new Blob([bytes]), about));
    const expectNothing = async (): Promise<void> => {
      const { rows, bytes, meta } = must(
        await world.kv.read({ rows: { count: 'blobs' }, bytes: { count: 'blob-bytes' }, meta: { count: 'meta' } }),
      );
      expect({ rows, bytes, meta, files: (await world.files()) ?? [] }).toEqual({ rows: 0, bytes: 0, meta: 0, files: [] });
    };

    test.each(SIZES)('%i bytes come back as they were, under their SHA-256', async (size) => {
      const bytes = someBytes(size);
      const hash = hashOf(bytes);
      expect(await put(bytes)).toMatchObject({ hash, size, ...picture, here: true, sent: false });
      const read = must(await blobs.read(hash));
      expect(read?.type).toBe('image/png');
      expect(hashOf((await bytesOf(read)) as Uint8Array)).toBe(hash);
      expect(must(await blobs.info([hash, 'f'.repeat(64)]))).toMatchObject([{ hash, size, here: true }, null]);
    });

    test.each([10, 64 * 1024, 64 * 1024 + 1, LARGE])(
      '%i bytes that come in pieces, each gone when the next is asked for, come back as they were',
      async (size) => {
        for (const piece of [9000, 1024 * 1024]) {
          const bytes = someBytes(size);
          const { hash } = must(await blobs.put(passingPieces(bytes, piece), picture));
          expect(hash).toBe(hashOf(bytes));
          expect(hashOf((await bytesOf(must(await blobs.read(hash)))) as Uint8Array)).toBe(hash);
        }
      },
    );

    test('a range is what it says, across the ends of rows, and no longer than the blob', async () => {
      const bytes = someBytes(LARGE);
      const { hash } = await put(bytes);
      const MB = 1024 * 1024;
      for (const [from, to] of [
        [0, 10],
        [MB - 3, MB + 3],
        [MB, 2 * MB],
        [LARGE - 4, LARGE + 100],
        [LARGE + 5, LARGE + 9],
        [7, 7],
      ] as const) {
        const expected = bytes.slice(from, to);
        expect(await bytesOf(must(await blobs.read(hash, { from, to })))).toEqual(expected);
        expect(must(await blobs.readBytes(hash, { from, to }))).toEqual(expected);
      }
    });

    test('a stream is kept as it comes', async () => {
      const bytes = someBytes(LARGE);
      const stream = new Blob([bytes]).stream();
      const { hash } = must(await blobs.put(stream, { type: '' }));
      expect(hash).toBe(hashOf(bytes));
      expect(must(await blobs.readBytes(hash))).toEqual(bytes);
    });

    test('the same bytes again, at once or later, are the same blob', async () => {
      const bytes = someBytes(LARGE);
      const all = await Promise.all([put(bytes), put(bytes), put(bytes)]);
      all.push(await put(bytes, { type: 'image/webp' }));
      expect(new Set(all.map(({ hash }) => hash)).size).toBe(1);
      expect(must(await world.kv.read({ rows: { list: 'blobs', limit: 10 } })).rows).toHaveLength(1);
      const files = await world.files();
      if (files) expect(files).toEqual([hashOf(bytes)]);
      else expect(must(await world.kv.read({ bytes: { count: 'blob-bytes' } })).bytes).toBe(4);
      expect(must(await world.kv.read({ notes: { count: 'meta' } })).notes).toBe(0);
    });

    test('a watcher sees how far it is, and cancels: nothing is left', async () => {
      const bytes = someBytes(9 * 1024 * 1024);
      const seen: number[] = [];
      must(await blobs.put(new Blob([bytes]), picture, { watch: (done) => void seen.push(done) }));
      expect(seen[0]).toBe(0);
      expect(seen.at(-1)).toBe(bytes.length);
      expect(seen.length).toBeGreaterThan(3);
      world = await open();
      const canceled = await world.blobs.put(new Blob([bytes]), picture, { watch: (done) => done < 5_000_000 });
      expect(canceled).toEqual({ ok: false, error: { type: 'Canceled' } });
      await expectNothing();
    });

    test('bytes that are not those of the expected hash are refused, and nothing is left', async () => {
      for (const size of [10, LARGE]) {
        const refused = await blobs.put(new Blob([someBytes(size)]), { type: '', sent: true, expect: 'a'.repeat(64) });
        expect(refused).toEqual({ ok: false, error: { type: 'WrongBytes' } });
      }
      await expectNothing();
    });

    test('a stream that breaks leaves nothing', async () => {
      let pulls = 0;
      const broken = new ReadableStream<Uint8Array<ArrayBuffer>>({
        pull(controller) {
          pulls += 1;
          if (pulls > 3) controller.error(new TypeError('the connection is gone'));
          else controller.enqueue(someBytes(100_000, pulls));
        },
      });
      expect(await blobs.put(broken, { type: '' })).toMatchObject({ ok: false, error: { type: 'FileUnreadable' } });
      await expectNothing();
    });

    test('what waits for the server comes smallest first, and not once it is there', async () => {
      const sizes = [LARGE, 10, 100_000];
      const hashes = [];
      for (const size of sizes) hashes.push((await put(someBytes(size, size))).hash);
      const [large, small, middle] = hashes as [string, string, string];
      const waiting = async () => must(await blobs.unsent(10)).map(({ hash }) => hash);
      expect(await waiting()).toEqual([small, middle, large]);
      expect(must(await blobs.countUnsent())).toEqual({ files: 3, bytes: sizes.reduce((a, b) => a + b), refused: 0 });
      must(await blobs.markSent([small, large, 'e'.repeat(64)]));
      expect(await waiting()).toEqual([middle]);
      must(await blobs.markSent([large], false));
      expect(await waiting()).toEqual([middle, large]);
      // Added again, it is still what the server has.
      await put(someBytes(10, 10));
      expect(await waiting()).toEqual([middle, large]);
      expect(must(await blobs.have([...hashes, 'e'.repeat(64)]))).toEqual(hashes);
    });

    test('only what the server has is let go, and comes back', async () => {
      for (const size of [500, LARGE]) {
        const bytes = someBytes(size);
        const { hash } = await put(bytes);
        expect(must(await world.letGo(hash))).toBe(false);
        must(await blobs.markSent([hash]));
        expect(must(await world.letGo(hash))).toBe(true);
        expect(must(await world.letGo(hash))).toBe(false);
        expect(must(await blobs.read(hash))).toBeNull();
        expect(must(await blobs.info([hash]))).toMatchObject([{ here: false, letGo: true, sent: true, ...picture }]);
        expect(must(await blobs.have([hash]))).toEqual([]);
        expect((await world.files()) ?? []).toEqual([]);
        expect(must(await world.kv.read({ bytes: { count: 'blob-bytes' } })).bytes).toBe(0);
        expect(must(await blobs.put(new Blob([bytes]), { type: '', sent: true, expect: hash }))).toMatchObject({
          here: true,
          letGo: false,
          sent: true,
          ...picture,
        });
        expect(must(await blobs.readBytes(hash))).toEqual(bytes);
        must(await world.letGo(hash));
      }
    });

    test('thumbnails are read many at a time, and stay when the bytes are let go', async () => {
      const { hash } = await put(someBytes(LARGE));
      must(await blobs.putThumbnail(hash, new Blob([someBytes(900)], { type: 'image/webp' })));
      must(await blobs.putThumbnail('d'.repeat(64), new Blob(['nobody asked'])));
      must(await blobs.markSent([hash]));
      must(await world.letGo(hash));
      const [none, small, ...rest] = must(await blobs.thumbnails(['d'.repeat(64), hash]));
      expect(none).toBeNull();
      expect(small?.type).toBe('image/webp');
      expect(await bytesOf(small ?? null)).toEqual(someBytes(900));
      expect(rest).toEqual([]);
    });

    test('a sweep leaves everything whole as it is', async () => {
      const bytes = [someBytes(10), someBytes(LARGE)];
      const hashes: string[] = [];
      for (const one of bytes) hashes.push((await put(one)).hash);
      const before = must(await blobs.info(hashes));
      must(await blobs.sweep());
      expect(must(await blobs.info(hashes))).toEqual(before);
      for (const [at, hash] of hashes.entries()) expect(must(await blobs.readBytes(hash))).toEqual(bytes[at]);
    });
  });
}
