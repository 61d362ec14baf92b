/** The origin private file system, as the store uses it: for the second copy, and for the bytes of blobs. */

/** A file that a dedicated worker, and no other context, writes in place. */
export interface OpenFile {
  getSize(): number;
  write(data: Uint8Array, options: { readonly at: number }): number;
  truncate(bytes: number): void;
  flush(): void;
  close(): void;
}

interface WritableInPlace {
  createSyncAccessHandle(): Promise<OpenFile>;
}

const isInPlace = (file: object): file is WritableInPlace => 'createSyncAccessHandle' in file;

/** Opens a file in place; null where this context cannot. Throws where another context has it open. */
export const openInPlace = async (file: FileSystemFileHandle): Promise<OpenFile | null> =>
  isInPlace(file) ? file.createSyncAccessHandle() : null;

/** Writes all of it, or throws as a full disk does. Gives the position after it. */
export function writeAt(file: OpenFile, data: Uint8Array, at: number): number {
  const written = file.write(data, { at });
  if (written < data.length) throw new DOMException('the disk took a part only', 'QuotaExceededError');
  return at + written;
}

/** The folder of that name at the top; null where this browser, or this kind of window, has no such file system. */
export async function openTopFolder(name: string): Promise<FileSystemDirectoryHandle | null> {
  try {
    const origin = await navigator.storage.getDirectory();
    return await origin.getDirectoryHandle(name, { create: true });
  } catch {
    return null;
  }
}

/** The names in a folder, sorted. */
export async function namesIn(folder: FileSystemDirectoryHandle, kind: FileSystemHandle['kind']): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const handle of folder.values()) if (handle.kind === kind) names.push(handle.name);
  return names.sort();
}

/** Removes a file, or a folder with all that is in it; harmless where it is absent. Throws where a context has it open. */
export async function removeIn(folder: FileSystemDirectoryHandle, name: string): Promise<void> {
  await folder.removeEntry(name, { recursive: true }).catch(orAbsent);
}

/** Removes a folder of the one at the top that has this name, or all of them (null). Throws where a context has one of their files open. */
export async function removeFolders(top: string, name: string | null): Promise<void> {
  const root = await openTopFolder(top);
  if (!root) return;
  for (const folder of name === null ? await namesIn(root, 'directory') : [name]) await removeIn(root, folder);
}

/** For a `catch`: what is not there is undefined, everything else is thrown on. */
export function orAbsent(error: unknown): undefined {
  if (error instanceof DOMException && error.name === 'NotFoundError') return undefined;
  throw error;
}
