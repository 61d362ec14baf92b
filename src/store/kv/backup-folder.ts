/**
 * The folders of this origin in which backups lie, one for each workspace. What is in them is written and read by `src/backup/kept/`; the store
 * opens them, looks into their lists for the names of blobs, measures and removes them.
 */
import { namesIn, openTopFolder, orAbsent, removeFolders } from './opfs.ts';

const ROOT = 'holdfast-backups';
const LIST = '.json.gz';

/** The folder of a workspace, made where there is none; null where this browser, or this kind of window, keeps no files. */
export async function makeBackupFolder(workspaceId: string): Promise<FileSystemDirectoryHandle | null> {
  const root = await openTopFolder(ROOT);
  return root ? root.getDirectoryHandle(workspaceId, { create: true }) : null;
}

/** The same, undefined where there is none. */
export async function openBackupFolder(workspaceId: string): Promise<FileSystemDirectoryHandle | undefined> {
  const root = await openTopFolder(ROOT);
  return root?.getDirectoryHandle(workspaceId).catch(orAbsent);
}

/** The workspaces of which there are backups, also of those that no database knows any more. */
export async function backedUpWorkspaces(): Promise<readonly string[]> {
  const root = await openTopFolder(ROOT);
  const found: string[] = [];
  for (const name of root ? await namesIn(root, 'directory') : []) {
    const folder = await openBackupFolder(name);
    if (folder && (await listsIn(folder)).length > 0) found.push(name);
  }
  return found;
}

const listsIn = async (folder: FileSystemDirectoryHandle): Promise<readonly string[]> =>
  (await namesIn(folder, 'file')).filter((name) => name.endsWith(LIST));

/** Removes the backups of one workspace, or of all (null). Throws while one is being made. */
export const removeBackups = (workspaceId: string | null): Promise<void> => removeFolders(ROOT, workspaceId);

/** The texts of the lists of a workspace's backups. A list that is damaged is no backup: it has no text. */
export async function* backupTexts(workspaceId: string): AsyncGenerator<string> {
  const folder = await openBackupFolder(workspaceId);
  if (!folder) return;
  for (const name of await listsIn(folder)) {
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
  const folder = await openBackupFolder(workspaceId);
  return folder ? { files: (await listsIn(folder)).length, bytes: await sizeOf(folder) } : { files: 0, bytes: 0 };
}

async function sizeOf(folder: FileSystemDirectoryHandle): Promise<number> {
  let bytes = 0;
  for await (const handle of folder.values()) {
    if (handle.kind === 'directory') bytes += await sizeOf(handle);
    else bytes += (await handle.getFile().catch(orAbsent))?.size ?? 0;
  }
  return bytes;
}

async function fileIn(folder: FileSystemDirectoryHandle, name: string): Promise<File | undefined> {
  const handle = await folder.getFileHandle(name).catch(orAbsent);
  return handle?.getFile().catch(orAbsent);
}
