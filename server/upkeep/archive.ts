/** What a backup of the server is: an archive with the database first, then the record of sign-outs, the blobs, and last what it holds. */
import * as v from 'valibot';
import { isBlobHash } from '#core/blobs.ts';
import { isUuid } from '#core/ids.ts';
import type { BlobKey } from '#server/blobs/blob-store.ts';

export const DATABASE = 'holdfast.db';
export const ACCESS_RECORD = 'holdfast-access.log';
export const CONTENTS = 'holdfast-backup.json';

/** Its name in the archive: that of the data folder, so that the archive unpacked by hand is one. */
export const nameOfBlob = ({ accountId, hash }: BlobKey): string => `blobs/${accountId}/${hash.slice(0, 2)}/${hash}`;

/** The blob that has this name; null for anything else. */
export function readBlobName(name: string): BlobKey | null {
  const [, accountId = '', hash = ''] = /^blobs\/([0-9a-f-]{36})\/[0-9a-f]{2}\/([0-9a-f]{64})$/.exec(name) ?? [];
  return isUuid(accountId) && isBlobHash(hash) && nameOfBlob({ accountId, hash }) === name ? { accountId, hash } : null;
}

/** The last file: an archive without it was cut off. */
export const contentsSchema = v.object({
  format: v.literal('holdfast-server-backup'),
  version: v.literal(1),
  /** Wall time in ms. */
  madeAt: v.number(),
  /** SHA-256 of the database. */
  database: v.string(),
  /** How many blobs are in it. */
  blobs: v.number(),
  /** Blobs that were damaged or missing on the server when it was made. */
  lacking: v.array(v.string()),
});
export type Contents = v.InferOutput<typeof contentsSchema>;
export const MAX_CONTENTS_BYTES = 64_000_000;
