import { MAX_BLOB_BYTES } from '#core/blobs.ts';
import { MAX_BODY_CHARS } from '#core/protocol.ts';

/** Who may create an account. Joining one needs its key, whatever is here. */
export type Registration =
  | { readonly mode: 'open' }
  | { readonly mode: 'code'; readonly code: string }
  | { readonly mode: 'closed' };

export interface Limits {
  readonly registration: Registration;
  /** UTF-8 bytes of all current bodies of an account, and of its blobs. What history keeps comes on top, up to twenty versions of each. */
  readonly quotaBytes: number;
  readonly maxBlobBytes: number;
  /** Bytes of blobs that are kept for an account's backups alone; 0: none are taken. */
  readonly backupQuotaBytes: number;
  /** The longest body of one op, in UTF-16 code units. */
  readonly maxBodyChars: number;
  /** Bodies in one answer stop here, after at least one. */
  readonly maxAnswerBytes: number;
}

export const defaultLimits: Limits = {
  registration: { mode: 'open' },
  quotaBytes: 2_000_000_000,
  maxBlobBytes: MAX_BLOB_BYTES,
  backupQuotaBytes: 2_000_000_000,
  maxBodyChars: MAX_BODY_CHARS,
  maxAnswerBytes: 16_000_000,
};
