/** Blobs: on the device, on their way, and on the server. */
import type { BlobQueue } from '#core/blob-queue.ts';
import type { BytesTransport } from '#core/ports.ts';
import { ok } from '#core/result.ts';
import type { BlobRow } from '#server/storage/storage.ts';
import { type BlobPorts, type ContextPorts, type Product, product } from '#simulation/adapters.ts';
import { BLOB_SCENES } from '#simulation/blob-scenes.ts';
import type { BlobStore } from '#store/blob-store.ts';
import { collectBlobs } from '#store/blobs/collect-blobs.ts';
import type { BlobContext } from '#store/blobs/context.ts';
import { letGoUnused } from '#store/blobs/let-go.ts';
import { NAMING_PLACES } from '#store/blobs/named-blobs.ts';
import { blobRow, placeOf } from '#store/schema/blob-rows.ts';
import { hashBytes } from '#support/memory-server-blobs.ts';
import type { Mutation } from './mutation.ts';

const withQueue = (change: (queue: BlobQueue, context: BlobContext) => Partial<BlobQueue>): Partial<Product> => ({
  createBlobQueue(context) {
    const queue = product.createBlobQueue(context);
    return { ...queue, ...change(queue, context) };
  },
});

const withBlobs = (change: (store: BlobStore, context: BlobContext) => Partial<BlobStore>): Partial<Product> => ({
  createBlobs(context) {
    const store = product.createBlobs(context);
    return { ...store, ...change(store, context) };
  },
});

const withBytes = (change: (bytes: BytesTransport) => BytesTransport): Partial<Product> => ({
  createBlobDrainer: (ports: ContextPorts, blobs: BlobPorts, queue) =>
    product.createBlobDrainer({ ...ports, bytes: change(ports.bytes) }, blobs, queue),
});

const { sendingFiles, losingFiles, oldFiles, strandedFiles, collectingFiles, openForMonths } = BLOB_SCENES;
const DAY_MS = 24 * 3_600_000;

/** A collection that does not look everywhere. */
const collectingWithout = (name: keyof typeof NAMING_PLACES): Partial<Product> => {
  const places = Object.entries(NAMING_PLACES).flatMap(([place, scan]) => (place === name ? [] : [scan]));
  return withBlobs((_store, context) => ({ collect: () => collectBlobs(context, true, places) }));
};

