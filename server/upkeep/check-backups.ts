import type { AccountId } from '#core/ids.ts';
import type { Storage, StorageReader } from '#server/storage/storage.ts';
import { readAccountIds } from './account-ids.ts';

/** Backups of accounts of which something is not there, a line each. Throws where the database cannot be read. */
export async function findPartialBackups(storage: Storage): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const accountId of await readAccountIds(storage)) {
    const found = await storage.read((reader) => partialOf(reader, accountId));
    if (!found.ok) throw new Error(found.error.type);
    lines.push(...found.value);
  }
  return lines;
}

async function partialOf(reader: StorageReader, accountId: AccountId): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const { id, madeAt } of await reader.backups(accountId)) {
    const named = await reader.backupBlobs(accountId, id);
    const rows = named ? await reader.blobs(accountId, named) : [];
    const lacking = (named?.length ?? 1) - rows.filter(({ state }) => state === 'complete').length;
    if (lacking > 0)
      lines.push(
        `  account ${accountId}, backup of ${new Date(madeAt).toISOString()} (${id}): it lacks ${lacking} of its parts and files`,
      );
  }
  return lines;
}
