import type { Place } from '#backup/kept/place.ts';

/** A place in memory, for a backup that is written as a file at once: where nothing stays in this browser, or it has no room. */
export function createMemoryPlace(): Place {
  const files = new Map<string, Blob>();
  return {
    async list(folder) {
      const prefix = folder === '' ? '' : `${folder}/`;
      const names = [...files.keys()].filter((path) => path.startsWith(prefix)).map((path) => path.slice(prefix.length));
      return names.filter((name) => !name.includes('/')).sort();
    },
    read: async (path) => files.get(path) ?? null,
    modifiedAt: async () => null,
    async write(path, bytes) {
      files.set(path, new Blob([bytes]));
    },
    async remove(path) {
      files.delete(path);
    },
    async sweep() {},
  };
}
