import { openCacheDisk } from './cache-disk.ts';
import type { CopyDisk } from './disk.ts';
import { openOpfsDisk } from './opfs-disk.ts';

/** Every store of this browser, but IndexedDB, that takes a copy; the best first. */
export async function openCopyDisks(): Promise<readonly CopyDisk[]> {
  const disks = await Promise.all([openOpfsDisk(), openCacheDisk()]);
  return disks.filter((disk) => disk !== null);
}
