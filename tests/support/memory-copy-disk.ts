/** A disk of the second copy in memory, whose files a test can damage. */
import type { CopyDisk } from '#store/second-copy/disk.ts';

export interface MemoryCopyDisk extends CopyDisk {
  /** The text of each file, by `folder/file`. */
  readonly texts: Map<string, string>;
}

export function createMemoryCopyDisk(): MemoryCopyDisk {
  const texts = new Map<string, string>();
  const open = new Set<string>();
  const inFolder = (folder: string): readonly string[] =>
    [...texts.keys()].filter((path) => path.startsWith(`${folder}/`)).sort();
  return {
    texts,
    folders: async () => [...new Set([...texts.keys()].map((path) => path.slice(0, path.indexOf('/'))))],
    files: async (folder) => inFolder(folder).map((path) => path.slice(folder.length + 1)),
    read: async (folder, file) => texts.get(`${folder}/${file}`) ?? '',
    async open(folder, file) {
      const path = `${folder}/${file}`;
      if (open.has(path)) throw new Error(`${path} is open`);
      open.add(path);
      texts.set(path, texts.get(path) ?? '');
      return {
        get bytes() {
          return new TextEncoder().encode(texts.get(path)).length;
        },
        async append(text) {
          texts.set(path, (texts.get(path) ?? '') + text);
        },
        sync: async () => {},
        async clear() {
          texts.set(path, '');
        },
        close: () => void open.delete(path),
      };
    },
    async removeFile(folder, file) {
      texts.delete(`${folder}/${file}`);
    },
    async removeFolder(folder) {
      for (const path of inFolder(folder)) texts.delete(path);
    },
  };
}
