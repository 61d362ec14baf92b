import type { BlobHash } from '#core/blobs.ts';
import { beginHash } from '#core/hash.ts';

/** SHA-256 of all bytes of a file. By a reader: not every browser iterates over streams. Rejects where it cannot be read. */
export async function hashFile(file: { stream(): ReadableStream<Uint8Array> }): Promise<BlobHash> {
  const hash = beginHash();
  const reader = file.stream().getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return hash.end();
    hash.update(value);
  }
}
