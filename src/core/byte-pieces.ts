/** Bytes in pieces, of which one is in memory at a time. */

/** A piece is there until the next one is asked for: whoever keeps its bytes copies them. */
export type BytePieces = AsyncGenerator<Uint8Array<ArrayBuffer>, void>;

interface Read<Bytes> {
  readonly done: boolean;
  readonly value?: Bytes | undefined;
}

/** What a `ReadableStream` of bytes has. */
export interface ByteStream {
  getReader(): { read(): Promise<Read<Uint8Array<ArrayBuffer>>>; cancel(): Promise<void> };
}

/** One that fills memory which it is given, and gives it back. */
interface FillingStream {
  getReader(options: { readonly mode: 'byob' }): {
    read(into: Uint8Array<ArrayBuffer>): Promise<Read<Uint8Array<ArrayBuffer>>>;
    cancel(): Promise<void>;
  };
}

/** A `File`, a `Blob`, or a part of one. */
export interface ByteFile {
  readonly size: number;
  slice(from: number, to: number): { arrayBuffer(): Promise<ArrayBuffer> };
  stream(): ByteStream & FillingStream;
}

/**
 * So many bytes of a file at a time, and what is left, all in the same memory where the engine can: what is made anew for each piece is left
 * to be collected, 60 MB and more of it. Throws what the file throws.
 */
export async function* eachPiece(file: ByteFile, size: number): BytePieces {
  const reader = fillingReader(file);
  if (!reader) {
    for (let at = 0; at < file.size; at += size) yield new Uint8Array(await file.slice(at, at + size).arrayBuffer());
    return;
  }
  try {
    let memory = new ArrayBuffer(Math.min(size, file.size));
    for (let isOver = file.size === 0; !isOver; ) {
      let filled = 0;
      while (filled < memory.byteLength && !isOver) {
        const { done, value } = await reader.read(new Uint8Array(memory, filled));
        isOver = done || !value;
        filled += value?.length ?? 0;
        memory = value?.buffer ?? memory;
      }
      if (filled > 0) yield new Uint8Array(memory, 0, filled);
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

/** Null where the engine's files do not fill memory. */
function fillingReader(file: ByteFile): ReturnType<FillingStream['getReader']> | null {
  try {
    return file.stream().getReader({ mode: 'byob' });
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

/** As they come out of a stream. One that is left early is not wanted any more. */
export async function* streamPieces(stream: ByteStream): BytePieces {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done || !value) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}
