import { type BlobHash, blobsIn, MAX_OP_BLOBS } from '#core/blobs.ts';
import { encodeBody } from '#core/body.ts';
import { hashText } from '#core/hash.ts';
import type { OpId } from '#core/ids.ts';
import type { Op } from '#core/protocol.ts';
import { type EntityRow, PURGED } from './schema.ts';

/** What travels of the row; null for a tombstone. */
export const bodyText = (row: EntityRow): string | null =>
  row.place === PURGED ? null : (row.raw ?? encodeBody({ fields: row.fields, stamps: row.stamps }));

/** What an op of this body names. */
export const blobsOf = (body: string | null): BlobHash[] => (body === null ? [] : blobsIn(body).slice(0, MAX_OP_BLOBS));

/** The op that tells the server of the row as it is, built on the version that it was last merged with. */
export function toOp(row: EntityRow, opId: OpId): Op {
  const body = bodyText(row);
  const { kind, id, v, version, lastUpdated, lost } = row;
  const contains = lost?.against === version ? { contains: lost.tails } : {};
  const hash = hashText(body ?? '');
  return { opId, kind, id, v, base: version, lastUpdated, deleted: body === null, body, hash, blobs: blobsOf(body), ...contains };
}
