/** The origin private file system, as a dedicated worker has it: a file is written in place, by one context at a time. */
import { namesIn, openInPlace, openTopFolder, orAbsent, removeIn, writeAt } from '#store/kv/opfs.ts';
import type { CopyDisk } from './disk.ts';

const ROOT = 'holdfast-copy';

/** Null where this browser, or this kind of window, has no such file system. */
export async function openOpfsDisk(): Promise<CopyDisk | null> {
  const root = await openTopFolder(ROOT);
  return root && createOpfsDisk(root);
}

function createOpfsDisk(root: FileSystemDirectoryHandle): CopyDisk {
  return {
    folders: () => namesIn(root, 'directory'),
    async files(folder) {
      const handle = await root.getDirectoryHandle(folder).catch(orAbsent);
      return handle ? namesIn(handle, 'file') : [];
    },
    async read(folder, file) {
      const handle = await (await root.getDirectoryHandle(folder)).getFileHandle(file);
      return (await handle.getFile()).text();
    },
    async open(folder, file) {
      const parent = await root.getDirectoryHandle(folder, { create: true });
      const handle = await openInPlace(await parent.getFileHandle(file, { create: true }));
      if (!handle) throw new DOMException('this context writes no file in place', 'NotSupportedError');
      const encoder = new TextEncoder();
      let bytes = handle.getSize();
      return {
        get bytes() {
          return bytes;
        },
        async append(text) {
          try {
            writeAt(handle, encoder.encode(text), bytes);
          } finally {
            bytes = handle.getSize();
          }
        },
        sync: async () => handle.flush(),
        async clear() {
          handle.truncate(0);
          bytes = 0;
        },
        close: () => handle.close(),
      };
    },
    async removeFile(folder, file) {
      await (await root.getDirectoryHandle(folder)).removeEntry(file);
    },
    removeFolder: (folder) => removeIn(root, folder),
  };
}
