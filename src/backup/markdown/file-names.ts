/** Paths that every system takes, each once. */
import { cleanFileName } from '#entities/document-file.ts';

/** Folders beside each other have names as long as those of files: some systems end a whole path at 260. */
const LONGEST_FOLDER = 100;

/** A folder for a name that may have parts, divided by `/`, with its slash at the end; '' where nothing of it can be in a path. */
export function folderOf(name: string): string {
  let folder = '';
  for (const part of name.split('/')) {
    const clean = cleanFileName(part);
    if (clean !== '' && folder.length + clean.length < LONGEST_FOLDER) folder += `${clean}/`;
  }
  return folder;
}

/** Gives each path once: a second `Plan.md` becomes `Plan (2).md`, also on systems that do not tell case apart. */
export function createNames(): (path: string) => string {
  const taken = new Map<string, number>();
  return (path) => {
    const dot = path.lastIndexOf('.');
    for (let name = path; ; ) {
      const key = name.toLowerCase();
      if (!taken.has(key)) {
        taken.set(key, 1);
        return name;
      }
      const next = (taken.get(path.toLowerCase()) ?? 1) + 1;
      taken.set(path.toLowerCase(), next);
      name = `${path.slice(0, dot)} (${next})${path.slice(dot)}`;
    }
  };
}
