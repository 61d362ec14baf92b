import { open, rename } from 'node:fs/promises';
import { isUuid } from '#core/ids.ts';
import { listAccounts, listFolder, nameBlobs, removeFile, removeFolder, sizeOf, syncFolder } from './blob-folder.ts';
import type { BlobStore } from './blob-store.ts';
import { orAbsent, tryDisk } from './errors.ts';
import { createPartFiles } from './part-files.ts';

/** Blobs as files in a folder, which is made when the first one comes. Several processes may use it. */
export function createFileBlobs(root: string): BlobStore {
  const names = nameBlobs(root);
  const parts = createPartFiles(root);
  return {
    isLocal: true,
    arrived: (key) => tryDisk(() => parts.arrived(key)),
    append: (key, offset, bytes) => tryDisk(() => parts.append(key, offset, bytes)),
    commit: (key) =>
      tryDisk(async () => {
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
      tryDisk(async () => {
        await parts.drop(key);
        return null;
      }),
    size: (key) => tryDisk(() => sizeOf(names.whole(key))),
    read: (key, range) =>
      tryDisk(async () => {
        const file = await orAbsent(() => open(names.whole(key), 'r'), null);
        return file?.createReadStream(range ? { start: range.first, end: range.last } : {}) ?? null;
      }),
    remove: (key) =>
      tryDisk(async () => {
        await removeFile(names.whole(key));
        await parts.drop(key);
        return null;
      }),
    clear: (accountId) =>
      tryDisk(async () => {
        // An id from a damaged row is no name of a folder.
        if (isUuid(accountId)) await removeFolder(names.account(accountId));
        return null;
      }),
    list: (accountId) => tryDisk(() => listFolder(names.account(accountId))),
    accounts: () => tryDisk(() => listAccounts(root)),
  };
}
