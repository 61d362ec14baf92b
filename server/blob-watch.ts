import type { FastifyBaseLogger } from 'fastify';
import type { Result } from '#core/result.ts';
import type { BlobError, BlobStore } from './blobs/blob-store.ts';

/** No account has it, and no bytes. */
const NOBODYS = { accountId: '00000000-0000-7000-8000-000000000000', hash: '0'.repeat(64) };

export interface WatchedBlobs {
  readonly blobs: BlobStore;
  /** Why it cannot be used, as far as its last use has shown; null where it can. */
  readonly problem: () => string | null;
}

/**
 * The same place of blobs, with its failures noticed: each change is logged once, not each request that meets it. Words are synced
 * whether it answers or not, so that the server stays ready.
 */
export function watchBlobs(blobs: BlobStore, log: Pick<FastifyBaseLogger, 'error' | 'info'>): WatchedBlobs {
  let current: string | null = null;

  async function note<T>(asked: Promise<Result<T, BlobError>>): Promise<Result<T, BlobError>> {
    const result = await asked;
    const problem = result.ok ? null : explain(result.error);
    if (problem !== null && current === null) log.error(`pictures and files: ${problem}; devices wait and send again`);
    if (problem === null && current !== null) log.info('pictures and files: their place can be used again');
    current = problem;
    return result;
  }

  return {
    blobs: {
      ...blobs,
      // Of an S3-compatible store uploads are files beside the database: what `append` and `arrived` say is not of their place.
      ...(blobs.isLocal && { append: (key, offset, bytes) => note(blobs.append(key, offset, bytes)) }),
      commit: (key) => note(blobs.commit(key)),
      size: (key) => note(blobs.size(key)),
      read: (key, range) => note(blobs.read(key, range)),
      remove: (key) => note(blobs.remove(key)),
    },
    problem: () => current,
  };
}

/** Asks the place once, so that a wrong setting is in the log before anybody meets it. */
export async function probeBlobs(blobs: BlobStore): Promise<void> {
  await blobs.size(NOBODYS);
}

const explain = (error: BlobError): string =>
  error.type === 'BlobsFull' ? 'there is no room for more' : `their place cannot be used (${error.reason})`;
