import { open, rename } from 'node:fs/promises';
import type { Result } from '#core/result.ts';
import { listAccounts, listFolder, nameBlobs, removeAccount, removeFile, sizeOf, syncFolder } from './blob-folder.ts';
import type { BlobError, BlobStore } from './blob-store.ts';
import { orAbsent, tryDisk } from './errors.ts';
import { createFolderGuard } from './folder-guard.ts';
import { createPartFiles } from './part-files.ts';

/**
 * Blobs as files in a folder, which is made where there is none. Several processes may use it. `isExpected` says whether there should be
 * any: an empty folder is then another one (`folder-guard.ts`).
 */
export function createFileBlobs(root: string, isExpected: () => Promise<boolean> = async () => false): BlobStore {
  const names = nameBlobs(root);
  const parts = createPartFiles(root);
  const guard = createFolderGuard(root, isExpected);
  const inFolder = async <T>(run: () => Promise<T>): Promise<Result<T, BlobError>> => {
    const there = await guard();
    return there.ok ? tryDisk(run) : there;
  };
  return {
    isLocal: true,
    arrived: (key) => inFolder(() => parts.arrived(key)),
    append: (key, offset, bytes) => inFolder(() => parts.append(key, offset, bytes)),
    commit: (key) =>
      inFolder(async () => {
        const copy = await parts.verify(key);
        if (copy === 'mismatch') return copy;
        if (!copy) return (await sizeOf(names.whole(key))) === null ? 'nothing' : 'whole';
        const isMoved = await orAbsent(() => rename(copy.file, names.whole(key)).then(() => true), false);
        // Another process was first, and has cleared up behind itself.
        if (!isMoved) return (await sizeOf(names.whole(key))) === null ? 'nothing' : 'whole';
        await syncFolder(names.folder(key));
        await removeFile(names.part(key));
        return 'whole';
      }),
    drop: (key) =>
      inFolder(async () => {
        await parts.drop(key);
        return null;
      }),
    size: (key) => inFolder(() => sizeOf(names.whole(key))),
    read: (key, range) =>
      inFolder(async () => {
        const file = await orAbsent(() => open(names.whole(key), 'r'), null);
        return file?.createReadStream(range ? { start: range.first, end: range.last } : {}) ?? null;
      }),
    remove: (key) =>
      inFolder(async () => {
        await removeFile(names.whole(key));
        await parts.drop(key);
        return null;
      }),
    clear: (accountId) => inFolder(() => removeAccount(root, accountId)),
    list: (accountId) => tryDisk(() => listFolder(names.account(accountId))),
    accounts: () => tryDisk(() => listAccounts(root)),
  };
}
