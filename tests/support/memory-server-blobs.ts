/**
 * A server's place of blobs in memory, which keeps the promises of `BlobStore` and outlives the processes that use it: they may die between
 * any two steps of what they do there.
 */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { BlobHash } from '#core/blobs.ts';
import { ok } from '#core/result.ts';
import type { BlobKey, BlobStore } from '#server/blobs/blob-store.ts';

export type Bytes = Uint8Array<ArrayBuffer>;

/** A copy of whole blobs, as an administrator would take it. */
export type BlobsCopy = ReadonlyMap<string, Bytes>;

export interface MemoryServerBlobs extends BlobStore {
  /** The place as one process uses it. `step` is waited for before each step. */
  connect(step: (label: string) => Promise<void>): BlobStore;
  /** The bytes of a whole blob. */
  whole(key: BlobKey): Bytes | undefined;
  /** The text of a whole blob of any account; null where there is none. */
  textOf(hash: BlobHash): string | null;
  copy(): BlobsCopy;
  /** Puts a copy, or a part of one, in place of what is there. Uploads under way are lost. */
  replace(copy: BlobsCopy): void;
}

export const hashBytes = (bytes: Uint8Array): BlobHash => createHash('sha256').update(bytes).digest('hex');

const nameOf = ({ accountId, hash }: BlobKey): string => `${accountId}/${hash}`;

export interface BlobsTap {
  /** A blob has its name from now on. */
  onWhole(key: BlobKey, bytes: Bytes): void;
}

export function createMemoryServerBlobs({ onWhole }: BlobsTap = { onWhole: () => {} }): MemoryServerBlobs {
  const wholes = new Map<string, Bytes>();
  const parts = new Map<string, Bytes>();

  const writeAt = (name: string, offset: number, piece: Uint8Array): void => {
    const before = parts.get(name) ?? new Uint8Array();
    const after = new Uint8Array(Math.max(before.length, offset + piece.length));
    after.set(before);
    after.set(piece, offset);
    parts.set(name, after);
  };

  const connect = (step: (label: string) => Promise<void>): BlobStore => ({
    isLocal: false,
    async arrived(key) {
      await step('file size');
      return ok(parts.get(nameOf(key))?.length ?? 0);
    },
    async append(key, offset, bytes) {
      const name = nameOf(key);
      await step('file open');
      if (!parts.has(name)) parts.set(name, new Uint8Array());
      let at = offset;
      for await (const piece of bytes) {
        await step('file write');
        writeAt(name, at, piece);
        at += piece.length;
      }
      await step('file synced');
      return ok(parts.get(name)?.length ?? 0);
    },
    async commit(key) {
      const name = nameOf(key);
      await step('file verify');
      const part = parts.get(name);
      if (!part) return ok(wholes.has(name) ? 'whole' : 'nothing');
      if (hashBytes(part) !== key.hash) {
        parts.delete(name);
        return ok('mismatch');
      }
      const copy = part.slice();
      await step('file rename');
      wholes.set(name, copy);
      onWhole(key, copy);
      await step('file renamed');
      parts.delete(name);
      return ok('whole');
    },
    async drop(key) {
      await step('file drop');
      parts.delete(nameOf(key));
      return ok(null);
    },
    async size(key) {
      await step('file size');
      return ok(wholes.get(nameOf(key))?.length ?? null);
    },
    async read(key, range) {
      await step('file read');
      const bytes = wholes.get(nameOf(key));
      return ok(bytes ? Readable.from([range ? bytes.subarray(range.first, range.last + 1) : bytes]) : null);
    },
    async remove(key) {
      await step('file remove');
      wholes.delete(nameOf(key));
      await step('file removed');
      parts.delete(nameOf(key));
      return ok(null);
    },
    async clear(accountId) {
      for (const files of [wholes, parts])
        for (const name of files.keys()) if (name.startsWith(`${accountId}/`)) files.delete(name);
      return ok(null);
    },
    async list(accountId) {
      const of = (files: Map<string, Bytes>, state: 'whole' | 'part') =>
        [...files].flatMap(([name, bytes]) => {
          const [account, hash = ''] = name.split('/');
          return account === accountId ? [{ hash, state, bytes: bytes.length, changedAt: 0 }] : [];
        });
      return ok([...of(wholes, 'whole'), ...of(parts, 'part')]);
    },
    accounts: async () => ok([...new Set([...wholes.keys(), ...parts.keys()].map((name) => name.split('/')[0] ?? ''))]),
  });

  return {
    ...connect(async () => {}),
    connect,
    whole: (key) => wholes.get(nameOf(key)),
    copy: () => new Map(wholes),
    replace(copy) {
      wholes.clear();
      parts.clear();
      for (const [name, bytes] of copy) wholes.set(name, bytes);
    },
    textOf: (hash) => new TextDecoder().decode([...wholes].find(([name]) => name.endsWith(hash))?.[1]) || null,
  };
}
