/**
 * The digest of an account: equal where two sides hold the same version of every entity, tombstones included, and kept
 * with each change instead of being computed over everything (docs/decisions/0023-a-digest-kept-with-each-push.md).
 *
 * Each entity belongs to one of `BUCKETS` buckets, by the last byte of its id. A bucket is the sum of the SHA-256 of the
 * `kind/id/version` lines of its entities, taken as eight unsigned 32-bit numbers, each added for itself modulo 2^32. The
 * order of adding does not matter, and a line is taken out by subtracting it. It finds what went wrong by accident; it is
 * no proof against somebody who may choose the versions.
 */
import type { OpId } from './ids.ts';

export const BUCKETS = 64;
const LANES = 8;
const BUCKET_BYTES = LANES * 4;

/** One version of one entity: a line of the digest. */
export interface DigestLine {
  readonly kind: string;
  readonly id: string;
  readonly version: OpId;
}

/** The sums of an account without entities. */
export const emptySums = (): Uint8Array => new Uint8Array(BUCKETS * BUCKET_BYTES);

/** Adds a line to the sums (`sign` 1) or takes it out of them (-1), in place. `sha256` gives lower-case hex. */
export function changeSums(
  sums: Uint8Array,
  { kind, id, version }: DigestLine,
  sign: 1 | -1,
  sha256: (text: string) => string,
): void {
  const view = new DataView(sums.buffer, sums.byteOffset, sums.byteLength);
  const start = (Number.parseInt(id.slice(-2), 16) % BUCKETS) * BUCKET_BYTES;
  const hash = sha256(`${kind}/${id}/${version}`);
  for (let lane = 0; lane < LANES; lane++) {
    const at = start + lane * 4;
    // Setting takes the number modulo 2^32, negative ones too.
    view.setUint32(at, view.getUint32(at) + sign * Number.parseInt(hash.slice(lane * 8, lane * 8 + 8), 16));
  }
}

/** The sums as they travel: one hex text of 64 digits per bucket. */
export function toBuckets(sums: Uint8Array): string[] {
  return Array.from({ length: BUCKETS }, (_, bucket) =>
    Array.from(sums.subarray(bucket * BUCKET_BYTES, (bucket + 1) * BUCKET_BYTES), (byte) =>
      byte.toString(16).padStart(2, '0'),
    ).join(''),
  );
}

/** The digest of a whole account, computed from all of it. */
export function manifestBuckets(lines: Iterable<DigestLine>, sha256: (text: string) => string): string[] {
  const sums = emptySums();
  for (const line of lines) changeSums(sums, line, 1, sha256);
  return toBuckets(sums);
}
