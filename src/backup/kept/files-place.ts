/** A place over files that a person has picked all at once, where the browser gives no folder: for reading only. */
import { Failure } from './failure.ts';
import { isHalfDone, type Place } from './place.ts';

/** A file with its path in the folder that was picked. */
export interface PathFile {
  readonly path: string;
  readonly file: File;
}

/** The files below `folder`, as a place. */
export function createFilesPlace(files: readonly PathFile[], folder: string): Place {
  const prefix = folder === '' ? '' : `${folder}/`;
  const below = new Map(
    files.filter(({ path }) => path.startsWith(prefix)).map(({ path, file }) => [path.slice(prefix.length), file]),
  );
  const readOnly = async (): Promise<never> => {
    throw new Failure({ type: 'PlacePermission' });
  };
  return {
    async list(within) {
      const start = within === '' ? '' : `${within}/`;
      const names = [...below.keys()].filter((path) => path.startsWith(start)).map((path) => path.slice(start.length));
      return names.filter((name) => !name.includes('/') && !isHalfDone(name)).sort();
    },
    read: async (path) => below.get(path) ?? null,
    modifiedAt: async (path) => below.get(path)?.lastModified ?? null,
    write: readOnly,
    remove: readOnly,
    sweep: readOnly,
  };
}
