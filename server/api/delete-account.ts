import type { DeleteAccountRequest, DoneAnswer } from '#core/account-protocol.ts';
import type { AccountId } from '#core/ids.ts';
import { err, ok, type Result } from '#core/result.ts';
import { flatten, type Refusal, refuse, storageRefusal } from '#server/refusal.ts';
import { checkAuthKey, equalSecrets, sha256 } from '#server/secrets.ts';
import type { SyncDeps } from './deps.ts';
import { accountDeleted, passwordsBusy } from './refusals.ts';

/**
 * Deletes the account for who shows its key or its password. It is gone for everybody with the answer, and under the same id there will be none; what it had is
 * erased within minutes (`server/upkeep/account-eraser.ts`). Safe to repeat.
 */
export async function deleteAccount(
  { storage, clock, access, passwordHash, onDeleted }: SyncDeps,
  accountId: AccountId,
  request: DeleteAccountRequest,
): Promise<Result<DoneAnswer, Refusal>> {
  const found = await storage.read((reader) => reader.account(accountId));
  if (!found.ok) return err(storageRefusal(found.error));
  const account = found.value;
  if (!account) return err(accountDeleted);
  const fits =
    'accountKey' in request
      ? equalSecrets(sha256(request.accountKey), account.keyHash)
      : await checkAuthKey(request.authKey, account.login ?? undefined, passwordHash);
  if (fits === null) return err(passwordsBusy);
  if (!fits) return refuse('forbidden', 'Neither the key nor the password is that of this account.');
  const at = Math.floor(clock.now());
  const deleted = flatten(
    await storage.write(accountId, async (writer): Promise<Result<DoneAnswer, Refusal>> => {
      await writer.deleteAccount(accountId, at);
      return ok({ done: true });
    }),
  );
  if (!deleted.ok) return deleted;
  onDeleted?.();
  // After the commit: one that was not deleted must not be with a restore. Where this process ends before, the eraser records it.
  access?.add({ type: 'deleted', accountId, at });
  return deleted;
}
