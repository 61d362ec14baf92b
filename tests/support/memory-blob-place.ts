/** Files of blobs in memory, which a test can look at, damage and kill in the middle. */
import type { BlobPlace } from '#store/blobs/place.ts';

export interface MemoryBlobPlace extends BlobPlace {
  /** The bytes of each file by its name: a hash, or `<part>.part`. */
  readonly files: Map<string, Uint8Array<ArrayBuffer>>;
  /** Called before each step with its name. What it throws is what the disk throws. */
  onStep: (step: 'begin' | 'write' | 'finish' | 'keep' | 'remove') => void;
}

export function createMemoryBlobPlace(): MemoryBlobPlace {
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  const nameOf = (part: string): string => `${part}.part`;
  const place: MemoryBlobPlace = {
    files,
    onStep: () => {},
    async begin(part) {
      place.onStep('begin');
      files.set(nameOf(part), new Uint8Array());
      return {
        async write(bytes) {
          place.onStep('write');
          const before = files.get(nameOf(part)) ?? new Uint8Array();
          const after = new Uint8Array(before.length + bytes.length);
          after.set(before);
          after.set(bytes, before.length);
          files.set(nameOf(part), after);
        },
        async finish() {
          place.onStep('finish');
        },
        discard: async () => void files.delete(nameOf(part)),
      };
    },
    async keep(part, hash) {
      place.onStep('keep');
      const bytes = files.get(nameOf(part));
      if (!bytes) throw new DOMException('no such part', 'NotFoundError');
      files.delete(nameOf(part));
      files.set(hash, bytes);
      return { place: { at: 'file' }, note: null, writes: [] };
    },
    async read({ hash, size }, { from, to }) {
      const bytes = files.get(hash);
      return bytes?.length === size ? bytes.slice(from, to) : null;
    },
    has: async ({ hash, size }) => files.get(hash)?.length === size,
    removal: () => [],
    async remove(hash) {
      place.onStep('remove');
      files.delete(hash);
    },
    parts: async () => [...files.keys()].flatMap((name) => (name.endsWith('.part') ? [name.slice(0, -'.part'.length)] : [])),
    discardPart: async (part) => void files.delete(nameOf(part)),
    hashes: async () => [...files.keys()].filter((name) => !name.endsWith('.part')),
    sizeOf: async (hash) => files.get(hash)?.length ?? null,
  };
  return place;
}
