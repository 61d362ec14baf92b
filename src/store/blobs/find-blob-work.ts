import type { KvError } from '#core/errors.ts';
import type { Kv } from '#core/ports.ts';
import { ok, type Result } from '#core/result.ts';
import { asWay, BLOB_WAY } from '#store/schema/blob-way.ts';
import type { WorkspaceTables } from '#store/schema/schema.ts';
import { isAskDue } from './blob-questions.ts';
import { isDue, MAY_BE_DUE, WAITING } from './refusals.ts';

export interface BlobWork {
  /** Blobs that the server is to get; what it has refused is not counted. */
  readonly waiting: number;
  /** The server is to be asked, or the time of something that it has refused has come. */
  readonly isMore: boolean;
}

/** Whether there is anything to do: asked for behind each drain, before anything of the blobs is loaded or opened. */
export async function findBlobWork(kv: Pick<Kv<WorkspaceTables>, 'read'>, nowMs: number): Promise<Result<BlobWork, KvError>> {
  const found = await kv.read({
    waiting: { count: 'blobs', index: 'byWaiting', ...WAITING },
    refused: MAY_BE_DUE,
    sent: { count: 'blobs', index: 'bySpare' },
    way: BLOB_WAY,
  });
  if (!found.ok) return found;
  const { waiting, refused, sent, way } = found.value;
  const isMore = (sent > 0 && isAskDue(asWay(way), nowMs)) || refused.some((row) => isDue(row, nowMs));
  return ok({ waiting, isMore });
}
