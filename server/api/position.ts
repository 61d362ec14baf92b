import type { Seen } from '#core/protocol-parts.ts';
import { type Refusal, refusal } from '#server/refusal.ts';
import type { Account, StorageReader } from '#server/storage/storage.ts';

/** What every answer says of the account: its epoch, the newest position of its log, and the server's time. */
export function position(account: Account, nowMs: number): { epoch: string; seen: Seen; now: number } {
  const seen = account.lastOpId === null ? null : { seq: account.seq, opId: account.lastOpId };
  return { epoch: account.epoch, seen, now: nowMs };
}

/**
 * Compares what a device remembers of this account with what is. A database restored from an older copy keeps its
 * epoch, so the epoch alone does not tell: the highest position that the device ever saw must be in the log, and be
 * held by the same op. Undefined when the pasts agree, or when the device remembers nothing.
 */
export async function checkPast(
  reader: StorageReader,
  account: Account,
  { epoch, seen }: { readonly epoch: string | null; readonly seen: Seen },
): Promise<Refusal | undefined> {
  const differs = (reason: string) =>
    refusal('reconcile', "This device's past is not this server's.", { epoch: account.epoch, reason });
  if (epoch !== null && epoch !== account.epoch) return differs('epoch');
  if (seen === null) return undefined;
  if (seen.seq > account.seq) return differs('ahead');
  const opId = seen.seq === account.seq ? account.lastOpId : await reader.opAt(account.id, seen.seq);
  return opId === seen.opId ? undefined : differs('diverged');
}
