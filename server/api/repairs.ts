import { type AccountId, type DeviceId, isUuid } from '#core/ids.ts';
import type { Head, StorageWriter } from '#server/storage/storage.ts';
import type { IncomingOp } from './incoming-op.ts';
import { siftVersions } from './integrity.ts';

/** An op that was applied before, pushed again, and the seq that it took then. */
export interface Resent {
  readonly incoming: Extract<IncomingOp, { readonly type: 'valid' }>;
  readonly seq: number;
}

/**
 * Ops pushed again carry what was stored under their ids: where the disk has lost that, it is put back. A body that was
 * erased on purpose (an old version, a deleted entity) stays erased: only a current version is known to need its body.
 */
export async function repairVersions(
  writer: StorageWriter,
  accountId: AccountId,
  deviceId: DeviceId,
  resent: readonly Resent[],
  headOf: (op: Resent['incoming']['op']) => Head | undefined,
): Promise<void> {
  if (resent.length === 0) return;
  const stored = await writer.versionsAt(
    accountId,
    resent.map(({ seq }) => seq),
  );
  const bySeq = new Map(stored.map((version) => [version.seq, version]));
  const damaged = new Set(siftVersions(resent, stored).damaged);
  for (const { incoming, seq } of resent) {
    const { op, bytes } = incoming;
    const version = bySeq.get(seq);
    const isErased = version?.body === null && headOf(op)?.version !== op.opId;
    if (!damaged.has(seq) || isErased) continue;
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
