import { type AccountId, mintId } from '#core/ids.ts';
import type { Seen } from '#core/protocol-parts.ts';
import { err, type Result } from '#core/result.ts';
import { type Refusal, refusal } from '#server/refusal.ts';
import type { Account, StorageReader } from '#server/storage/storage.ts';
import type { SyncDeps } from './deps.ts';

/** What a request says of the past of its device. */
interface Past {
  readonly epoch: string | null;
  readonly seen: Seen;
}

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
export async function checkPast(reader: StorageReader, account: Account, { epoch, seen }: Past): Promise<Refusal | undefined> {
  const differs = (reason: string) =>
    refusal('reconcile', "This device's past is not this server's.", { epoch: account.epoch, reason });
  if (epoch !== null && epoch !== account.epoch) return differs('epoch');
  if (seen === null) return undefined;
  if (seen.seq > account.seq) return differs('ahead');
  const opId = seen.seq === account.seq ? account.lastOpId : await reader.opAt(account.id, seen.seq);
  return opId === seen.opId ? undefined : differs('diverged');
}

/**
 * A device that knows the present epoch of the account has seen what is not in its log: the database was put back, and nobody has said so
 * to the server. The account begins a new epoch, so that every device compares its past: what one of them gives back may come to the
 * very place that it had, and another one, which has seen it there, would take the log before it for known. Gives the answer to the device.
 */
export async function beginEpoch<T>(
  { storage, clock, random }: Pick<SyncDeps, 'storage' | 'clock' | 'random'>,
  accountId: AccountId,
  request: Past,
  answer: Result<T, Refusal>,
): Promise<Result<T, Refusal>> {
  if (answer.ok || answer.error.error.type !== 'reconcile' || request.epoch === null) return answer;
  const begun = await storage.write(accountId, async (writer, account) => {
    const past = account && (await checkPast(writer, account, request));
    if (!past || past.error.reason === 'epoch') return past;
    const epoch = mintId(Math.floor(clock.now()), random);
    await writer.setEpoch(accountId, epoch);
    return { ...past, error: { ...past.error, epoch } };
  });
  return begun.ok && begun.value ? err(begun.value) : answer;
}
