/** SHA-256 of bytes, whole or as they come. */
import type { BlobHash } from '#core/blobs.ts';
import { beginHash } from '#core/hash.ts';

export interface Digest {
  update(bytes: Uint8Array): void;
  /** The hash of all that came. Called once. */
  hash(): Promise<BlobHash>;
}

/** Hashes all bytes of a buffer at once. */
export type HashWhole = (bytes: Uint8Array<ArrayBuffer>) => Promise<BlobHash>;

/** As the bytes come: 100 MB a second. */
export function streamingDigest(): Digest {
  const { update, end } = beginHash();
  return { update, hash: async () => end() };
}

/** Of bytes that are in memory whole, beside their writing. */
export function wholeDigest(bytes: Uint8Array<ArrayBuffer>, hashWhole: HashWhole): Digest {
  const hashing = hashWhole(bytes);
  // It is awaited by `hash`; where that is never called, nobody waits for it.
  hashing.catch(() => {});
  return { update: () => {}, hash: () => hashing };
}
