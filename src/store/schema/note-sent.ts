import type { BlobHash } from '#core/blobs.ts';
import type { KvError } from '#core/errors.ts';
import type { Kv } from '#core/ports.ts';
import type { Result } from '#core/result.ts';
import { sentWrites } from './blob-rows.ts';
import type { WorkspaceTables } from './schema.ts';

/** Notes of these blobs whether the server has them. What is not known here is passed over. */
export const noteSent = (
  kv: Pick<Kv<WorkspaceTables>, 'transact'>,
  hashes: readonly BlobHash[],
  isSent: boolean,
): Promise<Result<void, KvError>> =>
  kv.transact({ rows: { getMany: 'blobs', keys: hashes } }, ({ rows }) => ({
    writes: sentWrites(rows, () => isSent),
    value: undefined,
  }));
