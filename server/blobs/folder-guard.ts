/**
 * Tells the folder of blobs from another one in its place: a disk that is not mounted leaves an empty folder, or none. In that every
 * blob would look lost, and what arrives would lie under the disk once it is back. A file in the folder is the sign that it is the one.
 */
import { mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { err, ok, type Result } from '#core/result.ts';
import { listAccounts, sizeOf, syncFolder } from './blob-folder.ts';
import type { BlobError } from './blob-store.ts';
import { codeOf, tryDisk } from './errors.ts';

const SIGN = 'holdfast-blobs';
const WORDS =
  'This folder holds the pictures and files of a Holdfast server. While this file is missing the server takes it for another folder.\n';

const ABSENT: BlobError = {
  type: 'BlobsUnavailable',
  reason:
    'the folder "blobs" is not there, or is another one: is its disk mounted? If it is lost for good, run "npm start -- verify --lost"',
};

/**
 * Asked before each use, because a disk may go at any time. A folder without the sign gets it where it holds blobs (an earlier
 * version has made it), or where none are to be in it, as `isExpected` says. Without `mayAsk` that is not asked, and an empty folder is another
 * one: who holds a lock of the database would wait for itself.
 */
export function createFolderGuard(
  root: string,
  isExpected: () => Promise<boolean>,
): (mayAsk: boolean) => Promise<Result<null, BlobError>> {
  const sign = join(root, SIGN);
  return async (mayAsk) => {
    const found = await tryDisk(() => sizeOf(sign));
    if (!found.ok) return found;
    if (found.value !== null) return ok(null);
    const accounts = await tryDisk(() => listAccounts(root));
    if (!accounts.ok) return accounts;
    if (accounts.value.length === 0 && (!mayAsk || (await isExpected()))) return err(ABSENT);
    return tryDisk(async () => {
      // The folder that it is in is not made: where that has gone, another one in its place would take what belongs there.
      if ((await sizeOf(root)) === null) await mkdir(root, { mode: 0o700 }).catch(unlessThere);
      await syncFolder(dirname(root));
      const file = await open(sign, 'w', 0o600);
      try {
        await file.writeFile(WORDS);
        await file.sync();
      } finally {
        await file.close();
      }
      await syncFolder(root);
      return null;
    });
  };
}

/** Another process was first. */
function unlessThere(error: unknown): void {
  if (codeOf(error) !== 'EEXIST') throw error;
}
