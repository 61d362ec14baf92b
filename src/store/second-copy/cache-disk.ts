/**
 * Cache Storage in the place of files, where there is no file system: a file is a row of entries, one for each append.
 * Their addresses are never asked for by a page.
 */
import type { CopyDisk } from './disk.ts';

export const COPY_CACHE = 'holdfast-copy';
const ROOT = '/holdfast-copy/';
const DIGITS = 8;

/** Null where this browser, or this kind of window, has no Cache Storage. */
export async function openCacheDisk(): Promise<CopyDisk | null> {
  try {
    return createCacheDisk(await caches.open(COPY_CACHE));
  } catch {
    return null;
  }
}

function createCacheDisk(cache: Cache): CopyDisk {
  /** `[folder, file, entry]` of everything there is, in order. */
  const entries = async (): Promise<readonly (readonly [string, string, string])[]> => {
    const paths = (await cache.keys()).map(({ url }) => new URL(url).pathname).filter((path) => path.startsWith(ROOT));
    return paths.sort().map((path) => {
      const [folder = '', file = '', entry = ''] = path.slice(ROOT.length).split('/');
      return [folder, file, entry];
    });
  };
  const entriesOf = async (folder: string, file: string) =>
    (await entries()).flatMap(([inFolder, inFile, entry]) => (inFolder === folder && inFile === file ? [entry] : []));
  const pathOf = (...parts: readonly string[]): string => `${ROOT}${parts.join('/')}`;
  const removeWhere = async (matches: (folder: string, file: string) => boolean): Promise<void> => {
    for (const [folder, file, entry] of await entries())
      if (matches(folder, file)) await cache.delete(pathOf(folder, file, entry));
  };
  return {
    folders: async () => [...new Set((await entries()).map(([folder]) => folder))],
    files: async (folder) => [...new Set((await entries()).flatMap(([inFolder, file]) => (inFolder === folder ? [file] : [])))],
    async read(folder, file) {
      const texts = (await entriesOf(folder, file)).map(async (entry) => {
        const found = await cache.match(pathOf(folder, file, entry));
        return found ? found.text() : '';
      });
      return (await Promise.all(texts)).join('');
    },
    async open(folder, file) {
      const known = await entriesOf(folder, file);
      let next = known.length === 0 ? 0 : Number(known.at(-1)) + 1;
      let bytes = 0;
      for (const entry of known) bytes += (await (await cache.match(pathOf(folder, file, entry)))?.blob())?.size ?? 0;
      return {
        get bytes() {
          return bytes;
        },
        async append(text) {
          const blob = new Blob([text]);
          await cache.put(pathOf(folder, file, String(next).padStart(DIGITS, '0')), new Response(blob));
          next += 1;
          bytes += blob.size;
        },
        sync: async () => {},
        async clear() {
          await removeWhere((inFolder, inFile) => inFolder === folder && inFile === file);
          next = 0;
          bytes = 0;
        },
        close() {},
      };
    },
    removeFile: (folder, file) => removeWhere((inFolder, inFile) => inFolder === folder && inFile === file),
    removeFolder: (folder) => removeWhere((inFolder) => inFolder === folder),
  };
}
