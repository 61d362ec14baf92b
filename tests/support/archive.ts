/** Archives in memory: made by an export, and read by another library than the one that wrote them. */
import { strFromU8, unzipSync } from 'fflate';
import { type ExportProgress, exportZip, type ZipSource } from '#backup/export-zip.ts';
import { must } from './memory-workspace.ts';

/** A sink that keeps what is written to it. */
export function createMemorySink() {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const sink = new WritableStream<Uint8Array>({
    write(bytes) {
      parts.push(bytes.slice());
    },
  });
  return { sink, bytes: async () => new Uint8Array(await new Blob(parts).arrayBuffer()) };
}

/** Every file of an archive by its path. */
export function unzip(bytes: Uint8Array): ReadonlyMap<string, Uint8Array> {
  return new Map(Object.entries(unzipSync(bytes)));
}

/** Everything of a source as an archive, with what was said of the progress. */
export async function makeArchive(source: Omit<ZipSource, 'files'> & Partial<Pick<ZipSource, 'files'>>) {
  const { sink, bytes } = createMemorySink();
  const progress: ExportProgress[] = [];
  const written = must(
    await exportZip({ files: null, ...source }, sink, new AbortController().signal, (at) => progress.push(at)),
  );
  const files = unzip(await bytes());
  const texts = new Map([...files].map(([path, file]) => [path, strFromU8(file)]));
  return { files, texts, written, progress };
}
