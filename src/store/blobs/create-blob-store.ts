import { eachBatch } from '#core/batches.ts';
import type { BlobHash } from '#core/blobs.ts';
import { ok } from '#core/result.ts';
import type { BlobStore } from '#store/blob-store.ts';
import { noteSent } from '#store/schema/note-sent.ts';
import { findBlobUsers } from './blob-users.ts';
import { collectBlobs } from './collect-blobs.ts';
import { type BlobContext, infoOf } from './context.ts';
import { letGoUnused } from './let-go.ts';
import { putMakingRoom } from './put-making-room.ts';
import { readBlob, readBlobBytes } from './read-blob.ts';
import { recallBlobs } from './recall-blobs.ts';
import { listRefused, retryRefused } from './refusals.ts';
import { noteShown } from './shown-files.ts';
import { sweepBlobs } from './sweep-blobs.ts';
import { putThumbnail, readThumbnails } from './thumbnails.ts';

/** `collect` leaves what it has found named to `recall`, which whoever collects calls in the next moment. */
const SCAN_GOOD_MS = 60_000;
/** Rows to a transaction. */
const CLAIMED_AT_ONCE = 200;

/** The blobs of one workspace. The contract is `blob-store.ts`. */
export function createBlobStore(context: BlobContext): BlobStore {
  const { kv } = context;
  /** What the last collection has found named: looking for it reads everything. */
  let scanned: { readonly named: ReadonlySet<BlobHash>; readonly at: number } | null = null;
  return {
    put: (source, about, options) => putMakingRoom(context, source, about, options),
    read: (hash, range) => readBlob(context, hash, range),
    readBytes: (hash, range) => readBlobBytes(context, hash, range),

    async info(hashes) {
      const found = await kv.read({ rows: { getMany: 'blobs', keys: hashes } });
      return found.ok ? ok(found.value.rows.map((row) => (row ? infoOf(row) : null))) : found;
    },

    async have(hashes) {
      const found = await kv.read({ rows: { getMany: 'blobs', keys: hashes } });
      return found.ok ? ok(found.value.rows.flatMap((row) => (row && row.at !== null ? [row.hash] : []))) : found;
    },

    async claim(hashes) {
      const usedAt = context.clock.now();
      const claimed = await eachBatch(hashes, CLAIMED_AT_ONCE, (keys) =>
        kv.transact({ rows: { getMany: 'blobs', keys } }, ({ rows }) => {
          const here = rows.flatMap((row) => (row && row.at !== null ? [row] : []));
          const writes = here.map((row) => ({ put: 'blobs', row: { ...row, usedAt } }) as const);
          return { writes, value: here.map(({ hash }) => hash) };
        }),
      );
      return claimed.ok ? ok(claimed.value.flat()) : claimed;
    },

    markSent: (hashes, isSent = true) => noteSent(kv, hashes, isSent),

    async unsent(limit) {
      const found = await kv.read({ rows: { list: 'blobs', index: 'byWaiting', limit } });
      return found.ok ? ok(found.value.rows.map(infoOf)) : found;
    },

    async countUnsent() {
      const found = await kv.read({ rows: { list: 'blobs', index: 'byWaiting', limit: 100_000 } });
      if (!found.ok) return found;
      const { rows } = found.value;
      const files = rows.filter(({ refused }) => refused).length;
      return ok({ files: rows.length, bytes: rows.reduce((sum, { size }) => sum + size, 0), refused: files });
    },

    refused: (limit) => listRefused(context, limit),
    users: (hashes, kinds) => findBlobUsers(context, hashes, kinds),
    retryRefused: () => retryRefused(context),
    letGoUnused: (options) => letGoUnused(context, options),
    putThumbnail: (hash, picture) => putThumbnail(context, hash, picture),
    thumbnails: (hashes) => readThumbnails(context, hashes),
    noteShown: (tab, hashes) => noteShown(context, tab, hashes),
    sweep: () => sweepBlobs(context),
    collect: (now = false) =>
      collectBlobs(context, now, undefined, (named) => {
        scanned = { named, at: context.clock.now() };
      }),
    recall(options) {
      const named = scanned && Math.abs(context.clock.now() - scanned.at) < SCAN_GOOD_MS ? scanned.named : null;
      scanned = null;
      return recallBlobs(context, options, named);
    },
  };
}
