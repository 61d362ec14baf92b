/** The removal of a blob: its row says `removing` until the bytes are gone, and no bytes are taken under its hash meanwhile. */
import type { AccountId } from '#core/ids.ts';
import type { Clock } from '#core/ports.ts';
import { ok, type Result } from '#core/result.ts';
import type { BlobStore } from '#server/blobs/blob-store.ts';
import type { BlobRow, Storage, StorageError } from '#server/storage/storage.ts';

/** The removal of one blob takes half a minute at most where its place is slow. Whoever needs longer has ended. */
const CLAIM_MS = 5 * 60_000;

interface Removal {
  readonly storage: Storage;
  readonly blobs: BlobStore;
  readonly clock: Pick<Clock, 'now'>;
}

/** Whether somebody is removing the blob: a claim that is older than a removal takes was left by a process that has ended. */
export const isBeingRemoved = ({ state, touchedAt }: BlobRow, now: number): boolean =>
  state === 'removing' && Math.abs(now - touchedAt) < CLAIM_MS;

/**
 * Removes the bytes, and then the row, of a blob that was claimed as `claim`. The claim is renewed first: it may be one of many that
 * were made at once. False where somebody else has taken the blob over since, or its place does not answer.
 */
export async function removeClaimed(
  { storage, blobs, clock }: Removal,
  accountId: AccountId,
  { hash, touchedAt }: BlobRow,
): Promise<Result<boolean, StorageError>> {
  const renewed = await storage.write(accountId, async (writer) => {
    const [row] = await writer.blobs(accountId, [hash]);
    if (row?.state !== 'removing' || row.touchedAt !== touchedAt) return null;
    const own = { ...row, touchedAt: Math.floor(clock.now()) };
    await writer.putBlob(accountId, own);
    return own;
  });
  if (!renewed.ok) return renewed;
  const own = renewed.value;
  if (!own || !(await blobs.remove({ accountId, hash })).ok) return ok(false);
  return storage.write(accountId, async (writer) => {
    const [row] = await writer.blobs(accountId, [hash]);
    if (row?.state === 'removing' && row.touchedAt === own.touchedAt) await writer.removeBlob(accountId, hash);
    return true;
  });
}
