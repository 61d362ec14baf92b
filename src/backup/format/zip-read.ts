/** Opens an archive that a stranger may have made: only paths that lead nowhere else, and never more bytes than the limit. */
import { BlobReader, type FileEntry, ZipReader } from '@zip.js/zip.js/lib/zip-core-native.js';
import type { FileFault, StreamFault } from '#core/backup-faults.ts';
import { type BytePieces, eachPiece, streamPieces } from '#core/byte-pieces.ts';
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
  /** The same, for whoever compares the hash of all of them: that of the archive, which says less, is not looked at where they lie in it as they are. */
  pieces(): BytePieces;
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
/** The method of an entry that is not packed. */
const STORED = 0;
/** Read at once of one. */
const PIECE = 256 * 1024;

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
    pieces: () => (isStored(entry) ? readStored(file, entry, budget) : streamPieces(unpack(entry, budget))),
  }));
  return ok({ entries, close: () => zip.close().catch(() => {}) });
}

/** What is left of what may be unpacked. */
interface Budget {
  left: number;
}

function take(budget: Budget, bytes: number): void {
  budget.left -= bytes;
  if (budget.left < 0) throw new LimitReached('more than is ever unpacked');
}

const isStored = ({ compressionMethod, compressedSize, uncompressedSize }: FileEntry): boolean =>
  compressionMethod === STORED && compressedSize === uncompressedSize;

/** From where it lies in the archive, when the library has found it to lie there alone: through its streams every byte is copied, and 80 MB wait to be collected. */
async function* readStored(file: Blob, entry: FileEntry, budget: Budget): BytePieces {
  await entry.getData(new WritableStream(), { checkOverlappingEntryOnly: true });
  const start = entry.localDirectory?.dataOffset;
  if (start === undefined) throw new Error('the archive does not say where a file begins');
  for await (const piece of eachPiece(file.slice(start, start + entry.uncompressedSize), PIECE)) {
    take(budget, piece.length);
    yield piece;
  }
}

function unpack(entry: FileEntry, budget: Budget): ReadableStream<Uint8Array<ArrayBuffer>> {
  const { readable, writable } = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform(bytes, controller) {
      take(budget, bytes.length);
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
