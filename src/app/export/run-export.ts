/** The page's side of an export: a worker of its own makes the archive, and asks the page for what is in it. */

import { proxy, wrap } from 'comlink';
import type { Exported, ExportPort, ExportWorkerApi } from '#backup/export-api.ts';
import type { FetchedFile } from '#backup/export-blobs.ts';
import type { ExportProgress } from '#backup/export-zip.ts';
import type { FetchError, StoreError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import { onWorkerLost } from '#core/worker-loss.ts';
import type { StoreClient } from '#store/calls/store-client.ts';

export interface ExportRequest {
  /** Whether pictures and files are put into the archive, beside the documents that name them. */
  readonly withFiles: boolean;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: ExportProgress) => void;
}

export interface ExportOptions extends Pick<ExportPort, 'list'> {
  readonly client: Pick<StoreClient, 'count' | 'readBlob' | 'fetchBlob'>;
  readonly spawn: () => Worker;
}

/** For whoever reads the list of what is missing. */
const reasons: { readonly [E in (StoreError | FetchError)['type']]?: string } = {
  BlobMissing: 'it is not on this device, and the server does not have it',
  SyncOff: 'it is not on this device, and sync is off here',
  QuotaExceeded: 'it is on the server, and this device has no room for it',
};
const UNREACHED = 'it is not on this device, and the server could not be reached';

const fetched = (result: Result<unknown, StoreError | FetchError>): FetchedFile => {
  if (result.ok) return { here: true };
  const reason = reasons[result.error.type];
  return { here: false, reason: reason ?? UNREACHED, offline: reason === undefined || result.error.type === 'SyncOff' };
};

/** Throws an AbortError where `signal` stops it: nothing of it stays. */
export async function runExport(
  { list, client, spawn }: ExportOptions,
  { withFiles, signal, onProgress }: ExportRequest,
): Promise<Result<Exported, StoreError>> {
  signal.throwIfAborted();
  const worker = spawn();
  const { promise: lost, resolve } = Promise.withResolvers<Result<never, StoreError>>();
  const end = (reason: string): void => resolve(err({ type: 'WorkerLost', reason }));
  onWorkerLost(worker, end);
  const port: ExportPort = {
    list,
    count: client.count,
    readFile: (hash) => client.readBlob(hash),
    fetchFile: async (hash) => fetched(await client.fetchBlob(hash, () => !signal.aborted)),
    async progress(progress) {
      onProgress(progress);
      return !signal.aborted;
    },
  };
  try {
    const made = await Promise.race([wrap<ExportWorkerApi>(worker).exportZip(proxy(port), withFiles), lost]);
    signal.throwIfAborted();
    if (!made.ok) return made;
    return made.value ? ok(made.value) : err({ type: 'WorkerLost', reason: 'the export was ended' });
  } finally {
    worker.terminate();
  }
}
