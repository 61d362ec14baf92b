import type { StoreError } from '#core/errors.ts';
import { ok, type Result } from '#core/result.ts';
import { ledger } from '#entities/index.ts';
import { countExport, type ExportSource, exportFiles } from './export-files.ts';
import { createZip } from './zip-file.ts';

/** What an archive is made from: the lists of an account, and how long they are. */
export interface ZipSource extends Pick<ExportSource, 'list'> {
  readonly count: (kind: string, lifecycle: 'live' | 'binned') => Promise<Result<number, StoreError>>;
}

/** Makes the archive of everything. `onProgress` is called with the share that is done, from 0 to 1. Throws an AbortError where `signal` stops it. */
export async function exportZip(
  source: ZipSource,
  signal: AbortSignal,
  onProgress: (share: number) => void,
): Promise<Result<Blob, StoreError>> {
  const kinds = [...ledger.values()];
  const total = await countExport(kinds, source.count);
  const zip = createZip();
  let done = 0;
  const written = await exportFiles({
    kinds,
    list: source.list,
    signal,
    write: async (piece) => {
      zip.write(piece);
      done += piece.entities;
      onProgress(total === 0 ? 1 : Math.min(1, done / total));
    },
  });
  if (!written.ok) return written;
  return ok(zip.finish());
}
