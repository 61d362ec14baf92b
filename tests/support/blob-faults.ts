/** What goes wrong with the bytes of blobs: on a device's disk, and in a server's folder. */
import type { BlobHash } from '#core/blobs.ts';
import { placeOf } from '#store/schema/blob-rows.ts';
import type { openBlobDevice } from './blob-device.ts';
import type { RunningApp } from './server-http.ts';

/** The bytes of a blob on this device become others, `size` of them, and its row says so. */
export async function damageBytes({ kv, place }: ReturnType<typeof openBlobDevice>, hash: BlobHash, size: number): Promise<void> {
  const bytes = place?.files.get(hash)?.slice(0, size);
  if (!bytes) throw new Error('no such file');
  bytes[7] = (bytes[7] ?? 0) ^ 1;
  place?.files.set(hash, bytes);
  await kv.transact({ row: { get: 'blobs', key: hash } }, ({ row }) => ({
    writes: row ? [{ put: 'blobs', row: { ...row, ...placeOf(row), size } }] : [],
    value: undefined,
  }));
}

/** As a server that was restored without these. */
export async function loseServerBlobs({ storage }: RunningApp, accountId: string, hashes: readonly BlobHash[]): Promise<void> {
  for (const hash of hashes) await storage.write(accountId, (writer) => writer.removeBlob(accountId, hash));
}

/** As a process that has ended inside of a removal leaves these, `agoMs` ago. */
export async function leaveBeingRemoved(
  { storage }: RunningApp,
  accountId: string,
  hashes: readonly BlobHash[],
  agoMs: number,
): Promise<void> {
  const now = Date.now() - agoMs;
  const row = {
    bytes: 1,
    state: 'removing',
    createdAt: now,
    touchedAt: now,
    unreferencedSince: 0,
    isBody: false,
    isBackup: false,
  } as const;
  for (const hash of hashes) await storage.write(accountId, (writer) => writer.putBlob(accountId, { ...row, hash }));
}
