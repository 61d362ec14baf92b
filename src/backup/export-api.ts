/** What the export worker and its page say to each other. Plain data both ways. */
import type { StoreError } from '#core/errors.ts';
import type { Result } from '#core/result.ts';
import type { FileSource } from './export-blobs.ts';
import type { ExportSource } from './export-files.ts';
import type { ExportedFiles, ExportProgress, ZipSource } from './export-zip.ts';

/** What the worker asks of its page, which has the store. */
export interface ExportPort {
  list: ExportSource['list'];
  count: ZipSource['count'];
  readFile: FileSource['read'];
  fetchFile: FileSource['fetch'];
  /** An answer of false ends the export. */
  progress(progress: ExportProgress): Promise<boolean>;
}

export interface Exported extends ExportedFiles {
  /** The archive: a file of this device where it has any, so that its bytes are in no memory. */
  readonly blob: Blob;
}

export interface ExportWorkerApi {
  /** Null where the page has ended it: nothing of it stays. */
  exportZip(port: ExportPort, withFiles: boolean): Promise<Result<Exported | null, StoreError>>;
}
