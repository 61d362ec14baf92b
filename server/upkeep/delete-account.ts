import type { AccountId } from '#core/ids.ts';
import type { Clock } from '#core/ports.ts';
import { openAccessRecord } from '#server/access-record.ts';
import type { BlobStore } from '#server/blobs/blob-store.ts';
import type { Storage, StorageReader } from '#server/storage/storage.ts';
import { eraseAccounts } from './account-eraser.ts';
import { say, toDay } from './say.ts';

interface Deletion {
  readonly storage: Storage;
  readonly blobs: BlobStore;
  readonly clock: Pick<Clock, 'now'>;
  readonly accessPath: string;
}

const HEADS = 1000;

/**
 * `npm start -- delete-account`: says what the account has, and where it is meant (`sure`) deletes it and erases all of that. The server may be running: devices are
 * refused at once. 0: done, or said; 1: there is no such account, or it could not be erased yet.
 */
export async function runDeletion(deps: Deletion, accountId: AccountId, sure: boolean): Promise<0 | 1> {
  const { storage, clock, accessPath } = deps;
  const overview = await storage.read((reader) => overviewOf(reader, accountId));
  if (!overview.ok) return say(1, `The database cannot be read (${overview.error.type}).`);
  if (!overview.value) return say(1, `There is no account ${accountId} here.`);
  say(0, overview.value);
  if (!sure)
    return say(
      0,
      'Nothing was deleted. Add --yes to delete all of it permanently. Devices of the account keep what they have, and no longer sync it.',
    );
  const access = openAccessRecord(accessPath);
  const at = Math.floor(clock.now());
  const deleted = await storage.write(accountId, (writer) => writer.deleteAccount(accountId, at));
  if (!deleted.ok) return say(1, `It could not be deleted (${deleted.error.type}). Run the command again.`);
  access.add({ type: 'deleted', accountId, at });
  const erased = await eraseAccounts({ ...deps, access, pause: () => Promise.resolve() });
  if (!erased.ok)
    return say(
      1,
      `The account is deleted. Not all of it is erased yet (${erased.error.type}): the running server goes on with that.`,
    );
  return say(
    0,
    `Account ${accountId} is deleted, and everything of it is erased. Backups of this server that were made before still have it.`,
  );
}

async function overviewOf(reader: StorageReader, accountId: AccountId): Promise<string | null> {
  const account = await reader.account(accountId);
  if (!account) return null;
  let entities = 0;
  for (let seq = 0; ; ) {
    const page = await reader.headsAfter(accountId, seq, HEADS);
    entities += page.filter(({ deleted }) => !deleted).length;
    seq = page.at(-1)?.seq ?? seq;
    if (page.length < HEADS) break;
  }
  const devices = await reader.devices(accountId);
  const backups = await reader.backups(accountId);
  const { login, createdAt, usedBytes, blobBytes, backupBytes } = account;
  return [
    `Account ${accountId}${login ? `, name ${JSON.stringify(login.name)}` : ''}, made on ${toDay(createdAt)}:`,
    `  ${entities} entities, ${usedBytes} bytes, and their history`,
    `  pictures and files of ${blobBytes} bytes`,
    `  ${backups.length} backups, ${backupBytes} bytes`,
    ...devices.map(
      ({ name, lastSeenAt, revokedAt }) =>
        `  device ${JSON.stringify(name)}, last seen ${toDay(lastSeenAt)}${revokedAt === null ? '' : ', signed out'}`,
    ),
  ].join('\n');
}
