/**
 * The wire of blobs, beside the one of words (`protocol.ts`). A blob travels as bytes, not as JSON:
 *
 * - `HEAD …/blobs/<hash>`: 200 with `Upload-Offset` (how many bytes are there) and `Upload-Length` (how many there will be); 404
 *   where the account knows nothing of it. A blob is there once the two are equal.
 * - `PUT …/blobs/<hash>?offset=n&size=m`, `application/octet-stream`: adds one part of `MAX_BLOB_PART_BYTES` at most. 204 with both
 *   headers. 409 (`wrong-offset`) with both where the server continues at another offset: what a broken part left behind
 *   counts. 422 (`hash-mismatch`) where all bytes are there and are not what the hash says: they were dropped, begin at 0.
 *   `&backup=1` says that it is there for the sake of a backup (`backup-protocol.ts`): it counts for the quota of backups.
 *   `&body=1` says that it is the body of an op (`large-body.ts`), which the server need not keep once no kept version names it.
 * - `GET …/blobs/<hash>`: the bytes, with ranges; 404 until the blob is there.
 * - `POST …/blobs/missing`: which of these the account lacks.
 *
 * The words are those of tus 1.0. Refusals carry the same JSON as everywhere (`errorAnswerSchema`).
 * Docs: `docs/decisions/0036-blobs-are-named-in-the-text.md`.
 */
import * as v from 'valibot';
import type { BlobHash } from './blobs.ts';
import type { AccountId } from './ids.ts';
import { paths } from './paths.ts';
import { hash, PROTOCOL } from './protocol-parts.ts';

/** A part of an upload is this large at most. Smaller ones are as good: what arrived of a broken part is kept. */
export const MAX_BLOB_PART_BYTES = 8 * 1024 * 1024;
/** Asked for at once in `missingBlobsRequestSchema`. */
export const MAX_MISSING_HASHES = 1000;

export const UPLOAD_OFFSET = 'upload-offset';
export const UPLOAD_LENGTH = 'upload-length';

/** Of a PUT: one part of an upload. `offset` of the part and `size` of the whole blob in bytes. */
export const blobPartPath = (accountId: AccountId, blob: BlobHash, offset: number, size: number, isBackup = false): string =>
  `${paths.blob(accountId, blob)}?offset=${offset}&size=${size}${isBackup ? '&backup=1' : ''}`;

export const missingBlobsRequestSchema = v.object({
  protocol: v.literal(PROTOCOL),
  hashes: v.pipe(v.array(hash), v.maxLength(MAX_MISSING_HASHES)),
});

/** Those that are not whole on the server, each once, in the order asked for. */
export const missingBlobsAnswerSchema = v.object({ missing: v.array(hash) });
