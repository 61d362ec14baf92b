/** The removal of a blob: its row says `removing` until the bytes are gone, and no bytes are taken under its hash meanwhile. */
import type { AccountId } from '#core/ids.ts';
import type { Clock } from '#core/ports.ts';
import { ok, type Result } from '#core/result.ts';
import type { BlobKey, BlobStore } from '#server/blobs/blob-store.ts';
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

const isClaim = (row: BlobRow, { touchedAt }: BlobRow): boolean => row.state === 'removing' && row.touchedAt === touchedAt;

/**
 * Removes the bytes and the row of a blob that was claimed as `claim`. A process may sleep between any two steps, and wake when another one has taken the blob over
 * and its bytes have come again. Nobody waits under the database's lock for a disk or a store: the claim is renewed first, since it may be one of many that were made
 * at once. If it was taken over all the same before the bytes went, what came meanwhile may have gone with them: its row goes, too, and its device sends it again.
 * False where the claim is another's by now, or the place does not answer.
 */
export async function removeClaimed(
  { storage, blobs, clock }: Removal,
  accountId: AccountId,
  claim: BlobRow,
): Promise<Result<boolean, StorageError>> {
  const { hash } = claim;
  const key: BlobKey = { accountId, hash };
  const renewed = await storage.write(accountId, async (writer) => {
    const [row] = await writer.blobs(accountId, [hash]);
    if (!row || !isClaim(row, claim)) return null;
    const own = { ...row, touchedAt: Math.floor(clock.now()) };
    await writer.putBlob(accountId, own);
    return own;
  });
  if (!renewed.ok) return renewed;
  const own = renewed.value;
  if (!own || !(await blobs.remove(key)).ok) return ok(false);
  const size = await blobs.size(key);
  const isThere = size.ok && size.value === own.bytes;
  return storage.write(accountId, async (writer) => {
    const [row] = await writer.blobs(accountId, [hash]);
    if (!row) return true;
    const isOwn = isClaim(row, own);
    // What has come behind this removal is whole; of another removal its own process says what becomes.
    if (!isOwn && (row.state === 'removing' || (row.state === 'complete' && isThere))) return false;
    await writer.removeBlob(accountId, hash);
    return isOwn;
  });
}
