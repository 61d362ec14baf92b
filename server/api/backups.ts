/** What a device asks of its account's backups, without HTTP. Docs: `src/core/backup-protocol.ts`. */
import type { DoneAnswer } from '#core/account-protocol.ts';
import { type KeepBackupRequest, MAX_MANIFEST_BYTES, MAX_SERVER_BACKUPS, type ServerBackups } from '#core/backup-protocol.ts';
import { inBatches } from '#core/batches.ts';
import { MAX_MISSING_HASHES } from '#core/blob-protocol.ts';
import type { BlobHash } from '#core/blobs.ts';
import type { AccountId, DeviceId } from '#core/ids.ts';
import { err, ok, type Result } from '#core/result.ts';
import { flatten, type Refusal, refusal, refuse, storageRefusal } from '#server/refusal.ts';
import type { KeptBackup, StorageWriter } from '#server/storage/storage.ts';
import type { SyncDeps } from './deps.ts';

const taken: Refusal = { ...refusal('malformed', 'Another backup has this id.'), status: 409 };

/** Names looked at in one transaction: some tens of milliseconds. */
const STEP = 500;

interface Found {
  readonly missing: readonly BlobHash[];
  /** Of those that are whole. */
  readonly bytes: number;
  readonly manifestBytes: number;
}

/**
 * Keeps a backup of which everything is there. `missing`: the first of what is not, and nothing was kept. Others are served between two steps: what a step has found
 * whole is noted as named, and so cannot be collected before the last one.
 */
export async function keepBackup(
  { storage, clock, breathe }: Pick<SyncDeps, 'storage' | 'clock' | 'breathe'>,
  accountId: AccountId,
  deviceId: DeviceId,
  id: string,
  { manifest, madeAt, blobs }: KeepBackupRequest,
): Promise<Result<{ missing: BlobHash[] }, Refusal>> {
  const named = [...new Set([manifest, ...blobs])];
  const steps: Found[] = [];
  for (const some of inBatches(named, STEP)) {
    const found = await storage.write(accountId, (writer) => lookAt(writer, accountId, some, manifest));
    if (!found.ok) return err(storageRefusal(found.error));
    steps.push(found.value);
    await breathe?.();
  }
  const missing = steps.flatMap((step) => step.missing);
  if (missing.length > 0) return ok({ missing: missing.slice(0, MAX_MISSING_HASHES) });
  const sum = (of: (step: Found) => number) => steps.reduce((all, step) => all + of(step), 0);
  if (sum((step) => step.manifestBytes) > MAX_MANIFEST_BYTES)
    return refuse('too-large', `A manifest has ${MAX_MANIFEST_BYTES} bytes at most.`);
  return flatten(
    await storage.write(accountId, async (writer, account): Promise<Result<{ missing: BlobHash[] }, Refusal>> => {
      if (!account) return refuse('unauthorized', 'There is no such account here.');
      const kept = await writer.backups(accountId);
      const known = kept.find((backup) => backup.id === id);
      if (known) return known.manifest === manifest ? ok({ missing: [] }) : err(taken);
      if (kept.length >= MAX_SERVER_BACKUPS) {
        const spare = spareOf(kept, deviceId);
        if (!spare)
          return refuse('over-quota', `The account has ${MAX_SERVER_BACKUPS} backups on this server. Remove some first.`);
        await writer.removeBackup(accountId, spare.id);
      }
      const storedAt = Math.floor(clock.now());
      const bytes = sum((step) => step.bytes);
      await writer.putBackup(accountId, { id, manifest, deviceId, madeAt, storedAt, bytes }, named);
      return ok({ missing: [] });
    }),
  );
}

/**
 * What is removed where an account has as many as it may have: the oldest backup of the device that has stored none for longest, but never the last one of a
 * device. A device that is in use removes its own old backups; one that was lost no longer does. `kept` in the order in which they were stored.
 */
function spareOf(kept: readonly KeptBackup[], deviceId: DeviceId): KeptBackup | null {
  const last = new Map(kept.map((backup) => [backup.deviceId, backup]));
  const quietFirst = [...last.values()].filter((one) => one.deviceId !== deviceId).sort((a, b) => a.storedAt - b.storedAt);
  for (const { deviceId: quiet, id } of quietFirst) {
    const oldest = kept.find((backup) => backup.deviceId === quiet && backup.id !== id);
    if (oldest) return oldest;
  }
  return null;
}

async function lookAt(
  writer: StorageWriter,
  accountId: AccountId,
  some: readonly BlobHash[],
  manifest: BlobHash,
): Promise<Found> {
  const rows = (await writer.blobs(accountId, some)).filter(({ state }) => state === 'complete');
  const whole = new Map(rows.map((row) => [row.hash, row.bytes]));
  if (rows.some(({ unreferencedSince }) => unreferencedSince !== null)) await writer.keepBlobs(accountId, [...whole.keys()]);
  return {
    missing: some.filter((hash) => !whole.has(hash)),
    bytes: rows.reduce((sum, row) => sum + row.bytes, 0),
    manifestBytes: some.includes(manifest) ? (whole.get(manifest) ?? 0) : 0,
  };
}

/** The account's backups, in the order in which they were stored. */
export async function listBackups(
  { storage, limits }: Pick<SyncDeps, 'storage' | 'limits'>,
  accountId: AccountId,
): Promise<Result<ServerBackups, Refusal>> {
  return flatten(
    await storage.read(async (reader): Promise<Result<ServerBackups, Refusal>> => {
      const account = await reader.account(accountId);
      if (!account) return refuse('unauthorized', 'There is no such account here.');
      const backups = [...(await reader.backups(accountId))];
      return ok({ backups, usedBytes: account.backupBytes, quotaBytes: limits.backupQuotaBytes });
    }),
  );
}

/** Removes a backup. Harmless where there is none. */
export async function removeBackup(
  { storage }: Pick<SyncDeps, 'storage'>,
  accountId: AccountId,
  id: string,
): Promise<Result<DoneAnswer, Refusal>> {
  return flatten(
    await storage.write(accountId, async (writer): Promise<Result<DoneAnswer, Refusal>> => {
      await writer.removeBackup(accountId, id);
      return ok({ done: true });
    }),
  );
}
