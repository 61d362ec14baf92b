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

/** What a browser and Node have alike. */
interface Digests {
  digest(algorithm: 'SHA-256', bytes: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer>;
}

const { subtle } = (globalThis as { readonly crypto?: { readonly subtle?: Digests } }).crypto ?? {};

/** The same by WebCrypto: several times as fast, on a thread of its own. Null over plain http. */
export const webCryptoHash: ((bytes: Uint8Array<ArrayBuffer>) => Promise<string>) | null = subtle
  ? async (bytes) => bytesToHex(new Uint8Array(await subtle.digest('SHA-256', bytes)))
  : null;

/** The same, as fast as this context can. */
export const hashWhole = async (bytes: Uint8Array<ArrayBuffer>): Promise<string> => (webCryptoHash ?? hashBytes)(bytes);

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
