/** One list of promises, kept by each place of blobs. */
import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { BlobStore } from '#server/blobs/blob-store.ts';
import { expectOk, newId } from '#support/server-world.ts';

export const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

export async function* inPieces(bytes: Uint8Array, size = 1000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function readAll(stream: AsyncIterable<Uint8Array> | null): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream ?? inPieces(new Uint8Array())) chunks.push(chunk);
  return Buffer.concat(chunks);
}

export function describeBlobStore(name: string, openStore: () => Promise<BlobStore>): void {
  describe(name, () => {
    const begin = async (size = 700_000) => {
      const store = await openStore();
      const bytes = randomBytes(size);
      return { store, bytes, key: { accountId: newId(), hash: hashOf(bytes) } };
    };
    const put = async (store: BlobStore, bytes: Uint8Array, accountId: string) => {
      const key = { accountId, hash: hashOf(bytes) };
      expectOk(await store.append(key, 0, inPieces(bytes)));
      expect(expectOk(await store.commit(key))).toBe('whole');
      return key;
    };

    test('an upload in two parts is a blob only once it is committed, and is read as it came', async () => {
      const { store, bytes, key } = await begin();
      expect(expectOk(await store.arrived(key))).toBe(0);
      expect(expectOk(await store.append(key, 0, inPieces(bytes.subarray(0, 300_001))))).toBe(300_001);
      expect(expectOk(await store.arrived(key))).toBe(300_001);
      expect(expectOk(await store.append(key, 300_001, inPieces(bytes.subarray(300_001))))).toBe(bytes.length);
      expect([expectOk(await store.size(key)), expectOk(await store.read(key, null))]).toEqual([null, null]);
      expect(expectOk(await store.commit(key))).toBe('whole');
      expect([expectOk(await store.size(key)), expectOk(await store.arrived(key))]).toEqual([bytes.length, 0]);
      expect(bytes.equals(await readAll(expectOk(await store.read(key, null))))).toBe(true);
    });

    test('a range is read with both of its ends', async () => {
      const { store, bytes } = await begin();
      const key = await put(store, bytes, newId());
      const read = await readAll(expectOk(await store.read(key, { first: 10, last: 19 })));
      expect(bytes.subarray(10, 20).equals(read)).toBe(true);
    });

    test('a source that breaks leaves what it gave, and its error passes through', async () => {
      const { store, bytes, key } = await begin();
      async function* breaking() {
        yield bytes.subarray(0, 500);
        throw new Error('the connection broke');
      }
      await expect(store.append(key, 0, breaking())).rejects.toThrow('the connection broke');
      expect(expectOk(await store.arrived(key))).toBe(500);
      expectOk(await store.append(key, 500, inPieces(bytes.subarray(500))));
      expect(expectOk(await store.commit(key))).toBe('whole');
    });

    test('bytes with another hash are dropped, and never become the blob', async () => {
      const { store, bytes, key } = await begin();
      expectOk(await store.append(key, 0, inPieces(Buffer.concat([bytes.subarray(1), bytes.subarray(0, 1)]))));
      expect(expectOk(await store.commit(key))).toBe('mismatch');
      expect([expectOk(await store.arrived(key)), expectOk(await store.size(key))]).toEqual([0, null]);
      expect(expectOk(await store.commit(key))).toBe('nothing');
    });

    test('a blob of no bytes is a blob', async () => {
      const store = await openStore();
      const key = await put(store, new Uint8Array(), newId());
      expect(expectOk(await store.size(key))).toBe(0);
      expect((await readAll(expectOk(await store.read(key, null)))).length).toBe(0);
    });

    test('a commit may be repeated, by another process at the same moment too', async () => {
      const { store, bytes, key } = await begin();
      expectOk(await store.append(key, 0, inPieces(bytes)));
      const both = await Promise.all([store.commit(key), store.commit(key)]);
      expect(both.map(expectOk)).toEqual(['whole', 'whole']);
      expect(expectOk(await store.commit(key))).toBe('whole');
      expect(bytes.equals(await readAll(expectOk(await store.read(key, null))))).toBe(true);
    });

    test('who still writes to an upload does not change the blob that was made of it', async () => {
      const { store, bytes, key } = await begin();
      expectOk(await store.append(key, 0, inPieces(bytes)));
      let commit: Promise<unknown> = Promise.resolve();
      async function* late() {
        yield Buffer.alloc(300_000);
        commit = store.commit(key).then(expectOk);
        await commit;
        yield Buffer.alloc(400_000);
      }
      // The file is opened before the other commits it, and written to after that.
      async function* held() {
        expect(expectOk(await store.commit(key))).toBe('whole');
        yield* late();
      }
      await store.append(key, 0, held());
      await commit;
      expect(bytes.equals(await readAll(expectOk(await store.read(key, null))))).toBe(true);
    });

    test('the same bytes of two accounts are two blobs', async () => {
      const { store, bytes } = await begin();
      const [first, second] = [await put(store, bytes, newId()), await put(store, bytes, newId())];
      expectOk(await store.remove(first));
      expect([expectOk(await store.size(first)), expectOk(await store.size(second))]).toEqual([null, bytes.length]);
    });

    test('what is there is listed by account, uploads as parts, and is gone once removed', async () => {
      const { store, bytes, key } = await begin();
      const { accountId } = key;
      const other = await put(store, bytes.subarray(1), accountId);
      expectOk(await store.append(key, 0, inPieces(bytes.subarray(0, 100))));
      const listed = expectOk(await store.list(accountId)).map(({ hash, state, bytes }) => ({ hash, state, bytes }));
      expect(listed).toHaveLength(2);
      expect(listed).toContainEqual({ hash: other.hash, state: 'whole', bytes: bytes.length - 1 });
      expect(listed).toContainEqual({ hash: key.hash, state: 'part', bytes: 100 });
      expect(expectOk(await store.accounts())).toContain(accountId);
      for (const one of [key, other]) expectOk(await store.remove(one));
      expectOk(await store.remove(key));
      expect(expectOk(await store.list(accountId))).toEqual([]);
    });

    test('clearing an account removes its blobs and uploads, and those of no other', async () => {
      const { store, bytes, key } = await begin();
      const { accountId } = key;
      await put(store, bytes.subarray(1), accountId);
      expectOk(await store.append(key, 0, inPieces(bytes.subarray(0, 100))));
      const others = await put(store, bytes, newId());
      for (let time = 0; time < 2; time++) expectOk(await store.clear(accountId));
      expect(expectOk(await store.list(accountId))).toEqual([]);
      expect(expectOk(await store.accounts())).not.toContain(accountId);
      expect(expectOk(await store.size(others))).toBe(bytes.length);
    });

    test('dropping an upload leaves a whole blob as it is', async () => {
      const { store, bytes } = await begin();
      const key = await put(store, bytes, newId());
      expectOk(await store.append(key, 0, inPieces(bytes.subarray(0, 100))));
      expectOk(await store.drop(key));
      expect([expectOk(await store.arrived(key)), expectOk(await store.size(key))]).toEqual([0, bytes.length]);
    });
  });
}
