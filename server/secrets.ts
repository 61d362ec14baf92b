import { createHash, randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import type { Random } from '#core/ports.ts';
import type { Login } from './storage/storage.ts';

export const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

/** Compares two hashes, or two secrets of any length, in a time that does not depend on where they differ. */
export function equalSecrets(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(sha256(a), 'hex'), Buffer.from(sha256(b), 'hex'));
}

/** 256 random bits in base64url: a device's token. Only its hash is stored. */
export function mintToken(random: Random): string {
  return Buffer.from(random.bytes(32)).toString('base64url');
}

/**
 * N = 2^15, r = 8, p = 1: 32 MB and about 80 ms. The authKey is itself the output of a slow derivation on the device,
 * so this guards a stolen database, not a weak password alone (OWASP's minimum for scrypt alone is 2^17).
 */
const COST = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 };
const HASH_BYTES = 32;

/** Makes the hash of an authKey under a salt, both in hex. */
export type PasswordHash = (authKey: string, salt: string) => Promise<string>;

/**
 * One hash at a time, of the four threads that Node's pool has: files and compression need the others. Who comes when so
 * many wait would wait for 4 s, and is asked to come again.
 */
const MAX_WAITING = 50;
let waiting = 0;
let last: Promise<unknown> = Promise.resolve();

/**
 * Runs on Node's thread pool, behind the hashes asked for before: never inside a transaction, nor on the path of push and
 * pull. Null where too many wait already.
 */
export async function hashAuthKey(authKey: string, salt: string, hash: PasswordHash = scryptHash): Promise<string | null> {
  if (waiting >= MAX_WAITING) return null;
  waiting += 1;
  const turn = last.then(() => hash(authKey, salt));
  last = turn.catch(() => {});
  try {
    return await turn;
  } finally {
    waiting -= 1;
  }
}

/** What the product uses. */
const scryptHash: PasswordHash = (authKey, salt) =>
  new Promise((resolve, reject) => {
    scrypt(authKey, Buffer.from(salt, 'hex'), HASH_BYTES, COST, (error, hash) => {
      if (error) reject(error);
      else resolve(hash.toString('hex'));
    });
  });

export function mintSalt(random: Random): string {
  return Buffer.from(random.bytes(16)).toString('hex');
}

/** Made once per process: an unknown name costs the same work as a known one, so that timing does not list the names. */
const decoy: Pick<Login, 'salt' | 'hash'> = {
  salt: randomBytes(16).toString('hex'),
  hash: randomBytes(HASH_BYTES).toString('hex'),
};

/** Whether the key is this login's. Null where too many hashes wait already. */
export async function checkAuthKey(
  authKey: string,
  login: Login | null | undefined,
  hash?: PasswordHash,
): Promise<boolean | null> {
  const stored = login ?? decoy;
  const hashed = await hashAuthKey(authKey, stored.salt, hash);
  return hashed === null ? null : equalSecrets(hashed, stored.hash) && login !== null && login !== undefined;
}

/** Twelve digits of Crockford's base 32, without i, l, o and u: 60 random bits, to be typed once. */
export function mintRegistrationCode(random: Random): string {
  const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
  return Array.from(random.bytes(12), (byte) => alphabet[byte % 32]).join('');
}
