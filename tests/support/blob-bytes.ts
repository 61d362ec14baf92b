/** Bytes for blobs. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';

/** Bytes that are the same in each run, and others for each seed. */
export function someBytes(length: number, seed = 1): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  let state = seed;
  for (let at = 0; at < length; at++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    bytes[at] = state >>> 24;
  }
  return bytes;
}
export const hashOf = (bytes: Uint8Array): string => bytesToHex(sha256(bytes));
export const bytesOf = async (blob: Blob | null): Promise<Uint8Array | null> => blob && new Uint8Array(await blob.arrayBuffer());
