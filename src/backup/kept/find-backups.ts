/** Where in a folder that was picked backups lie: below it, in it, or in what was picked of it by mistake. */
import type { PathFile } from './files-place.ts';
import { idOfManifest } from './manifest.ts';
import { PICKED_ROOT } from './picked-folder.ts';
import type { PlaceSpec } from './place-spec.ts';

/** What the person has picked: a folder, or, where the browser gives none, all files of it. */
export type PickedSource = FileSystemDirectoryHandle | readonly PathFile[];

const isFolder = (source: PickedSource): source is FileSystemDirectoryHandle => 'kind' in source;

/** The place of that name in what was picked. */
export const specIn = (source: PickedSource, name: string): PlaceSpec =>
  isFolder(source) ? { type: 'folder', handle: source, name } : { type: 'files', files: source, name };

/** The names of the folders that have backups in them. */
export const foldersWithBackups = (source: PickedSource): Promise<readonly string[]> =>
  isFolder(source) ? inFolder(source) : Promise.resolve(amongFiles(source));

const hasManifest = async (folder: FileSystemDirectoryHandle): Promise<boolean> => {
  for await (const name of folder.keys()) if (idOfManifest(name) !== null) return true;
  return false;
};

async function inFolder(picked: FileSystemDirectoryHandle): Promise<readonly string[]> {
  // The folder of one workspace alone.
  if (await hasManifest(picked)) return [''];
  const root = picked.name === PICKED_ROOT ? picked : await picked.getDirectoryHandle(PICKED_ROOT).catch(() => null);
  const names: string[] = [];
  for await (const handle of root?.values() ?? [])
    if (handle.kind === 'directory' && (await hasManifest(handle))) names.push(handle.name);
  return names.sort();
}

function amongFiles(files: readonly PathFile[]): readonly string[] {
  const folders = files.flatMap(({ path }) => {
    const at = path.lastIndexOf('/');
    return idOfManifest(path.slice(at + 1)) === null ? [] : [path.slice(0, Math.max(0, at))];
  });
  return [...new Set(folders)].sort();
}
