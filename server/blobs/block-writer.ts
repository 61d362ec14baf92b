import type { FileHandle } from 'node:fs/promises';

/** Gathered before it is written: a sender may send a byte at a time. */
const BLOCK_BYTES = 256 * 1024;

/**
 * The bytes of a file from its start, in one buffer that each block is read into again: it holds until the next one is asked for. A
 * stream allocates for each of its chunks, and its garbage is collected in the middle of an upload.
 */
export async function* readBlocks(file: FileHandle): AsyncGenerator<Uint8Array> {
  const block = Buffer.allocUnsafe(BLOCK_BYTES);
  for (let at = 0; ; ) {
    const { bytesRead } = await file.read(block, 0, BLOCK_BYTES, at);
    if (bytesRead === 0) return;
    at += bytesRead;
    yield block.subarray(0, bytesRead);
  }
}

/**
 * Writes what `source` gives to a file, from `offset` on, a block at a time. `onBlock` sees each block before it is written. Where
 * the source throws, what it gave before is written, and its error passes through. Gives the offset behind the last byte.
 */
export async function writeBlocks(
  file: FileHandle,
  offset: number,
  source: AsyncIterable<Uint8Array>,
  onBlock: (block: Uint8Array) => void = () => undefined,
): Promise<number> {
  const block = Buffer.allocUnsafe(BLOCK_BYTES);
  let used = 0;
  let at = offset;
  const flush = async (): Promise<void> => {
    const full = block.subarray(0, used);
    onBlock(full);
    for (let written = 0; written < used; ) {
      const { bytesWritten } = await file.write(full, written, used - written, at + written);
      written += bytesWritten;
    }
    at += used;
    used = 0;
  };
  try {
    for await (const chunk of source) {
      for (let taken = 0; taken < chunk.length; ) {
        const some = chunk.subarray(taken, taken + BLOCK_BYTES - used);
        block.set(some, used);
        used += some.length;
        taken += some.length;
        if (used === BLOCK_BYTES) await flush();
      }
    }
  } finally {
    if (used > 0) await flush();
  }
  return at;
}
