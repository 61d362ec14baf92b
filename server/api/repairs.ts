import type { BlobHash } from '#core/blobs.ts';
import { type AccountId, type DeviceId, isUuid } from '#core/ids.ts';
import { readStandIn } from '#core/large-body.ts';
import { MAX_DAMAGED } from '#core/protocol.ts';
import type { Head, StorageWriter } from '#server/storage/storage.ts';
import type { IncomingOp } from './incoming-op.ts';
import { siftVersions } from './integrity.ts';

/** An op that was applied before, pushed again, and the seq that it took then. */
export interface Resent {
  readonly incoming: Extract<IncomingOp, { readonly type: 'valid' }>;
  readonly seq: number;
}

interface Known {
  readonly headOf: (op: Resent['incoming']['op']) => Head | undefined;
  /** Of the blobs that the ops name, those that are there. */
  readonly present: ReadonlySet<BlobHash>;
}

/**
 * Ops pushed again carry what was stored under their ids: where the disk has lost that, it is put back. A body that was
 * erased on purpose (an old version, a deleted entity) stays erased: only a current version is known to need its body. One that was noted
 * because its body, a blob, was lost is not noted any more once that is there again.
 */
export async function repairVersions(
  writer: StorageWriter,
  accountId: AccountId,
  deviceId: DeviceId,
  resent: readonly Resent[],
  { headOf, present }: Known,
): Promise<void> {
  if (resent.length === 0) return;
  const stored = await writer.versionsAt(
    accountId,
    resent.map(({ seq }) => seq),
  );
  const bySeq = new Map(stored.map((version) => [version.seq, version]));
  const damaged = new Set(siftVersions(resent, stored).damaged);
  const noted = new Set((await writer.damaged(accountId, MAX_DAMAGED)).map(({ seq }) => seq));
  for (const { incoming, seq } of resent) {
    const { op, bytes } = incoming;
    const version = bySeq.get(seq);
    const isErased = version?.body === null && headOf(op)?.version !== op.opId;
    const standIn = readStandIn(version?.body ?? null);
    const isBack = noted.has(seq) && standIn !== null && present.has(standIn.blob) && op.hash === version?.hash;
    if ((!damaged.has(seq) && !isBack) || isErased) continue;
    await writer.repair(accountId, {
      seq,
      v: op.v,
      lastUpdated: op.lastUpdated,
      deviceId: version && isUuid(version.deviceId) ? version.deviceId : deviceId,
      body: op.body,
      hash: op.hash,
      bytes,
      blobs: op.blobs,
    });
  }
}
