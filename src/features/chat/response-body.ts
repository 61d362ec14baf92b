/** The bodies of a model server's answers: read as they come, and within bounds. */
import type { StallWatch } from './stall-watch.ts';

export interface OpenBody {
  chunks(): AsyncGenerator<Uint8Array>;
  /** The connection ended before the body did. */
  readonly isBroken: boolean;
}

/** A body whose connection breaks ends there: what came before is read as what it is. */
export function openBody(response: Response, watch: Pick<StallWatch, 'alive'>): OpenBody {
  let isBroken = false;
  return {
    async *chunks() {
      const reader = response.body?.getReader();
      try {
        while (reader) {
          const read = await reader.read().catch(() => null);
          watch.alive();
          isBroken = read === null;
          if (!read || read.done) return;
          yield read.value;
        }
      } finally {
        // Whoever reads no further wants no more of it.
        void reader?.cancel().catch(() => {});
      }
    },
    get isBroken() {
      return isBroken;
    },
  };
}

/** The body of an answer; null where it is larger than `limit` bytes, or empty. */
export async function readBounded(response: Response, limit: number): Promise<Blob | null> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  const reader = response.body?.getReader();
  for (let read = await reader?.read(); read && !read.done; read = await reader?.read()) {
    size += read.value.length;
    if (size > limit) {
      void reader?.cancel().catch(() => {});
      return null;
    }
    chunks.push(read.value);
  }
  return size === 0 ? null : new Blob(chunks);
}
