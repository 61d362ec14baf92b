import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isBlobHash } from '#core/blobs.ts';
import { type AccountId, isUuid } from '#core/ids.ts';
import type { BlobKey, StoredBlob } from './blob-store.ts';
import { orAbsent } from './errors.ts';

const HASH_LENGTH = 64;

/**
 * Names in a folder of blobs: `<account>/<ab>/<hash>` for a whole one, `….part` for an upload, `….<id>.new` for a copy that is being
 * verified.
 */
export function nameBlobs(root: string) {
  const folder = ({ accountId, hash }: BlobKey): string => join(root, accountId, hash.slice(0, 2));
  const whole = (key: BlobKey): string => join(folder(key), key.hash);
  return {
    whole,
    part: (key: BlobKey): string => `${whole(key)}.part`,
    newCopy: (key: BlobKey): string => `${whole(key)}.${randomUUID()}.new`,
    folder,
    account: (accountId: AccountId): string => join(root, accountId),
  };
}

/** Makes the folder and those above it, for their owner alone, and has the disk know their names. */
export async function makeFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  for (let at = folder; at.length >= first.length; at = dirname(at)) await syncFolder(dirname(at));
}

/** A new or changed name is on the disk only once its folder is. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The size of a file; null where there is none. */
export const sizeOf = (file: string): Promise<number | null> => orAbsent(async () => (await stat(file)).size, null);

/** Removes a file. Harmless where there is none. */
export const removeFile = (file: string): Promise<void> => rm(file, { force: true });

/** Names of the files of one blob, other than the whole one. */
export async function partNames(folder: string, hash: string): Promise<readonly string[]> {
  const names = await orAbsent(() => readdir(folder), []);
  return names.filter((name) => name.startsWith(`${hash}.`)).map((name) => join(folder, name));
}

export async function listAccounts(root: string): Promise<readonly AccountId[]> {
  return (await orAbsent(() => readdir(root), [])).filter(isUuid);
}

/** Removes everything of one account. Harmless where there is nothing. An id from a damaged row is no name of a folder. */
export async function removeAccount(root: string, accountId: AccountId): Promise<null> {
  if (isUuid(accountId)) await rm(join(root, accountId), { recursive: true, force: true });
  return null;
}

/** Everything under one account's folder that has the name of a blob. */
export async function listFolder(accountFolder: string): Promise<readonly StoredBlob[]> {
  const found: StoredBlob[] = [];
  for (const first of await orAbsent(() => readdir(accountFolder), [])) {
    for (const name of await orAbsent(() => readdir(join(accountFolder, first)), [])) {
      const hash = name.slice(0, HASH_LENGTH);
      const file = await orAbsent(() => stat(join(accountFolder, first, name)), null);
      if (!file || !isBlobHash(hash)) continue;
      found.push({ hash, state: name === hash ? 'whole' : 'part', bytes: file.size, changedAt: file.mtimeMs });
    }
  }
  return found;
}
