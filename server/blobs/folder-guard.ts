/**
 * Tells the folder of blobs from another one in its place: a disk that is not mounted leaves an empty folder, or none. In that every
 * blob would look lost, and what arrives would lie under the disk once it is back. A file in the folder is the sign that it is the one.
 */
import { mkdir, open, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { err, ok, type Result } from '#core/result.ts';
import { listAccounts, syncFolder } from './blob-folder.ts';
import type { BlobError } from './blob-store.ts';
import { codeOf, orAbsent, tryDisk } from './errors.ts';

const SIGN = 'holdfast-blobs';
const WORDS =
  'This folder holds the pictures and files of a Holdfast server. While this file is missing the server takes it for another folder.\n';

const ABSENT: BlobError = {
  type: 'BlobsUnavailable',
  reason:
    'the folder "blobs" is not there, or is another one: is its disk mounted? If it is permanently lost, run "npm start -- verify --lost"',
};

/**
 * Asked before each use, because a disk may go at any time. A folder without the sign gets it where it holds blobs (an earlier
 * version has made it), or where none are to be in it, as `isExpected` says. The sign itself may lie under the mount, since a server that has begun
 * before its disk was mounted: another one than the last time is looked at as none is. Nobody who
 * holds a lock of the database may ask: `isExpected` would wait for it.
 */
export function createFolderGuard(root: string, isExpected: () => Promise<boolean>): () => Promise<Result<null, BlobError>> {
  const sign = join(root, SIGN);
  let known: string | null = null;
  return async () => {
    const found = await tryDisk(() => identityOf(sign));
    if (!found.ok) return found;
    if (found.value !== null && found.value === known) return ok(null);
    const accounts = await tryDisk(() => listAccounts(root));
    if (!accounts.ok) return accounts;
    if (accounts.value.length === 0 && (await isExpected())) return err(ABSENT);
    const signed = found.value === null ? await tryDisk(() => writeSign(root, sign)) : found;
    if (!signed.ok) return signed;
    known = signed.value;
    return ok(null);
  };
}

const identityOf = (file: string): Promise<string | null> =>
  orAbsent(async () => {
    const { dev, ino } = await stat(file);
    return `${dev}/${ino}`;
  }, null);

/** Gives the identity of the new sign. */
async function writeSign(root: string, sign: string): Promise<string | null> {
  // The folder that it is in is not made: where that has gone, another one in its place would take what belongs there.
  await mkdir(root, { mode: 0o700 }).catch((error: unknown) => {
    if (codeOf(error) !== 'EEXIST') throw error;
  });
  await syncFolder(dirname(root));
  const file = await open(sign, 'w', 0o600);
  try {
    await file.writeFile(WORDS);
    await file.sync();
  } finally {
    await file.close();
  }
  await syncFolder(root);
  return identityOf(sign);
}