export const blobs: readonly Mutation[] = [
  {
    name: 'a reference is put into the text before the bytes are kept',
    rule: 'Blobs: bytes first, then the entity',
    needs: [],
    plan: sendingFiles,
    product: {
      async addFile(store, source) {
        const pieces: Uint8Array<ArrayBuffer>[] = [];
        for await (const piece of source as AsyncIterable<Uint8Array<ArrayBuffer>>) pieces.push(piece);
        const bytes = new Uint8Array(Buffer.concat(pieces));
        void store.put(bytes, { type: '' });
        const known = { type: '', here: true, sent: false, addedAt: 0, letGo: false };
        return ok({ ...known, hash: hashBytes(bytes), size: bytes.length });
      },
    },
  },
  {
    name: 'a blob counts as sent before its last part is acknowledged',
    rule: 'Blobs: sent is what the server has verified',
    needs: [],
    plan: sendingFiles,
    product: withQueue((queue) => ({
      async read(hash, from, to) {
        await queue.markSent(hash);
        return queue.read(hash, from, to);
      },
    })),
  },
  {
    name: 'the server is not asked what it lacks after it was put back',
    rule: 'Blobs: each new life of the server is asked what it lacks',
    needs: [],
    plan: losingFiles,
    product: withQueue(() => ({ question: async () => ok(null) })),
  },
  {
    name: 'what the server lacks still counts as sent',
    rule: 'Blobs: what the server has lost is sent again',
    needs: [],
    plan: losingFiles,
    product: withQueue((queue, { kv }) => ({
      async answer(question, missing) {
        const found = await kv.read({ rows: { getMany: 'blobs', keys: missing } });
        const known = found.ok ? found.value.rows.flatMap((row) => (row && !row.sent ? [row.hash] : [])) : [];
        return queue.answer(question, known);
      },
    })),
  },
  {
    name: 'an upload begins at 0 after each break',
    rule: 'Blobs: an upload goes on where it stopped',
    needs: [],
    plan: sendingFiles,
    product: withBytes((bytes) => ({
      async requestBytes(request) {
        const answer = await bytes.requestBytes(request);
        if (request.method !== 'HEAD' || !answer.ok || answer.value.offset === null) return answer;
        return ok({ ...answer.value, offset: 0, size: Math.max(1, answer.value.size ?? 1) });
      },
    })),
  },
  {
    name: 'what arrives is not compared with its hash',
    rule: 'Blobs: the receiver verifies the hash',
    needs: [],
    plan: sendingFiles,
    product: withBlobs((store) => ({
      async put(source, { expect, ...about }, options) {
        const kept = await store.put(source, about, options);
        return kept.ok && expect !== undefined ? ok({ ...kept.value, hash: expect }) : kept;
      },
    })),
  },
  {
    name: 'bytes are let go that the server does not have',
    rule: 'Blobs: only what the server has is let go',
    needs: [],
    plan: oldFiles,
    product: withBlobs((store, { kv }) => ({
      async letGoUnused(options) {
        await kv.transact({ rows: { list: 'blobs', limit: 100 } }, ({ rows }) => ({
          writes: rows.map((row) => ({ put: 'blobs', row: blobRow({ ...row, sent: true }, placeOf(row)) }) as const),
          value: null,
        }));
        return store.letGoUnused(options);
      },
    })),
  },
  {
    name: 'bytes are let go that no version on the server names',
    rule: 'Blobs: only what an entity names in the version that the server has is let go',
    needs: [],
    plan: strandedFiles,
    product: withBlobs((_store, context) => ({
      letGoUnused: (options) => letGoUnused(context, options, async (_context, hashes) => ok(hashes)),
    })),
  },
  {
    name: 'a collection does not look into the history',
    rule: 'Blobs: a collection takes nothing that a kept state names',
    needs: [],
    plan: oldFiles,
    product: collectingWithout('history'),
  },
  {
    name: 'a collection does not look into the entities',
    rule: 'Blobs: a collection takes nothing that an entity names',
    needs: [],
    plan: oldFiles,
    product: collectingWithout('entities'),
  },
  {
    name: 'a collection does not know what an open editor may take back',
    rule: 'Blobs: a collection takes nothing that the undo history of an open page names',
    needs: [],
    plan: openForMonths,
    product: withBlobs(() => ({ noteShown: async () => ok(undefined) })),
  },
  {
    name: 'a collection does not wait',
    rule: 'Blobs: what nothing names stays for 30 days',
    needs: [],
    plan: oldFiles,
    product: (() => {
      let later = 0;
      return withBlobs((_store, context) => ({
        collect() {
          later += 31 * DAY_MS;
          const by = later;
          return collectBlobs({ ...context, clock: { now: () => context.clock.now() + by } }, true);
        },
      }));
    })(),
  },
  {
    name: 'the server does not look at what was pushed while it collects',
    rule: 'Blobs: the server takes nothing that a version names',
    needs: [],
    plan: collectingFiles,
    storage: (storage) => ({
      ...storage,
      write: (accountId, body) =>
        storage.write(accountId, (writer, account) =>
          body({ ...writer, namedBlobs: async () => [], keepBlobs: async (_id, hashes) => [...hashes] }, account),
        ),
    }),
  },
  {
    name: 'the server does not wait with what nothing names',
    rule: 'Blobs: what no version names stays for 30 days',
    needs: [],
    plan: collectingFiles,
    storage: (storage) => ({
      ...storage,
      write: (accountId, body) =>
        storage.write(accountId, (writer, account) => {
          const longAgo = (row: BlobRow): BlobRow => ({ ...row, unreferencedSince: 0 });
          const blobsAfter: typeof writer.blobsAfter = async (...page) => (await writer.blobsAfter(...page)).map(longAgo);
          return body({ ...writer, blobsAfter }, account);
        }),
    }),
  },
];
