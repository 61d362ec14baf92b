import type { App } from '#app/app.ts';
import type { StoreError } from '#core/errors.ts';
import { ok, type Result } from '#core/result.ts';
import { ledger } from '#entities/index.ts';
import { fileDay } from '#ui/time-text.ts';
import { countExport, type ExportSource, exportFiles } from './export-files.ts';
import { createZip } from './zip-file.ts';

export interface ExportedZip {
  readonly blob: Blob;
  readonly fileName: string;
}

/** Makes the archive of everything. `onProgress` hears the share that is done, from 0 to 1. */
export async function exportZip(
  app: Pick<ExportSource, 'list'> & Pick<App, 'count'>,
  signal: AbortSignal,
  onProgress: (share: number) => void,
): Promise<Result<ExportedZip, StoreError>> {
  const kinds = [...ledger.values()];
  const total = await countExport(kinds, app.count);
  const zip = createZip();
  let done = 0;
  const written = await exportFiles({
    kinds,
    list: app.list,
    signal,
    write: async (piece) => {
      zip.write(piece);
      done += piece.entities;
      onProgress(total === 0 ? 1 : Math.min(1, done / total));
    },
  });
  if (!written.ok) return written;
  return ok({ blob: zip.finish(), fileName: `holdfast-${fileDay()}.zip` });
}
