/** Backup files of every form, and what reading them comes to. */
import { createHash } from 'node:crypto';
import type { DocumentForm } from '#backup/format/document.ts';
import type { BackupHead } from '#backup/format/head.ts';
import { openBackupFile } from '#backup/format/open-file.ts';
import type { FileLimits } from '#backup/format/opened-backup.ts';
import type { BackupRecord } from '#backup/format/record.ts';
import type { TempFiles } from '#backup/format/temp-files.ts';
import { type BackupFile, writeZip } from '#backup/format/zip-write.ts';
import { blobReference } from '#core/blobs.ts';
import type { BytePieces } from '#core/byte-pieces.ts';
import { collectBytes, headOf, linesOf } from './backup-content.ts';

/** Temporary files in memory, and how many of them are there. */
export function memoryTemp(): TempFiles & { readonly left: () => number } {
  const files = new Set<object>();
  return {
    left: () => files.size,
    async create() {
      const { sink, blob } = collectBytes();
      const file = { sink, finish: async () => blob(), discard: async () => void files.delete(file) };
      files.add(file);
      return file;
    },
  };
}

export const aFile = (text: string, extension = 'txt'): BackupFile => ({
  hash: createHash('sha256').update(text).digest('hex'),
  extension,
  bytes: new Blob([text]),
});

export const referTo = ({ hash, extension }: BackupFile): string => `![](${blobReference(hash, extension)})`;

export async function zipOf(
  form: DocumentForm,
  records: readonly BackupRecord[],
  files: readonly BackupFile[],
  more: Partial<BackupHead> = {},
): Promise<Blob> {
  const { sink, blob } = collectBytes();
  const each = async function* (): AsyncGenerator<BackupFile> {
    yield* files;
  };
  const head = headOf(records, { files: files.length, ...more });
  await writeZip(form, { head, lines: linesOf(records), files: each() }, sink);
  return blob();
}

/** All of them. */
export async function blobOf(bytes: Blob | BytePieces): Promise<Blob> {
  if (bytes instanceof Blob) return bytes;
  const all: Uint8Array<ArrayBuffer>[] = [];
  for await (const piece of bytes) all.push(piece.slice());
  return new Blob(all);
}

export interface OpenedWhole {
  readonly head: BackupHead | null;
  readonly records: readonly BackupRecord[];
  /** The text of each file by its hash. */
  readonly files: { readonly [hash: string]: string };
  readonly faults: readonly { readonly type: string }[];
  readonly form?: string;
  readonly encrypted?: boolean;
}

export interface OpenWhole {
  readonly passphrase?: string;
  readonly limits?: Partial<FileLimits>;
  readonly temp?: TempFiles;
}

/** Opens a file and reads all of it; every temporary file is gone again. */
export async function openWhole(file: Blob, { temp = memoryTemp(), ...options }: OpenWhole = {}): Promise<OpenedWhole> {
  const opened = await openBackupFile(file, { ...options, temp, signal: new AbortController().signal });
  if (!opened.ok) return { head: null, records: [], files: {}, faults: [opened.error] };
  const { head, form, encrypted } = opened.value;
  const records: BackupRecord[] = [];
  for await (const record of opened.value.records()) records.push(record);
  const files: { [hash: string]: string } = {};
  for await (const { hash, give } of opened.value.files()) {
    await give(async (pieces) => {
      files[hash] = await (await blobOf(pieces)).text();
    });
  }
  await opened.value.close();
  return { head, form, encrypted, records, files, faults: [...opened.value.faults] };
}
