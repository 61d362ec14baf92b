import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/**
 * SHA-256 of the UTF-8 bytes of `text`, as 64 lower-case hex digits. Synchronous on purpose: WebCrypto's digest is
 * asynchronous, which would break a transaction in Firefox and make the simulation depend on a thread pool.
 */
export function hashText(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text)));
}

/** The same of bytes that are all there. */
export const hashBytes = (bytes: Uint8Array): string => bytesToHex(sha256(bytes));

/** SHA-256 of bytes as they come. */
export interface RunningHash {
  update(bytes: Uint8Array): void;
  /** The hash of all that came, in 64 lower-case hex digits. Called once. */
  end(): string;
}

export function beginHash(): RunningHash {
  const state = sha256.create();
  return { update: (bytes) => void state.update(bytes), end: () => bytesToHex(state.digest()) };
}

/** Two lower-case hex digits for each byte. */
export const toHex = (bytes: Uint8Array): string => bytesToHex(bytes);
