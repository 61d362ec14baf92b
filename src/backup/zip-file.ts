import { ZipWriter } from '@zip.js/zip.js/lib/zip-core-writer.js';

/** Shorter than this, a file is not worth its compression. */
const SMALL = 200;
/** Not compressed: pictures and sound are by themselves, and 100 MB of a PDF would gain little for their time. */
const STORED = { level: 0 } as const;

/** A zip archive, written file by file. Every function throws what the sink throws. */
export interface ZipFile {
  /** Adds to the file of that path, which `last` ends. The pieces of two files are never mixed. */
  text(piece: { readonly path: string; readonly text: string; readonly last: boolean }): Promise<void>;
  /** Adds a file of bytes, which are read as they are written. */
  bytes(path: string, bytes: Blob): Promise<void>;
  /** Ends the archive, and closes the sink. Nothing is written after it. */
  finish(): Promise<void>;
}

/** The archive goes to `sink` as it is made: any size, any number of files (ZIP64), and no more of it in memory than a piece. */
export function createZip(sink: WritableStream<Uint8Array>): ZipFile {
  const zip = new ZipWriter(sink, { useWebWorkers: false, keepOrder: true, bufferedWrite: false });
  const encoder = new TextEncoder();
  let open: { readonly writer: WritableStreamDefaultWriter<Uint8Array>; readonly added: Promise<unknown> } | null = null;

  const begin = (path: string) => {
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    const added = zip.add(path, readable);
    // Heard of at the end of the file; a write that waits for a reader that is gone fails by itself.
    added.catch(() => {});
    return { writer: writable.getWriter(), added };
  };

  return {
    async text({ path, text, last }) {
      if (!open && last) {
        const options = text.length < SMALL ? STORED : {};
        await zip.add(path, new Blob([text]).stream(), options);
        return;
      }
      open ??= begin(path);
      const { writer, added } = open;
      await Promise.race([writer.write(encoder.encode(text)), added]);
      if (!last) return;
      open = null;
      await Promise.all([writer.close(), added]);
    },
    async bytes(path, bytes) {
      await zip.add(path, bytes.stream(), STORED);
    },
    async finish() {
      await zip.close();
    },
  };
}
