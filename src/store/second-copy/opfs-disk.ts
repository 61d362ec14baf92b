/** The origin private file system, as a dedicated worker has it: a file is written in place, by one context at a time. */
import type { CopyDisk } from './disk.ts';

const ROOT = 'holdfast-copy';

/** What a dedicated worker has, and no other context. */
interface InPlace {
  createSyncAccessHandle(): Promise<{
    getSize(): number;
    write(data: Uint8Array, options: { readonly at: number }): number;
    truncate(bytes: number): void;
    flush(): void;
    close(): void;
  }>;
}

/** Null where this browser, or this kind of window, has no such file system. */
export async function openOpfsDisk(): Promise<CopyDisk | null> {
  try {
    const origin = await navigator.storage.getDirectory();
    return createOpfsDisk(await origin.getDirectoryHandle(ROOT, { create: true }));
  } catch {
    return null;
  }
}

function createOpfsDisk(root: FileSystemDirectoryHandle): CopyDisk {
  const namesIn = async (folder: FileSystemDirectoryHandle, kind: FileSystemHandle['kind']): Promise<readonly string[]> => {
    const names: string[] = [];
    for await (const handle of folder.values()) if (handle.kind === kind) names.push(handle.name);
    return names.sort();
  };
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
      const place = (await parent.getFileHandle(file, { create: true })) as FileSystemFileHandle & InPlace;
      const handle = await place.createSyncAccessHandle();
      const encoder = new TextEncoder();
      let bytes = handle.getSize();
      return {
        get bytes() {
          return bytes;
        },
        async append(text) {
          const data = encoder.encode(text);
          const written = handle.write(data, { at: bytes });
          bytes += written;
          if (written < data.length) throw new DOMException('the disk took a part only', 'QuotaExceededError');
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
    async removeFolder(folder) {
      await root.removeEntry(folder, { recursive: true }).catch(orAbsent);
    },
  };
}

function orAbsent(error: unknown): undefined {
  if (error instanceof DOMException && error.name === 'NotFoundError') return undefined;
  throw error;
}
