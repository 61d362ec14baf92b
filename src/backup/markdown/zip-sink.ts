import { ZipWriter } from '@zip.js/zip.js/lib/zip-core-writer.js';
import type { FolderSink } from './write-folder.ts';

/** Shorter than this, a text is not worth its compression. */
const SMALL = 200;
/** The formats of ZIP have no time before. */
const FIRST_TIME = Date.UTC(1980, 0, 2);

/** A folder as an archive: any size, any number of files (ZIP64). `close` ends it and closes the sink. Throws what the sink throws. */
export function createZipSink(sink: WritableStream<Uint8Array>): FolderSink & { readonly close: () => Promise<void> } {
  const zip = new ZipWriter(sink, { useWebWorkers: false, keepOrder: true, bufferedWrite: false });
  return {
    async add(path, content, modifiedAt) {
      const isStored = content.size < SMALL || path.startsWith('files/');
      const lastModDate = new Date(Math.min(Math.max(modifiedAt, FIRST_TIME), Date.UTC(2099, 0)));
      await zip.add(path, content.stream(), { lastModDate, ...(isStored && { level: 0 }) });
    },
    close: async () => void (await zip.close()),
  };
}
