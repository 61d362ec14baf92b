/** Makes the archive of everything: documents, their JSON, and the files that they name. */
import type { StoreError } from '#core/errors.ts';
import { ok, type Result } from '#core/result.ts';
import { ledger } from '#entities/index.ts';
import { createNamedFiles, type FileSource, fromPath, MISSING_PATH, writeFiles } from './export-blobs.ts';
import { countExport, type ExportSource, exportFiles } from './export-files.ts';
import { createInsidePictures, type InsidePictures } from './inside-pictures.ts';
import { createZip } from './zip-file.ts';

export interface ExportProgress {
  readonly phase: 'documents' | 'files';
  readonly done: number;
  readonly total: number;
}

/** What an archive is made from: the lists of an account, how long they are, and its files. */
export interface ZipSource extends Pick<ExportSource, 'list'> {
  readonly count: (kind: string, lifecycle: 'live' | 'binned') => Promise<Result<number, StoreError>>;
  /** Null leaves files out; what would be in the archive is not listed then either. */
  readonly files: FileSource | null;
}

export interface ExportedFiles {
  /** How many are in the archive, and how many are named and are not. */
  readonly files: number;
  readonly missing: number;
}

/**
 * Writes the archive to `sink`, and closes it. Throws an AbortError where `signal` stops it, and what the sink throws; the
 * sink is then of no use any more.
 */
export async function exportZip(
  source: ZipSource,
  sink: WritableStream<Uint8Array>,
  signal: AbortSignal,
  onProgress: (progress: ExportProgress) => void,
): Promise<Result<ExportedFiles, StoreError>> {
  const kinds = [...ledger.values()];
  const total = await countExport(kinds, source.count);
  const zip = createZip(sink);
  const named = createNamedFiles();
  const inside = createInsidePictures();
  let done = 0;
  const written = await exportFiles({
    kinds,
    withFiles: source.files !== null,
    list: source.list,
    signal,
    write: async (piece) => {
      const isMarkdown = piece.path.endsWith('.md');
      const text = isMarkdown && source.files ? inside.moveOut(piece.text) : piece.text;
      named.note(piece.path, text);
      await zip.text({ ...piece, text: isMarkdown ? fromPath(piece.path, text) : text });
      done += piece.entities;
      onProgress({ phase: 'documents', done: Math.min(done, total), total });
    },
  });
  if (!written.ok) return written;
  const step = (filesDone: number, files: number): void => {
    signal.throwIfAborted();
    onProgress({ phase: 'files', done: filesDone, total: files });
  };
  const bytes = source.files && (await writeFiles({ ...withInside(source.files, inside), named, write: zip.bytes, step }));
  if (bytes?.missing) await zip.text({ path: MISSING_PATH, text: bytes.missing.text, last: true });
  await zip.finish();
  return ok({ files: bytes?.files ?? 0, missing: bytes?.missing?.files ?? 0 });
}

const withInside = (files: FileSource, inside: InsidePictures): FileSource => ({
  ...files,
  read: async (hash) => {
    const moved = inside.read(hash);
    return moved ? ok(moved) : files.read(hash);
  },
});
