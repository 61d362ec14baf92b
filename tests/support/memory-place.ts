/** A place for backups in memory, whose disk may be full, gone, slow to believe, or end in the middle of anything. */
import { Failure } from '#backup/kept/failure.ts';
import { isHalfDone, type Place } from '#backup/kept/place.ts';

export interface MemoryPlace extends Place {
  readonly files: Map<string, Uint8Array<ArrayBuffer>>;
  /** What was done, in order: `write parts/…`. */
  readonly calls: string[];
  /** Called before each call; whatever it throws ends the call. A write is then half done. */
  before: (call: string) => void;
  capacityBytes: number;
}

export function createMemoryPlace(now: () => number = () => 0): MemoryPlace {
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  const times = new Map<string, number>();
  const place: MemoryPlace = {
    files,
    calls: [],
    before: () => {},
    capacityBytes: Number.POSITIVE_INFINITY,
    async list(folder) {
      await begin(`list ${folder}`);
      return namesIn(folder).filter((name) => !isHalfDone(name));
    },
    async read(path) {
      await begin(`read ${path}`);
      const bytes = files.get(path);
      return bytes ? new Blob([bytes]) : null;
    },
    async modifiedAt(path) {
      return times.get(path) ?? null;
    },
    async write(path, bytes) {
      files.set(`${path}.part`, bytes.slice(0, bytes.length / 2));
      await begin(`write ${path}`);
      const used = [...files.values()].reduce((sum, { length }) => sum + length, 0);
      files.delete(`${path}.part`);
      if (used + bytes.length > place.capacityBytes) throw new Failure({ type: 'QuotaExceeded' });
      files.set(path, bytes.slice());
      times.set(path, now());
    },
    async remove(path) {
      await begin(`remove ${path}`);
      files.delete(path);
    },
    async sweep(folder) {
      for (const name of namesIn(folder)) if (isHalfDone(name)) files.delete(folder === '' ? name : `${folder}/${name}`);
    },
  };
  const namesIn = (folder: string): string[] => {
    const prefix = folder === '' ? '' : `${folder}/`;
    const names = [...files.keys()].filter((path) => path.startsWith(prefix)).map((path) => path.slice(prefix.length));
    return names.filter((name) => !name.includes('/')).sort();
  };
  const begin = async (call: string): Promise<void> => {
    await null;
    place.calls.push(call);
    place.before(call);
  };
  return place;
}

/** The texts of all files of a place, unpacked. */
export const textsIn = ({ files }: MemoryPlace): Promise<readonly string[]> =>
  Promise.all(
    [...files.values()].map((bytes) => {
      const stream = new Blob([bytes]).stream();
      const isPacked = bytes[0] === 0x1f && bytes[1] === 0x8b;
      return new Response(isPacked ? stream.pipeThrough(new DecompressionStream('gzip')) : stream).text();
    }),
  );
