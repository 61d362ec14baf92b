/** A server's place of blobs in memory, which keeps the promises of `BlobStore` and outlives the processes that use it. */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { ok } from '#core/result.ts';
import type { BlobKey, BlobStore, StoredBlob } from '#server/blobs/blob-store.ts';

export interface MemoryServerBlobs extends BlobStore {
  /** The text of a whole blob of any account; null where there is none. */
  textOf(hash: string): string | null;
  /** Loses everything. */
  clear(): void;
}

export function createMemoryServerBlobs(): MemoryServerBlobs {
  const whole = new Map<string, Buffer>();
  const parts = new Map<string, Buffer>();
  const nameOf = ({ accountId, hash }: BlobKey): string => `${accountId}/${hash}`;
  const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
  const listed = (from: Map<string, Buffer>, accountId: string, state: StoredBlob['state']): StoredBlob[] =>
    [...from].flatMap(([name, { length }]) => {
      const [of, hash = ''] = name.split('/');
      return of === accountId ? [{ hash, state, bytes: length, changedAt: 0 }] : [];
    });
  return {
    async arrived(key) {
      return ok(parts.get(nameOf(key))?.length ?? 0);
    },
    async append(key, offset, bytes) {
      for await (const piece of bytes) {
        const before = parts.get(nameOf(key)) ?? Buffer.alloc(0);
        const after = Buffer.alloc(Math.max(before.length, offset + piece.length));
        before.copy(after);
        after.set(piece, offset);
        parts.set(nameOf(key), after);
      }
      return ok(parts.get(nameOf(key))?.length ?? 0);
    },
    async commit(key) {
      const part = parts.get(nameOf(key));
      if (!part) return ok(whole.has(nameOf(key)) ? 'whole' : 'nothing');
      parts.delete(nameOf(key));
      if (hashOf(part) !== key.hash) return ok('mismatch');
      whole.set(nameOf(key), part);
      return ok('whole');
    },
    async drop(key) {
      parts.delete(nameOf(key));
      return ok(null);
    },
    async size(key) {
      return ok(whole.get(nameOf(key))?.length ?? null);
    },
    async read(key, range) {
      const bytes = whole.get(nameOf(key));
      return ok(bytes ? Readable.from([range ? bytes.subarray(range.first, range.last + 1) : bytes]) : null);
    },
    async remove(key) {
      whole.delete(nameOf(key));
      parts.delete(nameOf(key));
      return ok(null);
    },
    async list(accountId) {
      return ok([...listed(whole, accountId, 'whole'), ...listed(parts, accountId, 'part')]);
    },
    async accounts() {
      return ok([...new Set([...whole.keys(), ...parts.keys()].map((name) => name.split('/', 1)[0] ?? ''))]);
    },
    textOf: (hash) => [...whole].find(([name]) => name.endsWith(hash))?.[1].toString() ?? null,
    clear() {
      whole.clear();
      parts.clear();
    },
  };
}
