/** A dedicated worker with a folder of the origin: there files are written in place. */
import { expose } from 'comlink';
import { createFolderPlace } from '#backup/kept/folder-place.ts';
import type { Place } from '#backup/kept/place.ts';
import { systemClock } from '#platform/system.ts';
import { openInPlace } from '#store/kv/opfs.ts';

let opened: Place | null = null;
let written = 0;
const place = (): Place => {
  if (!opened) throw new Error('not open');
  return opened;
};

expose({
  async open(name: string) {
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle(name);
    opened = createFolderPlace(folder, { clock: systemClock, openInPlace });
  },
  list: (folder: string) => place().list(folder),
  read: (path: string) => place().read(path),
  modifiedAt: (path: string) => place().modifiedAt(path),
  write: (path: string, bytes: Uint8Array<ArrayBuffer>) => place().write(path, bytes),
  remove: (path: string) => place().remove(path),
  sweep: (folder: string) => place().sweep(folder),
  written: async () => written,
  /** Writes the file again and again, each time of other bytes. */
  async writeForever(path: string, size: number) {
    for (let round = 1; ; round++) {
      await place().write(path, new Uint8Array(size).fill(round));
      written += 1;
    }
  },
});
