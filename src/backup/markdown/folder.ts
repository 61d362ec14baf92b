/** A folder of files that a person has picked, or an archive of one. */
import { baseName } from './links.ts';

export interface FolderFile {
  /** From the top of the folder, with `/`. */
  readonly path: string;
  /** In bytes, as it is said; a stream may give less, never more. */
  readonly size: number;
  /** Wall time in ms; 0 where it is not known. */
  readonly modifiedAt: number;
  /** Its bytes, where they are a file by themselves. */
  readonly file?: Blob;
  stream(): ReadableStream<Uint8Array>;
}

export interface Folder {
  /** As the person knows it. It is part of what its documents are known by when it comes again. */
  readonly name: string;
  readonly files: readonly FolderFile[];
}

/** What apps and systems keep for themselves. */
const HIDDEN = /(?:^|\/)(?:\.|__MACOSX\/|node_modules\/|Thumbs\.db$|desktop\.ini$)/i;
export const DOCUMENT = /\.(?:md|markdown)$/i;

/** Without what is hidden, and without the folder that all of the others are in. */
export function tidyFolder({ name, files }: Folder): Folder {
  const shown = files.filter(({ path }) => !HIDDEN.test(path));
  const [first] = shown;
  const top = first?.path.includes('/') ? first.path.slice(0, first.path.indexOf('/') + 1) : '';
  const isIn = top !== '' && top !== 'files/' && shown.every(({ path }) => path.startsWith(top));
  if (!isIn) return { name, files: shown };
  return {
    name: top.slice(0, -1),
    files: shown.map((file) => ({ ...file, path: file.path.slice(top.length), stream: () => file.stream() })),
  };
}

/** Finds files as links name them. */
export interface FolderIndex {
  /** `from`: the path of the file that names it. */
  find(target: string, from: string, isByName: boolean): FolderFile | undefined;
}

const keyOf = (path: string): string => path.normalize('NFC').toLowerCase();

export function indexFolder({ files }: Folder): FolderIndex {
  const byPath = new Map(files.map((file) => [keyOf(file.path), file]));
  const byName = new Map<string, FolderFile>();
  // Of several, the one that is not as deep.
  const deepLast = [...files].sort((a, b) => a.path.split('/').length - b.path.split('/').length);
  for (const file of deepLast) if (!byName.has(keyOf(baseName(file.path)))) byName.set(keyOf(baseName(file.path)), file);
  return {
    find(target, from, isByName) {
      const names = isByName && !DOCUMENT.test(target) ? [target, `${target}.md`] : [target];
      for (const name of names) {
        const found =
          byPath.get(keyOf(resolved(name, from))) ??
          byPath.get(keyOf(resolved(name, ''))) ??
          (isByName ? byName.get(keyOf(baseName(name))) : undefined);
        if (found) return found;
      }
      return undefined;
    },
  };
}

/** A path relative to the folder of `from`; one that leads out of the top stays at it. */
function resolved(target: string, from: string): string {
  const parts = target.startsWith('/') ? [] : from.split('/').slice(0, -1);
  for (const part of target.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}
