/** Adds a blob where the browser may have no room: what may go goes first, and the file is written again. */
import type { BlobError } from '#core/errors.ts';
import type { Result } from '#core/result.ts';
import type { BlobInfo, BlobSource, NewBlob, PutOptions } from '#store/blob-store.ts';
import type { BlobContext } from './context.ts';
import { IN_USE_MS, LONG_UNUSED_MS } from './leaving.ts';
import { letGoUnused } from './let-go.ts';
import { putBlob } from './put-blob.ts';

/** What of a source whose size is not known is made room for at once. */
const UNKNOWN_BYTES = 100_000_000;

const sizeOf = (source: BlobSource): number | null =>
  source instanceof Blob ? source.size : source instanceof Uint8Array ? source.byteLength : null;

/** See `BlobStore.put`. Earlier revisions do not go for a file: they are nowhere else. */
export async function putMakingRoom(
  context: BlobContext,
  source: BlobSource,
  about: NewBlob,
  options?: PutOptions,
): Promise<Result<BlobInfo, BlobError>> {
  const size = sizeOf(source);
  const letFilesGo = (unusedMs: number) => async (): Promise<boolean> => {
    const gone = await letGoUnused(context, { unusedMs, bytes: size ?? UNKNOWN_BYTES });
    return gone.ok && gone.value.files > 0;
  };
  // Whether that is enough for a stream shows only when it is put again: files go in any case.
  const freeCaches = async (): Promise<boolean> => (await context.freeCaches?.())?.ok === true && size !== null;
  let put = await putBlob(context, source, about, options);
  for (const makeRoom of [freeCaches, letFilesGo(LONG_UNUSED_MS), letFilesGo(IN_USE_MS)]) {
    if (put.ok || put.error.type !== 'QuotaExceeded' || options?.signal?.aborted) return put;
    if (!(await makeRoom())) continue;
    // Of a stream something is gone: whoever gives it begins again.
    if (size === null) return put;
    put = await putBlob(context, source, about, options);
  }
  return put;
}
