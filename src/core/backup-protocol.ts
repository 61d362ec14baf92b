/**
 * The wire of backups that the server keeps. A backup is a manifest, itself a blob, and the blobs that it names: parts and files. They are sent as blobs
 * of the account (`blob-protocol.ts`, with `&backup=1`), by difference: `POST …/blobs/missing` says which are lacking. Then
 *
 * - `POST …/backups/<id>` names them. It is a backup only where all of them are whole; `missing` has the first of those that are not, and nothing was
 *   kept. Safe to repeat. 409 where another backup has this id. What it names is not collected as long as the backup is there.
 * - `GET …/backups` lists them, in the order in which they were stored.
 * - `DELETE …/backups/<id>` removes one. What nothing else names goes a day later.
 *
 * The server never reads a manifest. Docs: `docs/decisions/0038-backups-are-manifests-over-shared-parts.md`.
 */
import * as v from 'valibot';
import { count, deviceIdSchema, hash, PROTOCOL } from './protocol-parts.ts';

/** A backup names so many blobs at most, its manifest included: a million entities have some 16,000 parts, and the rest is pictures and files. */
export const MAX_BACKUP_BLOBS = 200_000;
/** An account has so many backups at most. The next one takes the place of the oldest of the device that was quiet for longest, never of the last one of a device. */
export const MAX_SERVER_BACKUPS = 200;
/** The largest manifest, packed. */
export const MAX_MANIFEST_BYTES = 16 * 1024 * 1024;

export const keepBackupRequestSchema = v.object({
  protocol: v.literal(PROTOCOL),
  manifest: hash,
  /** When it was made, wall time in ms. */
  madeAt: count,
  /** What the manifest names. */
  blobs: v.pipe(v.array(hash), v.maxLength(MAX_BACKUP_BLOBS - 1)),
});
export type KeepBackupRequest = v.InferOutput<typeof keepBackupRequestSchema>;

export const backupListSchema = v.object({
  backups: v.array(
    v.object({ id: v.string(), manifest: hash, deviceId: deviceIdSchema, madeAt: count, storedAt: count, bytes: count }),
  ),
  /** What backups alone take, and may take, in bytes. */
  usedBytes: count,
  quotaBytes: count,
});
export type ServerBackups = v.InferOutput<typeof backupListSchema>;
