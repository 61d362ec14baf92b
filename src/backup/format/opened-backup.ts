/** What opening a file as a backup asks for and gives, whatever form the file has. */
import type { ContentFault } from '#core/backup-faults.ts';
import type { BackupHead } from './head.ts';
import type { ReadOptions } from './read-document.ts';
import { type BackupRecord, MAX_RECORD_CHARS } from './record.ts';
import type { TempFiles } from './temp-files.ts';
import type { OpenedFile } from './zip-content.ts';

export interface FileLimits {
  /** The bytes that one record may have. */
  readonly recordBytes: number;
  /** The bytes of the file, and of all that an archive unpacks to. */
  readonly totalBytes: number;
  /** The files in an archive. */
  readonly entries: number;
}

export const FILE_LIMITS: FileLimits = { recordBytes: 3 * MAX_RECORD_CHARS, totalBytes: 100_000_000_000, entries: 1_000_000 };

export interface FileProgress {
  /** Bytes read, of those of the file. Reading on beyond its head begins again at 0. */
  readonly done: number;
  readonly total: number;
}

export interface OpenFileOptions {
  /** Of a file that is encrypted. */
  readonly passphrase?: string;
  /** Stops it: the call, or what is being read, then rejects with the signal's reason. */
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: FileProgress) => void;
  readonly limits?: Partial<FileLimits>;
  readonly temp: TempFiles;
}

export interface OpenedBackup {
  readonly head: BackupHead;
  /** How the file is written; `old` is the export from before there were backups. */
  readonly form: 'json' | 'yaml' | 'old';
  readonly archive: boolean;
  readonly encrypted: boolean;
  /** From the first to the last, each time that it is called. */
  records(): AsyncIterable<BackupRecord>;
  /** What was found wrong, by the last call of `records` and by `files` since: complete when both have ended. */
  readonly faults: readonly ContentFault[];
  /** Pictures and files. Nothing is unpacked before its `give`. */
  files(): AsyncIterable<OpenedFile>;
  /** Removes what was decrypted. */
  close(): Promise<void>;
}

/** The same with all limits. */
export type Opener = OpenFileOptions & { readonly limits: FileLimits };

/** How a document of `total` bytes is read. */
export const readingOf = (options: Opener, total: number): Pick<ReadOptions, 'signal' | 'recordBytes' | 'onBytes'> => ({
  signal: options.signal,
  recordBytes: options.limits.recordBytes,
  onBytes: follow(options, total).add,
});

export function follow({ onProgress }: OpenFileOptions, total: number): { readonly add: (bytes: number) => void } {
  let done = 0;
  return {
    add(bytes) {
      done += bytes;
      onProgress?.({ done: Math.min(done, total), total });
    },
  };
}
