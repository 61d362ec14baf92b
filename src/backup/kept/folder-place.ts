/** A place over a folder of the file system API: of the origin, or one that the person has picked. */
import type { Clock } from '#core/ports.ts';
import { createInTime, readInTime } from './in-time.ts';
import { isHalfDone, type Place } from './place.ts';

const PART = '.part';

/** Of the File System Standard, and in every engine for files of the origin; TypeScript's library lacks it. */
interface Movable {
  move(name: string): Promise<void>;
}
const isMovable = (file: object): file is Movable => 'move' in file;

const isAbsent = (error: unknown): boolean => error instanceof DOMException && error.name === 'NotFoundError';

/** A file that this context writes in place. */
export interface FileInPlace {
  truncate(bytes: number): void;
  write(data: Uint8Array, options: { readonly at: number }): number;
  flush(): void;
  close(): void;
}

export interface FolderPlaceOptions {
  readonly clock: Pick<Clock, 'setTimer'>;
  /** Opens a file of the origin to write it in place; null where this context cannot. Absent for a folder of the person. */
  readonly openInPlace?: (file: FileSystemFileHandle) => Promise<FileInPlace | null>;
  readonly deadlineMs?: number;
}

export function createFolderPlace(
  root: FileSystemDirectoryHandle,
  { clock, openInPlace, deadlineMs }: FolderPlaceOptions,
): Place {
  const within = createInTime(clock, deadlineMs);
  /** Folders that were there: thousands of parts lie in the same 256, and each handle is a message to another process. */
  const known = new Map<string, FileSystemDirectoryHandle>();
  /** What is not there is undefined, as long as the place itself is there. */
  const ifThere = async <V>(call: () => Promise<V>, isRepeated = false): Promise<V | undefined> => {
    try {
      return await call();
    } catch (error) {
      if (!isAbsent(error)) throw error;
      if (known.size > 0 && !isRepeated) {
        // One of them may have been removed, and made anew.
        known.clear();
        return ifThere(call, true);
      }
      await root.keys().next();
      return undefined;
    }
  };
  const folderAt = async (path: string, create: boolean): Promise<FileSystemDirectoryHandle> => {
    const before = create ? undefined : known.get(path);
    if (before) return before;
    let folder = root;
    for (const name of path.split('/').filter((one) => one !== '')) folder = await folder.getDirectoryHandle(name, { create });
    if (!create) known.set(path, folder);
    return folder;
  };
  const fileAt = (path: string): Promise<File | undefined> =>
    ifThere(async () => {
      const { folder, name } = split(path);
      const handle = await (await folderAt(folder, false)).getFileHandle(name);
      return handle.getFile();
    });
  const namesIn = async (path: string): Promise<readonly string[]> => {
    const found = await ifThere(async () => {
      const names: string[] = [];
      for await (const handle of (await folderAt(path, false)).values()) if (handle.kind === 'file') names.push(handle.name);
      return names.sort();
    });
    return found ?? [];
  };
  const remove = async (path: string): Promise<void> => {
    const { folder, name } = split(path);
    await ifThere(async () => (await folderAt(folder, false)).removeEntry(name));
  };
  return {
    list: (folder) => within(async () => (await namesIn(folder)).filter((name) => !isHalfDone(name))),
    async read(path) {
      const file = (await within(() => fileAt(path))) ?? null;
      // Files of the origin are on this machine.
      return file && !openInPlace ? readInTime(file, within) : file;
    },
    modifiedAt: (path) => within(async () => (await fileAt(path))?.lastModified ?? null),
    write: (path, bytes) =>
      within(async () => {
        const { folder, name } = split(path);
        const target = await folderAt(folder, folder !== '');
        if (openInPlace && (await writeBeside(target, name, bytes, openInPlace))) return;
        // Its bytes are in a file of the browser's own until it is closed.
        const stream = await (await target.getFileHandle(name, { create: true })).createWritable();
        await stream.write(bytes);
        await stream.close();
      }, bytes.length),
    remove: (path) => within(() => remove(path)),
    sweep: (folder) =>
      within(async () => {
        for (const name of await namesIn(folder)) if (isHalfDone(name)) await remove(`${folder}/${name}`);
      }),
  };
}

function split(path: string): { readonly folder: string; readonly name: string } {
  const at = path.lastIndexOf('/');
  return { folder: path.slice(0, Math.max(0, at)), name: path.slice(at + 1) };
}

/** Writes in place, beside, and moves: in a worker, in a folder of the origin. Gives false where this is not possible, and nothing was written. */
async function writeBeside(
  folder: FileSystemDirectoryHandle,
  name: string,
  bytes: Uint8Array<ArrayBuffer>,
  openInPlace: NonNullable<FolderPlaceOptions['openInPlace']>,
): Promise<boolean> {
  if (!isMovable(FileSystemFileHandle.prototype)) return false;
  const handle = await folder.getFileHandle(`${name}${PART}`, { create: true });
  const discard = () => folder.removeEntry(`${name}${PART}`).catch(() => {});
  let open: FileInPlace | null;
  try {
    open = await openInPlace(handle);
  } catch (error) {
    await discard();
    if (error instanceof Error && error.name === 'QuotaExceededError') throw error;
    // A folder that the person has picked has no such access.
    open = null;
  }
  if (!open) {
    await discard();
    return false;
  }
  try {
    try {
      open.truncate(0);
      if (open.write(bytes, { at: 0 }) < bytes.length) {
        throw new DOMException('the disk took a part only', 'QuotaExceededError');
      }
      open.flush();
    } finally {
      open.close();
    }
    if (!isMovable(handle)) throw new DOMException('files cannot be moved here', 'NotSupportedError');
    await handle.move(name);
    return true;
  } catch (error) {
    await discard();
    throw error;
  }
}
