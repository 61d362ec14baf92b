import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/**
 * SHA-256 of the UTF-8 bytes of `text`, as 64 lower-case hex digits. Synchronous on purpose: WebCrypto's digest is
 * asynchronous, which would break a transaction in Firefox and make the simulation depend on a thread pool.
 */
export function hashText(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text)));
}
