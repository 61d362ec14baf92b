/** Opens an archive that a stranger may have made: only paths that lead nowhere else, and never more bytes than the limit. */
import { BlobReader, type FileEntry, ZipReader } from '@zip.js/zip.js/lib/zip-core-native.js';
import type { FileFault, StreamFault } from '#core/backup-faults.ts';
import { err, ok, type Result } from '#core/result.ts';
import { reasonOf } from './text-bytes.ts';

export interface ArchiveEntry {
  readonly path: string;
  /** Bytes, unpacked, as the archive says. More never come out. */
  readonly size: number;
  /** When the file was last written, wall time in ms, as the archive says. */
  readonly modifiedAt: number;
  /** The bytes, unpacked. Fails with what `archiveFault` knows. */
  stream(): ReadableStream<Uint8Array<ArrayBuffer>>;
}

export interface Archive {
  /** Its files, in the order of its directory. */
  readonly entries: readonly ArchiveEntry[];
  close(): Promise<void>;
}

export interface ArchiveLimits {
  /** All that is unpacked, together. */
  readonly totalBytes: number;
  readonly entries: number;
}

/** Text that is as repetitive as this was made to be: a person's own is packed by 3 to 20 times. */
const BOMB_RATIO = 200;
const BOMB_BYTES = 50_000_000;
const LONGEST_PATH = 1000;

class LimitReached extends Error {}

/** What an error of an entry's stream means. */
export const archiveFault =
  (limits: ArchiveLimits) =>
  (error: unknown): StreamFault =>
    error instanceof LimitReached
      ? { type: 'BackupTooLarge', limitBytes: limits.totalBytes }
      : { type: 'BadArchive', reason: reasonOf(error) };

/** Opens an archive; nothing is unpacked yet. */
export async function openArchive(file: Blob, limits: ArchiveLimits): Promise<Result<Archive, FileFault>> {
  const zip = new ZipReader(new BlobReader(file), { useWebWorkers: false, checkOverlappingEntry: true, checkAmbiguity: true });
  const found: FileEntry[] = [];
  const paths = new Set<string>();
  try {
    for await (const entry of zip.getEntriesGenerator()) {
      const path = entry.filename;
      if (!isSafe(path) || paths.has(path)) return err({ type: 'BadPath', path: path.slice(0, 200) });
      paths.add(path);
      if (paths.size > limits.entries) return err({ type: 'BadArchive', reason: 'too many files' });
      if (entry.directory) continue;
      if (entry.encrypted) return err({ type: 'BadArchive', reason: 'encrypted by a ZIP password' });
      const isBomb = entry.uncompressedSize > BOMB_BYTES && entry.uncompressedSize > BOMB_RATIO * entry.compressedSize;
      if (isBomb || entry.uncompressedSize > limits.totalBytes)
        return err({ type: 'BackupTooLarge', limitBytes: limits.totalBytes });
      found.push(entry);
    }
  } catch (error) {
    return err({ type: 'BadArchive', reason: reasonOf(error) });
  }
  const budget = { left: limits.totalBytes };
  const entries = found.map((entry) => ({
    path: entry.filename,
    size: entry.uncompressedSize,
    modifiedAt: entry.lastModDate.getTime(),
    stream: () => unpack(entry, budget),
  }));
  return ok({ entries, close: () => zip.close().catch(() => {}) });
}

function unpack(entry: FileEntry, budget: { left: number }): ReadableStream<Uint8Array<ArrayBuffer>> {
  const { readable, writable } = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform(bytes, controller) {
      budget.left -= bytes.length;
      if (budget.left < 0) throw new LimitReached('more than is ever unpacked');
      controller.enqueue(bytes);
    },
  });
  // What fails is what the reader of the stream is given.
  entry.getData(writable, { checkSignature: true }).catch((error) => writable.abort(error).catch(() => {}));
  return readable;
}

/** Whether a path stays in the archive, on every system: no way up, no root, no drive, no sign that ends a name. */
function isSafe(path: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
  if (path === '' || path.length > LONGEST_PATH || /[\\\u0000-\u001f]/.test(path) || /^(?:\/|[A-Za-z]:)/.test(path)) return false;
  return path.split('/').every((part) => part !== '..' && part !== '.');
}
