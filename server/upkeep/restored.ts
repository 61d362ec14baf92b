import { type AccountId, mintId } from '#core/ids.ts';
import { type AccessEntry, forgetAccounts, readAccessRecord } from '#server/access-record.ts';
import type { SyncDeps } from '#server/api/deps.ts';
import type { SqliteStorage } from '#server/storage/sqlite.ts';
import type { Login, Storage } from '#server/storage/storage.ts';
import { toDay } from './say.ts';

/** Devices named where it is not known which of them were signed out. */
const MAX_NAMED = 50;

/**
 * Makes a database that was put back safe to serve: each account begins a new epoch, so that all devices compare their past
 * with it; and who was signed out, or had a password replaced, after the copy was made stays so as far as the record
 * beside the database knows. Gives what was done, a sentence each.
 */
export async function adoptCopy(
  { storage, clock, random }: Pick<SyncDeps, 'clock' | 'random'> & { readonly storage: SqliteStorage },
  recordPath: string,
): Promise<readonly string[]> {
  const accounts = await rotateEpochs({ storage, clock, random });
  const lines = [`Accounts with a new epoch: ${accounts}. Devices will bring back what the copy lacks.`];
  const record = readAccessRecord(recordPath);
  if (record) {
    const { revoked, logins, deleted } = await applyEntries(storage, record.entries);
    const newest = Math.max(...record.entries.map((entry) => entry.at));
    lines.push(
      `Signed out again, though the copy let them in: ${revoked} (devices). Newer passwords kept: ${logins}. ${recordPath} says so` +
        `${record.entries.length > 0 ? ` (its last entry is of ${toDay(newest)})` : ''}.`,
    );
    forgetAccounts(recordPath, new Set(record.entries.flatMap(({ type, accountId }) => (type === 'deleted' ? [accountId] : []))));
    if (deleted > 0) lines.push(`Deleted again, because they were deleted after the copy: ${deleted} (accounts).`);
    if (record.damagedLines === 0) return lines;
    lines.push(`Lines of it that cannot be read: ${record.damagedLines}. What they said is not known.`);
  } else {
    lines.push(`There is no record of sign-outs beside the database (${recordPath}).`);
  }
  const devices = await storage.enteredDevices(MAX_NAMED + 1);
  lines.push(
    'These devices can enter. Sign out those that should not (Settings, Account), and set passwords again that were replaced:',
  );
  for (const { accountId, name, lastSeenAt } of devices.slice(0, MAX_NAMED))
    lines.push(`  account ${accountId}, ${JSON.stringify(name)}, last seen ${toDay(lastSeenAt)}`);
  if (devices.length > MAX_NAMED) lines.push('  and more.');
  return lines;
}

/**
 * Gives every account a new epoch, the same for all: it tells one life of an account from another, not accounts. To be run
 * once after the database was restored from a copy: each device then compares its whole past at its next request, also one
 * that never saw what the copy lacks. Gives how many accounts there are.
 */
export async function rotateEpochs({ storage, clock, random }: Pick<SyncDeps, 'storage' | 'clock' | 'random'>): Promise<number> {
  const rotated = await storage.setEpochs(mintId(Math.floor(clock.now()), random));
  if (!rotated.ok) throw new Error(rotated.error.type);
  return rotated.value;
}

async function applyEntries(storage: Storage, entries: readonly AccessEntry[]) {
  let revoked = 0;
  let logins = 0;
  let deleted = 0;
  const passwords = new Map<string, Login>();
  for (const entry of entries) {
    if (entry.type === 'deleted') deleted += (await deleteAgain(storage, entry)) ? 1 : 0;
    else if (entry.type === 'login') passwords.set(entry.accountId, entry.login);
    else if (await revoke(storage, entry)) revoked += 1;
  }
  for (const [accountId, login] of passwords) if (await keepLogin(storage, accountId, login)) logins += 1;
  return { revoked, logins, deleted };
}

/** Also a device that the copy does not know stays out under its id. True where something changed. */
async function revoke(
  storage: Storage,
  { accountId, deviceId, at }: Extract<AccessEntry, { type: 'revoked' }>,
): Promise<boolean> {
  const done = await storage.write(accountId, async (writer, account) => {
    const device = await writer.device(accountId, deviceId);
    if (!account || (device && device.revokedAt !== null)) return false;
    if (!device) await writer.putDevice(accountId, { id: deviceId, name: '', createdAt: at, lastSeenAt: at });
    await writer.revokeDevice(accountId, deviceId, at);
    return true;
  });
  return done.ok && done.value;
}

/** Also where the copy does not know it: a device would make it anew. True where the copy had it. */
async function deleteAgain(storage: Storage, { accountId, at }: Extract<AccessEntry, { type: 'deleted' }>): Promise<boolean> {
  const done = await storage.write(accountId, async (writer, account) => {
    if ((await writer.deletedAt(accountId)) === undefined) await writer.deleteAccount(accountId, at);
    return account !== undefined;
  });
  return done.ok && done.value;
}

async function keepLogin(storage: Storage, accountId: AccountId, login: Login): Promise<boolean> {
  const done = await storage.write(accountId, async (writer, account) => {
    const holder = await writer.accountByLogin(login.name);
    const isTaken = holder !== undefined && holder.id !== accountId;
    if (!account || isTaken || account.login?.hash === login.hash) return false;
    await writer.setLogin(accountId, login);
    return true;
  });
  return done.ok && done.value;
}
