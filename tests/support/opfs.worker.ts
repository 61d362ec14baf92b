/** A dedicated worker, because only there a file of the origin private file system is written in place. */
import { expose, proxy } from 'comlink';
import type { CopyDisk } from '#store/second-copy/disk.ts';
import { openOpfsDisk } from '#store/second-copy/opfs-disk.ts';

const opened = openOpfsDisk();
const withDisk =
  <A extends unknown[], R>(call: (disk: CopyDisk, ...args: A) => R) =>
  async (...args: A) => {
    const disk = await opened;
    if (!disk) throw new Error('no origin private file system');
    return call(disk, ...args);
  };

expose({
  folders: withDisk((disk) => disk.folders()),
  files: withDisk((disk, folder: string) => disk.files(folder)),
  read: withDisk((disk, folder: string, file: string) => disk.read(folder, file)),
  open: withDisk(async (disk, folder: string, file: string) => proxy(await disk.open(folder, file))),
  removeFile: withDisk((disk, folder: string, file: string) => disk.removeFile(folder, file)),
  removeFolder: withDisk((disk, folder: string) => disk.removeFolder(folder)),
});
