/** Bytes for blobs. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { BytePieces } from '#core/byte-pieces.ts';

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

/** The bytes in pieces of which each is gone when the next one is asked for, wherever it was kept. */
export async function* passingPieces(bytes: Uint8Array<ArrayBuffer>, size: number): BytePieces {
  for (let at = 0; at < bytes.length; at += size) {
    const piece = bytes.slice(at, at + size);
    yield piece;
    piece.fill(0xee);
    structuredClone(piece.buffer, { transfer: [piece.buffer] });
  }
}
