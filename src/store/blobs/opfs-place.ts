/**
 * Bytes as files of the origin: `<part>.part` beside, flushed, and moved to the name of their hash. A worker writes in place,
 * the service worker and the page through a stream, of which a kill may leave a `.crswap` beside the part.
 */
import type { BlobHash } from '#core/blobs.ts';
import { namesIn, openInPlace, openTopFolder, orAbsent, removeFolders, removeIn, writeAt } from '#store/kv/opfs.ts';
import type { BlobPlace, PartWriter } from './place.ts';

const ROOT = 'holdfast-blobs';
const PART = '.part';
const SWAP = '.crswap';
const HASH = /^[0-9a-f]{64}$/;

/** Of the File System Standard, and in every engine; TypeScript's library lacks it. */
interface Movable {
  move(name: string): Promise<void>;
}
const isMovable = (file: object): file is Movable => 'move' in file;

/** Null where this browser, or this kind of window, keeps no files, or moves none. */
export async function openOpfsPlace(workspaceId: string): Promise<BlobPlace | null> {
  if (typeof FileSystemFileHandle === 'undefined' || !isMovable(FileSystemFileHandle.prototype)) return null;
  const root = await openTopFolder(ROOT);
  return root && createOpfsPlace(root, workspaceId);
}

/** Removes the files of one workspace, or of all (null). Throws where a context has one of them open. */
export const removeBlobFiles = (workspaceId: string | null): Promise<void> => removeFolders(ROOT, workspaceId);

/** The bytes of a file, of whatever workspace, also of one that no database knows any more; null where they are not there. */
export async function readBlobFile(workspaceId: string, hash: BlobHash): Promise<Blob | null> {
  const root = await openTopFolder(ROOT);
  return (root && (await fileIn(root, workspaceId, hash))) ?? null;
}

async function fileIn(root: FileSystemDirectoryHandle, workspaceId: string, name: string): Promise<File | undefined> {
  const folder = await root.getDirectoryHandle(workspaceId).catch(orAbsent);
  const handle = await folder?.getFileHandle(name).catch(orAbsent);
  return handle?.getFile().catch(orAbsent);
}

function createOpfsPlace(root: FileSystemDirectoryHandle, workspaceId: string): BlobPlace {
  const ownFolder = () => root.getDirectoryHandle(workspaceId, { create: true });
  const folderIfThere = () => root.getDirectoryHandle(workspaceId).catch(orAbsent);
  const fileOf = (name: string): Promise<File | undefined> => fileIn(root, workspaceId, name);
  const names = async (): Promise<readonly string[]> => {
    const folder = await folderIfThere();
    return folder ? namesIn(folder, 'file') : [];
  };
  const remove = async (name: string): Promise<void> => {
    const folder = await folderIfThere();
    if (folder) await removeIn(folder, name);
  };
  const discardPart = async (part: string): Promise<void> => {
    for (const name of await names()) if (name.startsWith(`${part}${PART}`)) await remove(name);
  };
  const sizeOf = async (hash: BlobHash): Promise<number | null> => (await fileOf(hash))?.size ?? null;
  return {
    async begin(part) {
      const file = await (await ownFolder()).getFileHandle(`${part}${PART}`, { create: true });
      const writer = await openWriter(file);
      return {
        ...writer,
        async discard() {
          await writer.discard();
          await discardPart(part).catch(() => {});
        },
      };
    },
    async keep(part, hash) {
      const handle = await (await ownFolder()).getFileHandle(`${part}${PART}`);
      if (!isMovable(handle)) throw new DOMException('files cannot be moved here', 'NotSupportedError');
      await handle.move(hash);
      return { place: { at: 'file' }, note: null, writes: [] };
    },
    async read({ hash, size, type }, { from, to }) {
      const file = await fileOf(hash);
      return file?.size === size ? file.slice(from, to, type) : null;
    },
    has: async ({ hash, size }) => (await sizeOf(hash)) === size,
    removal: () => [],
    remove,
    parts: async () => [
      ...new Set(
        (await names()).flatMap((name) => (name.endsWith(PART) || name.endsWith(SWAP) ? [name.slice(0, name.indexOf('.'))] : [])),
      ),
    ],
    discardPart,
    hashes: async () => (await names()).filter((name) => HASH.test(name)),
    sizeOf,
  };
}

/** In place where this context can, else through a stream. */
async function openWriter(file: FileSystemFileHandle): Promise<PartWriter> {
  const open = await openInPlace(file);
  if (open) {
    let at = 0;
    return {
      async write(bytes) {
        at = writeAt(open, bytes, at);
      },
      async finish() {
        open.flush();
        open.close();
      },
      discard: async () => open.close(),
    };
  }
  const stream = await file.createWritable();
  return {
    write: (bytes) => stream.write(bytes),
    finish: () => stream.close(),
    discard: () => stream.abort().catch(() => {}),
  };
}
