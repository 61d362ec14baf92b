/**
 * The folders of this origin in which backups lie, one for each workspace. What is in them is written and read by `src/backup/kept/`; the store
 * opens them, looks into their lists for the names of blobs, measures and removes them.
 */
import { namesIn, openTopFolder, orAbsent, removeFolders } from './opfs.ts';

const ROOT = 'holdfast-backups';
const LIST = '.json.gz';

/** The folder of a workspace; null where this browser, or this kind of window, keeps no files. */
export async function openBackupFolder(workspaceId: string): Promise<FileSystemDirectoryHandle | null> {
  const root = await openTopFolder(ROOT);
  return root ? root.getDirectoryHandle(workspaceId, { create: true }) : null;
}

/** The workspaces of which there is a folder, also of those that no database knows any more. */
export async function backupFolders(): Promise<readonly string[]> {
  const root = await openTopFolder(ROOT);
  return root ? namesIn(root, 'directory') : [];
}

/** Removes the backups of one workspace, or of all (null). Throws while one is being made. */
export const removeBackups = (workspaceId: string | null): Promise<void> => removeFolders(ROOT, workspaceId);

/** The texts of the lists of a workspace's backups. A list that is damaged is no backup: it has no text. */
export async function* backupTexts(workspaceId: string): AsyncGenerator<string> {
  const folder = await folderIfThere(workspaceId);
  if (!folder) return;
  for (const name of await namesIn(folder, 'file')) {
    if (!name.endsWith(LIST)) continue;
    const file = await fileIn(folder, name);
    if (!file) continue;
    // What cannot be read at all may be read another time: that throws.
    const bytes = await file.arrayBuffer();
    const text = await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip')))
      .text()
      .catch(() => null);
    if (text !== null) yield text;
  }
}

/** How many backups of a workspace there are, and what all of them take on the disk. */
export async function measureBackups(workspaceId: string): Promise<{ readonly files: number; readonly bytes: number }> {
  const folder = await folderIfThere(workspaceId);
  if (!folder) return { files: 0, bytes: 0 };
  const lists = (await namesIn(folder, 'file')).filter((name) => name.endsWith(LIST));
  return { files: lists.length, bytes: await sizeOf(folder) };
}

async function sizeOf(folder: FileSystemDirectoryHandle): Promise<number> {
  let bytes = 0;
  for await (const handle of folder.values()) {
    if (handle.kind === 'directory') bytes += await sizeOf(handle);
    else bytes += (await handle.getFile().catch(orAbsent))?.size ?? 0;
  }
  return bytes;
}

async function folderIfThere(workspaceId: string): Promise<FileSystemDirectoryHandle | undefined> {
  const root = await openTopFolder(ROOT);
  return root?.getDirectoryHandle(workspaceId).catch(orAbsent);
}

async function fileIn(folder: FileSystemDirectoryHandle, name: string): Promise<File | undefined> {
  const handle = await folder.getFileHandle(name).catch(orAbsent);
  return handle?.getFile().catch(orAbsent);
}
